import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../../../src/secret/secret.js';
import { startStandIn, type StandIn } from '../../../src/stand-in/server.js';
import { complete, csvOf, writeCsv } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program, shell, bin } from '../../support/program.js';

const { username, password } = complete({}, 0);
let platform: StandIn;
beforeAll(async () => {
  platform = await startStandIn({
    devices: [{ username, password: new Secret(password) }],
    behaviour: 'gateway',
  });
});
afterAll(() => platform.close());

/** Command lines for which one file is named, in a folder with credentials and a collection. */
const commandLines: Readonly<Record<string, (file: string) => readonly string[]>> = {
  DEVICES: (file) => ['check', file],
  '--identity': (file) => ['check', 'devices.csv', '--identity', file],
  '--to': (file) => ['share', 'devices.csv', '--to', file],
  '--collection': (file) => ['run', 'devices.csv', '--collection', file],
  '--environment': (file) => ['run', 'devices.csv', '--collection', 'c.json', '--environment', file],
  '--payload': (file) => ['run', 'devices.csv', '--message-type', 'climate', '--payload', `@${file}`],
  '--ca': (file) => ['token', 'devices.csv', '--ca', file],
  '--cert': (file) => ['token', 'devices.csv', '--cert', file, '--key', file],
  '--config': (file) => ['check', 'devices.csv', '--config', file],
  '--openapi': (file) => ['generate', 'devices.csv', '--openapi', file],
};

const collection = {
  info: { name: 'own', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  item: [{ name: 'a', request: 'http://127.0.0.1/' }],
};

async function refusal(option: string, file: string, content?: string | Buffer): Promise<string> {
  return inTemporaryFolder(async (folder) => {
    await writeCsv(folder, [{}]);
    await writeFile(join(folder, 'c.json'), JSON.stringify(collection));
    if (content !== undefined) await writeFile(join(folder, file), content);
    const { status, stdout, stderr } = await program(commandLines[option]?.(file) ?? [], { cwd: folder });
    expect(status).toBe(2);
    expect(stdout + stderr).not.toMatch(/canary|defect|undefined/);
    return stderr;
  });
}

describe('a file without an end, whatever option names it, is refused by its kind:', () => {
  test.each(Object.keys(commandLines))('%s', async (option) => {
    expect(await refusal(option, '/dev/zero')).toContain('is a device, not a regular file');
  });
});

describe('a text in Windows-1252, whatever option names it, is refused and never sent mangled:', () => {
  test.each(Object.keys(commandLines))('%s', async (option) => {
    const content = Buffer.from(`{"name":"Gerät canary"}\n`, 'latin1');
    expect(await refusal(option, 'given', content)).toMatch(
      /not valid UTF-8 or UTF-16|neither valid UTF-8 nor UTF-16/,
    );
  });
});

test('what a terminal made of Windows-1252 is no payload', async () => {
  const { status, stderr } = await shell(
    `exec "$0" "$1" run - --message-type climate --payload "$(printf '{"a":"\\344"}')"`,
    [process.execPath, bin],
    { input: csvOf([{}]) },
  );
  expect(stderr).toContain('--payload is not valid UTF-8');
  expect(status).toBe(2);
});

test('a passphrase in Windows-1252 is refused: no other program could decrypt what it encrypts', () =>
  inTemporaryFolder(async (folder) => {
    await writeCsv(folder, [{}]);
    const { status, stderr } = await shell(
      `BIOTZ_AGE_PASSPHRASE="$(printf 'g\\344nse')" exec "$0" "$1" share devices.csv --passphrase`,
      [process.execPath, bin],
      { cwd: folder },
    );
    expect(stderr).toContain('BIOTZ_AGE_PASSPHRASE is not valid UTF-8 text');
    expect(status).toBe(2);
  }));

/** As Windows PowerShell writes a text. */
const inUtf16 = (text: string) => Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le');
const marked = (text: string) => Buffer.from(`\ufeff${text}`);

test.each([
  ['UTF-16', inUtf16],
  ['UTF-8 with a byte order mark', marked],
])('collections, environments, config files and credentials files may be in %s', (_, encode) =>
  inTemporaryFolder(async (folder) => {
    const source = await writeCsv(folder, [{}]);
    const to = ['--token-url', platform.tokenUrl, '--ingestion-url', platform.ingestionUrl];
    const run = (...args: readonly string[]) => program(args, { cwd: folder });
    expect((await run('generate', source, '--message-type', 'climate', ...to)).status).toBe(0);
    const encoded = async (from: string, name: string) =>
      writeFile(join(folder, name), encode(await readFile(join(folder, from), 'utf8')));
    await encoded('generated/biotz.postman_collection.json', 'c.json');
    await encoded('generated/biotz.shared.postman_environment.json', 'e.json');
    await encoded('devices.csv', 'd.csv');
    await writeFile(join(folder, 'biotz-postman.config.json'), encode('{\n  "quiet": true\n}\n'));
    const own = await run('run', 'd.csv', '--collection', 'c.json', '--environment', 'e.json');
    expect(own.stderr).not.toContain('error');
    expect(own.status).toBe(0);
    await writeFile(join(folder, 'message.json'), encode('{\n"temp": 25.6\n}'));
    const message = ['--message-type', 'climate', '--payload', '@message.json'];
    expect((await run('run', 'd.csv', ...to, ...message)).status).toBe(0);
  }),
);

test('recipients, identities and armour may be in UTF-16, and a binary file that PowerShell redirected is named', () =>
  inTemporaryFolder(async (folder) => {
    const run = (...args: readonly string[]) => program(args, { cwd: folder });
    await writeCsv(folder, [{}]);
    const keygen = await run('share', 'keygen', '--out', 'plain.key');
    await writeFile(join(folder, 'team.txt'), inUtf16(`# team\n${keygen.stdout}`));
    await writeFile(join(folder, 'mine.key'), inUtf16(await readFile(join(folder, 'plain.key'), 'utf8')));
    expect((await run('share', 'devices.csv', '--to', 'team.txt', '--armor')).status).toBe(0);
    const armor = await readFile(join(folder, 'devices.csv.age'), 'utf8');
    await writeFile(join(folder, 'armored.age'), inUtf16(armor));
    expect((await run('check', 'armored.age', '--identity', 'mine.key')).status).toBe(0);
    await run('share', 'devices.csv', '--to', 'team.txt', '--force');
    const binary = await readFile(join(folder, 'devices.csv.age'));
    await writeFile(join(folder, 'binary.age'), inUtf16(binary.toString()));
    const { status, stderr } = await run('check', 'binary.age', '--identity', 'mine.key');
    expect(stderr).toMatch(/saved as text.*--armor.*\[age-re-encoded\]/s);
    expect(status).toBe(2);
  }));

test("the shell's <(…) can name a file of every option", () =>
  inTemporaryFolder(async (folder) => {
    await writeCsv(folder, [{}]);
    const { status, stderr } = await shell(
      `exec bash -c 'exec "$0" "$1" run <(cat devices.csv) --config <(echo "{}") --message-type climate --payload @<(echo "{}") "\${@:2}"' "$@"`,
      [
        'sh',
        process.execPath,
        bin,
        '--token-url',
        platform.tokenUrl,
        '--ingestion-url',
        platform.ingestionUrl,
      ],
      { cwd: folder },
    );
    expect(stderr).not.toContain('error');
    expect(status).toBe(0);
  }));
