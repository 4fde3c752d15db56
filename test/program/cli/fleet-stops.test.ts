import { describe, expect, test } from '@jest/globals';
import { many, reportIn, rowsOf, runFleet, withServer } from './run-fleet.js';

describe('a run stops early', () => {
  test('with status 1 when the first devices are all refused alike', () =>
    withServer(async ({ folder, server }) => {
      const { status, stdout } = await runFleet({ folder, server, rows: rowsOf(...many(200, 'wrong')) });
      expect(status).toBe(1);
      expect(stdout).toContain('[refused-alike]');
      const { counts } = await reportIn(folder);
      expect(counts['attempted']).toBeLessThan(60);
      expect(counts['attempted']).toBe(server.usernames.length);
      expect(Number(counts['attempted']) + Number(counts['notAttempted'])).toBe(200);
    }));

  test('with status 3 when the server is gone', () =>
    withServer(async ({ folder, server }) => {
      const rows = rowsOf(...many(200, 'ok'));
      const gone = { ...server, tokenUrl: 'http://127.0.0.1:9/token' };
      const { status, stdout } = await runFleet({ folder, server: gone, rows, args: ['--retries', '1'] });
      expect(status).toBe(3);
      expect(stdout).toContain('[server-gone]');
      expect((await reportIn(folder)).counts['notAttempted']).toBeGreaterThan(100);
    }));

  test.each([
    ['--bail', ['--bail'], 1],
    ['--max-failures', ['--max-failures', '3'], 3],
    ['a percentage of failures', ['--max-failures', '10%'], 4],
  ])('with status 1 for %s', (_option, args, failures) =>
    withServer(async ({ folder, server }) => {
      const rows = rowsOf('ok', ...Array.from({ length: 39 }, (_, index) => (index % 2 ? 'ok' : 'wrong')));
      const { status } = await runFleet({ folder, server, rows, args: [...args, '--concurrency', '1'] });
      expect(status).toBe(1);
      expect((await reportIn(folder)).counts['failed']).toBe(failures);
    }),
  );
});
