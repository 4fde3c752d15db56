import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { complete, writeCsv } from '../cli/fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

const api = fileURLToPath(new URL('../../fixtures/openapi/developer.yaml', import.meta.url));

/** What `generate` is asked for, by what is special about it. */
export const variants: readonly (readonly [what: string, args: readonly string[]])[] = [
  ['by default', []],
  ['urlencoded', ['--body', 'urlencoded']],
  ['with Basic', ['--client-auth', 'basic', '--client-id', 'some client']],
  ['with a message type', ['--message-type', 'climate']],
  ['with references to a vault', ['--secrets', 'vault']],
  ['with an API', ['--openapi', api, '--user']],
];

/** The device that the private environment is for. */
export const pump = complete({ name: 'pump' }, 0);

interface Variable {
  readonly key: string;
  readonly value: string;
  readonly type: string;
}

export interface Generated {
  /** The texts of the files that the built program wrote. */
  readonly collection: string;
  readonly environments: readonly string[];
}

export function generated(args: readonly string[]): Promise<Generated> {
  return inTemporaryFolder(async (folder) => {
    const out = join(folder, 'out');
    const devices = await writeCsv(folder, [{ name: 'pump' }]);
    const { status, stderr } = await program(['generate', devices, '--out', out, ...args]);
    if (status !== 0) throw new Error(stderr);
    const read = (name: string) => readFile(join(out, name), 'utf8');
    const names = ['biotz.shared', 'private/pump', ...(args.includes('--user') ? ['biotz.user'] : [])];
    return {
      collection: await read('biotz.postman_collection.json'),
      environments: await Promise.all(names.map((name) => read(`${name}.postman_environment.json`))),
    };
  });
}

/** The variables of an environment's text. */
export const variablesOf = (environment: string) =>
  (JSON.parse(environment) as { values: readonly Variable[] }).values;

/** The guide's five fields. */
export const tokenFields = [
  ['username', '{{username}}'],
  ['password', '{{password}}'],
  ['grant_type', 'password'],
  ['client_id', '{{client_id}}'],
  ['scope', '{{scope}}'],
];

export const publishUrl = '{{ingestion_url}}/api/device/publish/data/{{message_type}}';
export const publishBody = { hum: 20.5, temp: 25.6 };

/** Method, address, and whether the id_token goes along, of the API's requests by their names. */
export const apiRequests = {
  'Create a device': ['POST', '{{api_url}}/devices', true],
  'Read a device': ['GET', '{{api_url}}/devices/{{device_id}}?fields=<string>', true],
  'DELETE /devices/{deviceId}': ['DELETE', '{{api_url}}/devices/{{device_id}}', true],
  readStatus: ['GET', '{{api_url}}/status', false],
};
