import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

/**
 * Reads 300 devices in a process of its own, and then searches its heap for their passwords while everything that the pass
 * gave out is still held. The file's own bytes are outside the heap.
 */
const program = `
  import { queryObjects, getHeapSnapshot } from 'node:v8';
  import { openCredentials, streamDevices, validateDevices } from './dist/index.js';
  import { Secret } from './dist/secret/secret.js';

  const row = (n) => 'Yes,Sensor ' + n + ',,id-' + n + ',,id-' + n + '@example.org,pw' + n + 'canary,org\\n';
  const header = 'Created,Name,Customer ID,Device ID,MQTT Username,HTTP Username,Password,Organization ID\\n';
  const stream = (async function* () {
    yield Buffer.from(header);
    for (let n = 1000; n < 1300; n++) yield Buffer.from(row(n));
  })();
  const file = await openCredentials({ stream, name: 'devices.csv' });
  const taken = [];
  if (process.argv[1] === 'validate') {
    await validateDevices(file, { onIds: (ids) => taken.push(ids) });
  } else {
    for await (const devices of streamDevices(file)) taken.push(...devices);
  }
  const secrets = queryObjects(Secret, { format: 'count' });
  let heap = '';
  for await (const chunk of getHeapSnapshot()) heap += chunk.toString('latin1');
  const passwords = new Set(heap.match(/pw1\\d{3}canary/g));
  console.log(JSON.stringify({ devices: taken.length, secrets, passwords: passwords.size }));
`;

async function heapAfter(pass: 'validate' | 'stream') {
  const args = ['--input-type=module', '--eval', program, pass];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as { devices: number; secrets: number; passwords: number };
}

test('the pass that validates a file takes the ids of its devices and holds no password', async () => {
  const { devices, secrets, passwords } = await heapAfter('validate');
  expect({ devices, secrets }).toEqual({ devices: 300, secrets: 0 });
  // The CSV parser may still hold the rows of its last chunk.
  expect(passwords).toBeLessThan(10);
}, 60_000);

test('the same search finds every password after a pass that gives out devices', async () => {
  expect(await heapAfter('stream')).toEqual({ devices: 300, secrets: 300, passwords: 300 });
}, 60_000);
