import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { collectionOf, devicesOf, runAll, verdicts } from './fleet.js';
import { startTokenServer } from '../../unit/newman/token-server.js';
import type { TokenServer } from '../../unit/newman/token-server.js';

let server: TokenServer;
beforeAll(async () => {
  server = await startTokenServer();
});
afterAll(() => server.close());

/** A request that a script of a folder skips, so that many of them take little time. */
const skipped = (name: string, then = '') => ({
  name,
  request: { url: server.origin },
  prerequest: `${then}; pm.execution.skipRequest();`,
});

describe('a collection may send as many requests as it wants', () => {
  test('in a row', async () => {
    const request = { url: `${server.origin}/` };
    const names = Array.from({ length: 120 }, (_, index) => `request ${index}`);
    const items = collectionOf(...names.map((name) => ({ name, request }))).item;
    const { info } = collectionOf();
    const collection = { info, item: [{ name: 'folder', item: items.slice(0, 110) }, ...items.slice(110)] };
    const [result] = await runAll(server, devicesOf('ok'), { collection });
    expect(result).toMatchObject({ status: 'passed' });
    expect(result?.requests).toHaveLength(120);
  });

  test.each([
    [
      'counted in a variable',
      `page = Number(pm.variables.get('page') ?? 0) + 1; pm.environment.set('page', page)`,
    ],
    ['counted in a global of the sandbox', `page = typeof page === 'undefined' ? 1 : page + 1`],
  ])('page by page, %s', async (_how, count) => {
    const collection = collectionOf(
      skipped('next page', `${count}; if (page < 400) pm.execution.setNextRequest('next page')`),
      { name: 'last', request: { url: server.origin } },
    );
    expect(verdicts(await runAll(server, devicesOf('one'), { collection }))).toEqual(['passed']);
  });
});

test('a circle ends its device only, whatever else failed in it', async () => {
  const again = `pm.test('no', () => pm.expect(1).to.equal(2)); pm.execution.setNextRequest('a')`;
  const collection = collectionOf(
    skipped('a'),
    skipped('b', `if (pm.iterationData.get('username') === 'second') { ${again} }`),
    { name: 'last', request: { url: server.origin } },
  );
  const results = await runAll(server, devicesOf('first', 'second', 'third'), { collection, concurrency: 8 });
  expect(verdicts(results)).toEqual(['passed', 'request-loop', 'passed']);
});
