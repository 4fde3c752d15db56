import { describe, expect, test } from '@jest/globals';
import { refuseUnsafeEnvironment } from '../../src/cli/unsafe-environment.js';

const refusal = (environment: NodeJS.ProcessEnv) => {
  try {
    refuseUnsafeEnvironment(environment, false);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('under NODE_DEBUG', () => {
  // The first row printed a password, a token or a proxy's password in a run on Node 20.20.
  test.each([
    ...['http', 'https', 'stream', 'request', 'net'],
    ...['http2', 'tls', 'undici', 'fetch', 'tunnel'],
    ...['HTTP', 'Https', 'fs,http', 'http,fs', 'fs, http', 'x-request', 'request.'],
    ...['*', 'HT*', 'h*p', 'fs,str*', '*timer'],
  ])('"%s" is refused, because it could print what is sent', (value) => {
    expect(refusal({ NODE_DEBUG: value })).toMatchObject({
      code: 'OPTION_INVALID',
      args: { option: 'NODE_DEBUG' },
    });
  });

  test.each(['', 'fs', 'module', 'esm', 'timer', 'worker,semver', 'stream_socket', 'xhttp'])(
    '"%s" is allowed, because it prints nothing of that',
    (value) => {
      expect(refusal({ NODE_DEBUG: value })).toBeUndefined();
    },
  );
});

test('an environment without any of these variables is allowed', () => {
  expect(refusal({ DEBUG: '*', NODE_OPTIONS: '--inspect' })).toBeUndefined();
});
