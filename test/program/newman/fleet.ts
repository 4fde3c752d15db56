import type { Device, DeviceResult, Profile, RunOptions } from 'biotz-postman';
import { biotzProfile, createCollection, runDevices, Secret } from 'biotz-postman';
import type { TokenServer } from '../../unit/newman/token-server.js';

/** Looks like variables, and like everything that an encoding has to treat with care. */
export const password = 'pa{{client_id}}ss {{$guid}} &=+%"<é';

export function devicesOf(...usernames: string[]): Device[] {
  return usernames.map((username, index) => ({
    deviceId: `id-${index}`,
    name: `device ${index}`,
    username,
    password: new Secret(password),
    line: index + 2,
    otherColumns: {},
  }));
}

export const profileOf = (tokenUrl: string): Profile => ({ ...biotzProfile, tokenUrl });

/** The results in the devices' order, whichever was finished first; nothing is tried again unless asked for. */
export async function runAll(
  { tokenUrl }: Pick<TokenServer, 'tokenUrl'>,
  devices: readonly Device[],
  options: RunOptions = {},
): Promise<DeviceResult[]> {
  const results: DeviceResult[] = [];
  for await (const result of runDevices(devices, { profile: profileOf(tokenUrl), retries: 0, ...options }))
    results.push(result);
  return results.toSorted((a, b) => a.line - b.line);
}

/** `passed`, or why not. */
export const verdicts = (results: readonly DeviceResult[]) =>
  results.map((result) => (result.status === 'passed' ? 'passed' : result.reason));

/** The generated collection with a test script of one's own after the token request's. */
export async function collectionWith(script: string): Promise<object> {
  const collection = await createCollection(biotzProfile, { switches: 'fixed' });
  const [getToken, ...rest] = structuredClone(collection.item) as unknown as { event: object[] }[];
  if (getToken === undefined) throw new Error('the generated collection has no request');
  getToken.event.push({ listen: 'test', script: { type: 'text/javascript', exec: [script] } });
  return { ...collection, item: [getToken, ...rest] };
}

/** With {@link collectionWith}, which has `Publish data` as well. */
export const onlyToken = { requests: ['Get token'] };

interface OwnRequest {
  readonly name: string;
  readonly request: object;
  readonly prerequest?: string;
  readonly test?: string;
}

/** A collection of one's own. */
export function collectionOf(...requests: readonly OwnRequest[]) {
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  const event = (listen: string, code: string | undefined) =>
    code === undefined ? [] : [{ listen, script: { exec: [code] } }];
  const item = requests.map(({ name, request, prerequest, test }) => ({
    name,
    request,
    event: [...event('prerequest', prerequest), ...event('test', test)],
  }));
  return { info: { name: 'own', schema }, item };
}
