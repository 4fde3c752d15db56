import { describe, expect, test } from '@jest/globals';
import { isLoopback, requireNoUser, requireSafeUrl } from '../../../src/platform/urls.js';

test.each([
  ['localhost', true],
  ['LOCALHOST', true],
  ['auth.localhost', false],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['[::1]', true],
  ['::1', true],
  ['128.0.0.1', false],
  ['127.evil.example', false],
  ['localhost.evil.example', false],
  ['0.0.0.0', false],
  ['10.0.0.1', false],
  ['[::ffff:10.0.0.1]', false],
])('%s is loopback: %p', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});

describe('an address for credentials', () => {
  test.each(['https://auth.example.org/token', 'http://127.0.0.1:8080/token', 'http://[::1]/token'])(
    'may be %s',
    (url) => {
      expect(() => requireSafeUrl('--token-url', url, false)).not.toThrow();
    },
  );

  test.each([
    ['http://auth.example.org/token', 'URL_INSECURE'],
    ['auth.example.org', 'URL_INVALID'],
    ['ftp://127.0.0.1/', 'URL_INVALID'],
    ['', 'URL_INVALID'],
  ])('may not be "%s"', (url, code) => {
    expect(() => requireSafeUrl('--token-url', url, false)).toThrow(expect.objectContaining({ code }));
  });

  test('may be plain http where that was accepted', () => {
    expect(() => requireSafeUrl('--token-url', 'http://auth.example.org/token', true)).not.toThrow();
  });

  test.each(['https://user@a.example/', 'https://:canary@a.example/', 'http://u:canary@127.0.0.1/'])(
    'is refused with a user in it: %s',
    (url) => {
      expect(() => requireNoUser('--token-url', url)).toThrow(
        expect.objectContaining({ code: 'OPTION_INVALID', message: expect.not.stringContaining('canary') }),
      );
    },
  );

  test('is not repeated with the credentials in it', () => {
    expect(() => requireSafeUrl('--token-url', 'http://user:canary@auth.example.org/', false)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('canary') }),
    );
  });
});
