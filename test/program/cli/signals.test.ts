import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { csvOf, writeCsv } from './fleet.js';
import { whereInstalled } from './installed.js';
import { filesBelow, inTemporaryFolder } from '../../support/folder.js';
import { spawnProgram as program } from '../../support/program.js';
import { many, reportIn, rowsOf, runFleet, withServer } from './run-fleet.js';
import { programOnTerminal, terminalProgram } from './terminal-session.js';

const statuses = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
] as const;

test.each(statuses)(
  '%s ends a run in an orderly way, with its reports and status %i',
  (interruptBy, wanted) =>
    withServer(async ({ folder, server }) => {
      const rows = rowsOf(...many(120, 'ok'));
      const interruptAfter = server.reached(5);
      const { status, stderr } = await runFleet({
        folder,
        server,
        rows,
        args: ['--concurrency', '2'],
        interruptAfter,
        interruptBy,
      });
      expect(status).toBe(wanted);
      expect(stderr).toContain('Interrupted.');
      const { counts, end } = await reportIn(folder);
      expect(end).toBe('interrupted');
      expect(counts['attempted']).toBe(server.usernames.length);
    }),
);

test.each([
  ['run', ['run', '-']],
  ['token', ['token', '-', '--all', '--no-verify']],
])('%s that was interrupted says so, even if a report cannot be written', (_command, command) =>
  withServer(async ({ folder, server }) => {
    await mkdir(join(folder, 'biotz-report/report.json'), { recursive: true });
    const args = [...command, '--token-url', server.tokenUrl, '--reporters', 'json', '--concurrency', '4'];
    const { status, stderr } = await program(args, {
      cwd: folder,
      input: csvOf(rowsOf(...many(1000, 'ok'))),
      interruptAfter: server.reached(5),
      interruptBy: 'SIGTERM',
    });
    expect(stderr).toContain('[OUTPUT_NOT_WRITTEN]');
    expect(status).toBe(143);
  }),
);

test('the last of three signals leaves no lock and no temporary file of tokens', () =>
  withServer(async ({ folder, server }) => {
    await writeCsv(folder, rowsOf(...many(3, 'ok'), 'silent'));
    const args = ['token', 'devices.csv', '--all', '--no-verify', '--out', 'tokens.json'];
    let isSent = false;
    const { status } = await program(
      [...args, '--token-url', server.tokenUrl, '--timeout-request', '600000'],
      {
        cwd: folder,
        interruptAfter: server.reached(4),
        onNote: (text, send) => {
          if (isSent || !text.includes('Interrupted.')) return;
          isSent = true;
          send('SIGTERM');
          send('SIGHUP');
        },
      },
    );
    expect(status).toBe(130);
    expect((await readdir(folder)).toSorted()).toEqual(['biotz-report', 'devices.csv']);
    expect(Object.keys(await filesBelow(join(folder, 'biotz-report')))).toEqual(['journal.ndjson']);
  }));

test.each(statuses)('%s ends a demo with status %i, and nothing is left of its files', (signal, wanted) =>
  inTemporaryFolder(async (folder) => {
    let isSent = false;
    const { status } = await program(['demo', '--devices', '5000'], {
      env: { TMPDIR: folder },
      onNote: (text, send) => {
        if (isSent || !text.includes('Their credentials file')) return;
        isSent = true;
        send(signal);
      },
    });
    expect(status).toBe(wanted);
    expect(await readdir(folder)).toEqual([]);
  }),
);

const questions = [
  [
    'a password',
    ['token', '--username', 'u', '--token-url', 'http://127.0.0.1:9/realms/x/protocol/openid-connect/token'],
    'Password of u:',
  ],
  ['a new passphrase', ['share', 'devices.csv', '--passphrase'], 'Passphrase to encrypt with:'],
  ['whether to write', ['init'], 'Write'],
] as const;

describe.each(whereInstalled([terminalProgram], 'questions at a terminal'))('on a terminal', () => {
  test.each(questions)('Ctrl-C at the question for %s ends with status 130', (_what, args, question) =>
    inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'devices.csv'), csvOf([{}]), { mode: 0o600 });
      const { status, shown } = await programOnTerminal(args, [[question, '\u0003']], { cwd: folder });
      expect(shown).not.toContain('error');
      expect(status).toBe(130);
      expect(await readdir(folder)).toEqual(['devices.csv']);
    }),
  );
});
