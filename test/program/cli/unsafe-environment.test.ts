import { describe, expect, test } from '@jest/globals';
import { refuseUnsafeEnvironment } from '../../../src/cli/options/unsafe-environment.js';
import { node } from '../../support/program.js';

const refusal = (environment: NodeJS.ProcessEnv) => {
  try {
    refuseUnsafeEnvironment(environment, false);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('under NODE_DEBUG', () => {
  const refused = { code: 'OPTION_INVALID', args: { option: 'NODE_DEBUG' } };

  test.each(['http', 'https', 'stream', 'request', 'net'])(
    '"%s" is refused, which printed a password or a token in a run on Node 20.20',
    (value) => {
      expect(refusal({ NODE_DEBUG: value })).toMatchObject(refused);
    },
  );

  test.each(['http2', 'tls', 'undici', 'fetch', 'tunnel'])(
    '"%s" is refused, because it is told of what is sent',
    (value) => {
      expect(refusal({ NODE_DEBUG: value })).toMatchObject(refused);
    },
  );

  test.each(['HTTP', 'Https', 'fs,http', 'http,fs', 'x-request', 'request.', '*', 'HT*', 'h*p', 'fs,str*'])(
    '"%s" is refused, because Node or a library takes it for one of these',
    (value) => {
      expect(refusal({ NODE_DEBUG: value })).toMatchObject(refused);
    },
  );

  test.each(['', 'fs', 'module', 'esm', 'timer', 'worker,semver', 'stream_socket', 'xhttp'])(
    '"%s" is allowed, because it prints nothing of that',
    (value) => {
      expect(refusal({ NODE_DEBUG: value })).toBeUndefined();
    },
  );
});

describe('in NODE_OPTIONS', () => {
  const refused = { code: 'OPTION_INVALID', args: { option: 'NODE_OPTIONS' } };

  test.each([
    '--inspect',
    '--inspect=0.0.0.0:9229',
    '--inspect-brk',
    '--inspect_brk',
    '--inspect-wait',
    '--heapsnapshot-signal=SIGUSR2',
    '--heapsnapshot_signal=SIGUSR2',
    '--heapsnapshot-near-heap-limit=1',
    '--abort-on-uncaught-exception',
    '--abort_on_uncaught_exception',
    '--report-on-signal',
    '--report-on-fatalerror',
    '--report-uncaught-exception',
    '--tls-keylog=/tmp/keys',
    '--tls-"keylog=/tmp/a b"',
    '--trace-event-categories node.http',
    '--max-old-space-size=300 "--inspect"',
  ])('%s is refused, because it shows what only the program may know', (value) => {
    expect(refusal({ NODE_OPTIONS: value })).toMatchObject(refused);
  });

  test.each([
    '',
    '--max-old-space-size=4096',
    '--enable-source-maps --no-warnings',
    '--require ./agent.js',
    '--inspect-port=0',
    '--report-dir=/tmp --report-compact',
  ])('"%s" is allowed: it shows nothing, or runs code, which is not defended against', (value) => {
    expect(refusal({ NODE_OPTIONS: value })).toBeUndefined();
  });

  const openDebugger = 'process.exit(require("node:inspector").url() === undefined ? 0 : 9)';
  test.each([
    ['--inspect=0', 9],
    ['--ins"pect"=0', 9],
    ['"--ins"pect"=0"', 9],
    ['"--ins\\pect=0"', 9],
    ['--title="a \\" b" --inspect=0', 9],
    ['--title="a\\\\" --inspect=0', 9],
    [' "" --inspect=0', 9],
    ['--no-inspect --inspect=0', 9],
    ['"--title=\n" "--inspect"', 9],
    ['--title=--inspect=0', 0],
    ['--title="a --inspect=0"', 0],
    ['"--title= --inspect=0"', 0],
    ['--no-inspect', 0],
    ['__inspect=0', 0],
    ['\t--inspect=0', 0],
  ])('%j is read as Node itself reads it', async (value, status) => {
    const env = { NODE_OPTIONS: value };
    expect(await node(['-e', openDebugger], { env })).toMatchObject({ status });
    expect(refusal(env) !== undefined).toBe(status === 9);
  });
});

test('an environment without any of these variables is allowed', () => {
  expect(refusal({ DEBUG: '*', SSLKEYLOGFILE: '/tmp/keys' })).toBeUndefined();
});
