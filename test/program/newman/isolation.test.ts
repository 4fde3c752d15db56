import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCollection } from 'biotz-postman';
import { ownScripts } from '../../../src/postman/fill-script.js';
import { collectionOf, collectionWith, devicesOf, onlyToken, runAll, verdicts } from './fleet.js';
import { startTokenServer } from '../../unit/newman/token-server.js';
import type { TokenServer } from '../../unit/newman/token-server.js';

let server: TokenServer;
beforeAll(async () => {
  server = await startTokenServer();
});
afterAll(() => server.close());

const oneByOne = { concurrency: 1 };

describe('what a script leaves in the sandbox', () => {
  /** How a mark is read, and how it is left. */
  const leaks = [
    [`typeof mark === 'undefined' || mark`, `mark = 'mark'`],
    [`Function('return this')().global`, `Function('return this')().global = 'mark'`],
    [`this.hidden`, `Object.defineProperty(this, 'hidden', { value: 'mark' })`],
    [`JSON.stringify.name`, `JSON.stringify = function mark() { return '{}'; }`],
    [`[].mark`, `Array.prototype.mark = 'mark'`],
    [`({}).got`, `Object.defineProperty(Object.prototype, 'got', { get: () => 'mark', configurable: true })`],
    [`Math[Symbol.for('x')]`, `Object.defineProperty(Math, Symbol.for('x'), { value: 'mark' })`],
    [`RegExp.input`, `/./.exec('mark')`],
    [`pm.expect.mark`, `pm.expect.mark = 'mark'`],
    [`require('chai').config.mark`, `require('chai').config.mark = 'mark'`],
    [`require('lodash').mark`, `require('lodash').mixin({ mark: () => 'mark' })`],
    [`require('moment').locales()`, `require('moment').defineLocale('mark', {})`],
    [`tv4.getSchema('x')?.title`, `tv4.addSchema('x', { title: 'mark' })`],
    [`cheerio.prototype.mark`, `cheerio.prototype.mark = 'mark'`],
    [`require('xml2js').mark`, `require('xml2js').mark = 'mark'`],
    [`CryptoJS.mark`, `CryptoJS.mark = 'mark'`],
    [`pm.request.constructor.mark`, `pm.request.constructor.mark = 'mark'`],
    [`Buffer.mark`, `Buffer.mark = 'mark'`],
  ] as const;
  const isThere = ([read]: readonly [string, string]) => `String(${read}).includes('mark')`;

  test('does not exist for the next device, whatever it is', async () => {
    const found = leaks.map((leak) => `[${JSON.stringify(leak[0])}, ${isThere(leak)}]`).join(',\n');
    const collection = await collectionWith(`
      const found = [${found}].filter(([, there]) => there).map(([read]) => read);
      pm.test('nothing is left', () => pm.expect(found.join()).to.equal(''));
      ${leaks.map(([, leave]) => leave).join(';\n')};
      pm.test('all of it can be left', () => {
        ${leaks.map((leak) => `if (!${isThere(leak)}) throw new Error(${JSON.stringify(leak[0])});`).join('\n')}
      });`);
    const devices = devicesOf('ok1', 'ok2', 'wrong', 'ok3');
    const results = await runAll(server, devices, { collection, ...onlyToken, ...oneByOne });
    expect(verdicts(results)).toEqual(['passed', 'passed', 'invalid-user-credentials', 'passed']);
  });

  test('is there for the same device’s next request', async () => {
    const url = `${server.origin}/`;
    const collection = collectionOf(
      { name: 'first', request: { url }, test: `token ??= pm.iterationData.get('username')` },
      {
        name: 'second',
        request: { url },
        test: `pm.test('same', () => pm.expect(token).to.equal(pm.iterationData.get('username')))`,
      },
    );
    const first = collection.item[0];
    if (first !== undefined)
      first.event.unshift({ listen: 'prerequest', script: { exec: [`token = undefined`] } });
    const results = await runAll(server, devicesOf('a', 'b', 'c'), { collection, ...oneByOne });
    expect(verdicts(results)).toEqual(['passed', 'passed', 'passed']);
  });

  test('does not let a device publish with the token of the one before', async () => {
    const own = await startTokenServer();
    const login = {
      method: 'POST',
      url: own.tokenUrl,
      body: { mode: 'urlencoded', urlencoded: [{ key: 'username', value: '{{username}}' }] },
    };
    const collection = collectionOf(
      {
        name: 'login',
        request: login,
        test: `if (pm.response.code === 200) token = pm.response.json().id_token`,
      },
      {
        name: 'publish',
        request: { method: 'POST', url: `${own.origin}/publish` },
        prerequest: `pm.request.headers.add({ key: 'Authorization', value: 'Bearer ' + token })`,
        test: `pm.test('sent', () => pm.expect(pm.request.headers.has('Authorization')).to.be.true)`,
      },
    );
    try {
      const results = await runAll(own, devicesOf('ok', 'wrong'), { collection, ...oneByOne });
      expect(verdicts(results)).toEqual(['passed', 'script-failed']);
    } finally {
      await own.close();
    }
  });
});

test('the scripts of generated collections are known as the package’s own, which may share a sandbox', async () => {
  const own = await ownScripts();
  const { item } = await createCollection();
  const scripts = item.flatMap(({ event }) => event?.map(({ script }) => script.exec.join('\n')) ?? []);
  expect(scripts).toHaveLength(4);
  expect(scripts.filter((script) => !own.has(script))).toEqual([]);
});
