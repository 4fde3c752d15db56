import { expect, test } from '@jest/globals';
import { checkName, firstHop } from '../../../src/doctor/check-name.js';
import { told } from './fixture.js';

const hop = { host: 'auth.example.org', port: 443, isProxy: false };
const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const never = () => new Promise<never>(() => undefined);

test('a name has addresses', async () => {
  const { addresses, findings } = await checkName(hop, async () => ['192.0.2.1', '2001:db8::1'], 1000);
  expect(addresses).toEqual(['192.0.2.1', '2001:db8::1']);
  expect(findings).toMatchObject([{ status: 'pass', code: 'name-found', args: { addresses: 2 } }]);
});

test('an address is not looked up', async () => {
  const { addresses, findings } = await checkName({ ...hop, host: '::1' }, failing('never asked'), 1000);
  expect(addresses).toEqual(['::1']);
  expect(told(findings)).toEqual(['name pass name-not-needed']);
});

test.each([
  ['that does not exist', hop, failing('ENOTFOUND'), 'host-not-found'],
  ['of a proxy that does not exist', { ...hop, isProxy: true }, failing('ENOTFOUND'), 'proxy-failed'],
  ['for which no name server answers', hop, failing('EAI_AGAIN'), 'resolver-failed'],
  ['for which no server answers at all', hop, never, 'resolver-failed'],
])('a name %s', async (_what, asked, resolve, code) => {
  const { addresses, findings } = await checkName(asked, resolve, 50);
  expect(addresses).toEqual([]);
  expect(told(findings)).toEqual([`name failure ${code}`]);
});

test.each([
  ['https://auth.example.org/token', undefined, { host: 'auth.example.org', port: 443, isProxy: false }],
  ['http://[::1]/token', undefined, { host: '::1', port: 80, isProxy: false }],
  ['https://auth.example.org/', 'http://proxy:3128', { host: 'proxy', port: 3128, isProxy: true }],
])('the way to %s by %s begins at', (target, proxy, expected) => {
  expect(firstHop(new URL(target), proxy === undefined ? undefined : new URL(proxy))).toEqual(expected);
});
