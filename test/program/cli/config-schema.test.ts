import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allowedInConfigFile, configSchema } from '../../../src/cli/options/config.js';
import { writeCsv } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

const file = new URL('../../../config.schema.json', import.meta.url);
const accepts = new Ajv({ strict: true }).compile(configSchema());

/** After a change of the options' table: `UPDATE_GOLDEN=1 npm test -- test/program/cli/config-schema`. */
test('the schema that editors are given is made of the table of options', async () => {
  const made = `${JSON.stringify(configSchema(), null, 2)}\n`;
  if (process.env['UPDATE_GOLDEN']) await writeFile(file, made);
  expect(await readFile(file, 'utf8')).toBe(made);
});

test('it has every option that a config file may set, and no other', () => {
  const { properties } = configSchema() as { properties: Record<string, { description?: string }> };
  expect(Object.keys(properties).toSorted()).toEqual(['$schema', ...allowedInConfigFile].toSorted());
  for (const key of allowedInConfigFile) expect(properties[key]?.description).toMatch(/^\w.*: /);
});

/** The schema and the program have to be of one mind. */
test.each<[object, boolean]>([
  [{ $schema: './node_modules/biotz-postman/config.schema.json' }, true],
  [{ 'client-auth': 'basic', body: 'auto', 'timeout-request': 5000, quiet: true, reporters: ['cli'] }, true],
  [{ 'client-auth': 'digest' }, false],
  [{ body: 'xml' }, false],
  [{ 'timeout-request': '5000' }, false],
  [{ concurrency: 4 }, false],
  [{ quiet: 'yes' }, false],
  [{ reporters: 'cli' }, false],
  [{ scope: 'openid profile' }, true],
  [{ scope: 'openid offline_access' }, false],
  [{ 'token-url': 'https://attacker.example/token' }, false],
  [{ timeout: 5 }, false],
])('%j is accepted by the schema as by the program: %s', (config, isGood) =>
  inTemporaryFolder(async (folder) => {
    expect(accepts(config)).toBe(isGood);
    await writeFile(join(folder, 'biotz-postman.config.json'), JSON.stringify(config));
    const devices = await writeCsv(folder, [{}]);
    // No server listens at port 9; a config file that is wrong is noticed before anything is sent.
    const args = ['run', devices, '--token-url', 'http://127.0.0.1:9/', '--retries', '0'];
    const { status } = await program(args, { cwd: folder });
    expect(status).toBe(isGood ? 3 : 2);
  }),
);
