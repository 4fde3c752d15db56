import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DeviceResult, RunOptions } from 'biotz-postman';
import { runDevices } from 'biotz-postman';
import { collectionWith, devicesOf, onlyToken, password, profileOf, runAll, verdicts } from './fleet.js';
import { startTokenServer } from '../../unit/newman/token-server.js';
import type { TokenServer } from '../../unit/newman/token-server.js';

let server: TokenServer;
beforeAll(async () => {
  server = await startTokenServer();
});
afterAll(() => server.close());

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
    const results = await runAll(server, devicesOf(...usernames), { timeoutRequestMs: 700 });
    expect(verdicts(results)).toEqual(table.flatMap(([, reason]) => [reason, 'passed']));
    expect(results.map(({ line }) => line)).toEqual(usernames.map((_, index) => index + 2));
  });

  test('are never repeated with a secret', async () => {
    const results = await runAll(server, devicesOf(...table.map(([behaviour]) => behaviour)), {
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
      expect(verdicts(await runAll(server, devicesOf('{{client_id}}', 'plain'), { profile }))).toEqual([
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
    expect(
      verdicts(await runAll(server, devicesOf('ok1', 'ok2', 'ok3'), { collection, ...onlyToken })),
    ).toEqual(['passed', 'passed', 'passed']);
  });

  test('no cookie', async () => {
    const own = await startTokenServer();
    try {
      await runAll(server, devicesOf('cookie', 'ok'), { profile: profileOf(own.tokenUrl) });
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
    expect(verdicts(await runAll(server, devicesOf('ok'), { collection, environment: { values } }))).toEqual([
      'passed',
    ]);
  });
});

test('a device called like a variable does not publish its value', async () => {
  const own = await startTokenServer();
  const profile = { ...profileOf(own.tokenUrl), ingestionUrl: own.origin };
  const publish = { messageType: 'climate', payload: '{"name":"{{device_name}}","type":"{{message_type}}"}' };
  const [device] = devicesOf('ok');
  try {
    await runAll(server, device === undefined ? [] : [{ ...device, name: '{{password}}' }], {
      profile,
      publish,
    });
    expect(own.bodies[1]).toBe('{"name":"{{password}}","type":"climate"}');
  } finally {
    await own.close();
  }
});

describe('what could go wrong is known before anything is sent', () => {
  test.each([
    ['an invalid address', { profile: profileOf('auth.example.org') }, 'URL_INVALID'],
    [
      'plain http beyond this machine',
      { profile: profileOf('http://auth.example.org/token') },
      'URL_INSECURE',
    ],
    ['an unknown request', { requests: ['Get tokens'] }, 'REQUEST_NOT_FOUND'],
    ['an invalid collection', { collection: {} }, 'COLLECTION_INVALID'],
    ['an invalid environment', { environment: {} }, 'ENVIRONMENT_INVALID'],
    [
      "a reference to Postman's vault that no device replaces",
      { environment: { values: [{ key: 'client_id', value: '{{vault:client}}' }] } },
      'ENVIRONMENT_INVALID',
    ],
    [
      'an invalid switch',
      { profile: { ...profileOf('https://x.example'), bodyMode: 'json' } },
      'ENVIRONMENT_INVALID',
    ],
    ['an invalid timeout', { timeoutRequestMs: Number.NaN }, 'OPTION_INVALID'],
    ['a timeout that no timer can wait for', { timeoutRequestMs: Infinity }, 'OPTION_INVALID'],
    ['an invalid message type', { publish: { messageType: '../x', payload: '{}' } }, 'OPTION_INVALID'],
  ] as const)('%s', async (_what, options, code) => {
    await expect(runAll(server, devicesOf('ok'), options as RunOptions)).rejects.toMatchObject({ code });
  });
});

test('a refused connection is a result', async () => {
  const [result] = await runAll(server, devicesOf('ok'), { profile: profileOf('http://127.0.0.1:9/token') });
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

test('more devices than one Newman run takes are all attempted once', async () => {
  const own = await startTokenServer();
  try {
    const count = 1200;
    const devices = devicesOf(...Array.from({ length: count }, (_, index) => `ok${index}`));
    const results = await runAll(server, devices, { profile: profileOf(own.tokenUrl), concurrency: 2 });
    expect(results.map(({ deviceId }) => deviceId)).toEqual(devices.map(({ deviceId }) => deviceId));
    expect(new Set(verdicts(results))).toEqual(new Set(['passed']));
    expect(new Set(own.usernames)).toEqual(new Set(devices.map(({ username }) => username)));
    expect(own.bodies).toHaveLength(count);
  } finally {
    await own.close();
  }
});

test('with a concurrency of one, devices are finished in their order', async () => {
  const devices = devicesOf('ok1', 'wrong', 'ok2', 'noid', 'ok3');
  const lines: number[] = [];
  for await (const { line } of runDevices(devices, { profile: profileOf(server.tokenUrl), concurrency: 1 }))
    lines.push(line);
  expect(lines).toEqual([2, 3, 4, 5, 6]);
});
