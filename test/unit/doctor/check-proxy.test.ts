import { expect, test } from '@jest/globals';
import { checkProxy } from '../../../src/doctor/check-proxy.js';

const httpsProxy = 'http://user:canary@proxy.example:3128';
const server = 'https://auth.example.org/token';

test.each([
  ['none is set', server, {}, 'pass proxy-not-used', { because: 'not-set' }],
  [
    'the server is on this machine',
    'https://127.0.0.1/',
    { httpsProxy },
    'pass proxy-not-used',
    { because: 'this-machine' },
  ],
  [
    'NO_PROXY names it',
    server,
    { httpsProxy, noProxy: 'example.org' },
    'pass proxy-not-used',
    { because: 'exempt' },
  ],
  [
    'it is plain http',
    'http://auth.example.org/',
    { httpsProxy },
    'pass proxy-not-used',
    { because: 'plain-http' },
  ],
  ['it is far away', server, { httpsProxy }, 'pass proxy-used', { proxy: 'http://proxy.example:3128' }],
])('where %s', (_what, target, variables, says, args) => {
  const { findings } = checkProxy(new URL(target), { ...variables, ignored: [] });
  expect(findings.map(({ status, code }) => `${status} ${code}`)).toEqual([says]);
  expect(findings[0]?.args).toEqual(args);
  expect(JSON.stringify(findings)).not.toContain('canary');
});

test('a proxy variable that is ignored is a warning, unless HTTPS_PROXY is set or the server is on this machine', () => {
  const ignored = ['HTTP_PROXY'];
  const codes = (target: string, proxy?: string) =>
    checkProxy(new URL(target), { httpsProxy: proxy, ignored }).findings.map(({ code }) => code);
  expect(codes(server)).toEqual(['proxy-variable-ignored']);
  expect(codes('https://localhost/')).toEqual(['proxy-not-used']);
  expect(codes(server, httpsProxy)).toEqual(['proxy-used']);
});
