import { describe, expect, test } from '@jest/globals';
import { checkClock, ClockWatch, readingOf } from '../../../src/doctor/check-clock.js';
import type { Connections } from '../../../src/http/connections.js';
import { endpoint } from '../token/fixture.js';
import { connectionsTo } from './fixture.js';

const get = (connections: Connections) =>
  connections.send({ method: 'GET', path: '/', headers: { accept: '*/*' } });

/** What a server's Date header tells. */
async function readingAt(date: string | undefined) {
  const address = await endpoint((_request, response) => {
    response.sendDate = false;
    response.writeHead(200, date === undefined ? {} : { date }).end('{}');
  });
  const watch = new ClockWatch(Date.now);
  await get(watch.watch(connectionsTo(address)));
  return watch.reading;
}

test.each([
  [0, 'pass', 'clock-agrees'],
  [30_000, 'warning', 'clock-drifts'],
  [-3_600_000, 'failure', 'clock-off'],
  [3_600_000, 'failure', 'clock-off'],
])('a Date header that is %i ms off is a %s', async (off, status, code) => {
  const found = checkClock(await readingAt(new Date(Date.now() + off).toUTCString()));
  expect(found).toMatchObject({ status, code, args: { source: 'date' } });
  const { seconds } = found.args as { seconds: number };
  expect(Math.abs(seconds - off / 1000)).toBeLessThan(3);
});

test.each([undefined, 'soon', '-5', '2026'])('a Date header "%s" is ignored', async (date) => {
  expect(checkClock(await readingAt(date))).toMatchObject({ status: 'unknown', code: 'clock-unknown' });
});

describe('of several answers', () => {
  test('the quickest answer is the most exact', async () => {
    const times = [0, 900, 1000, 1010, 2000, 2500];
    const watch = new ClockWatch(() => times.shift() ?? 0);
    const date = new Date(0).toUTCString();
    const answer = { status: 200, text: '', retryAfter: undefined, date };
    const connections = watch.watch({ send: async () => answer, close: async () => undefined });
    for (let time = 0; time < 3; time += 1) await get(connections);
    expect(watch.reading).toEqual({ aheadMs: 500 - 1005, source: 'date', tookMs: 10 });
  });

  test('an answer that never arrived is ignored', async () => {
    const watch = new ClockWatch(Date.now);
    await get(watch.watch(connectionsTo('http://127.0.0.1:9')));
    expect(watch.reading).toBeUndefined();
  });
});

test('a time in whole seconds counts as the middle of its second, half way between request and answer', () => {
  expect(readingOf('iat', 10_000, 10_400, 10_600)).toEqual({ aheadMs: 0, source: 'iat', tookMs: 200 });
});
