import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isInstalled } from './installed.js';
import { csvOf } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { spawnProgram as program } from '../../support/program.js';
import { onTerminal, terminalProgram } from './terminal-session.js';

const run = promisify(execFile);
const content = csvOf(Array.from({ length: 1000 }, () => ({})));
const passphrase = 'canary horse';

/** A folder with a credentials file, an identity of ours and one of age's own in it. */
const prepared = (
  use: (folder: string, recipients: Readonly<Record<'ours' | 'theirs', string>>) => Promise<void>,
) =>
  inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'devices.csv'), content);
    const keygen = await program(['share', 'keygen', '--out', 'ours.txt'], { cwd: folder });
    await run('age-keygen', ['-o', 'theirs.txt'], { cwd: folder });
    const theirs = await run('age-keygen', ['-y', 'theirs.txt'], { cwd: folder });
    await use(folder, { ours: keygen.stdout.trim(), theirs: theirs.stdout.trim() });
  });

const missing = ['age', 'age-keygen'].filter((command) => !isInstalled({ command }));

if (missing.length > 0) {
  test.todo(`NOT RUN, because ${missing.join(' and ')} is not on this machine: interchange with age`);
} else {
  describe('the program age', () => {
    test.each([false, true])('reads what share writes, for several recipients; armour: %j', (isArmored) =>
      prepared(async (folder, { ours, theirs }) => {
        const args = [
          'share',
          'devices.csv',
          '--to',
          ours,
          '--to',
          theirs,
          ...(isArmored ? ['--armor'] : []),
        ];
        expect((await program(args, { cwd: folder })).status).toBe(0);
        for (const identity of ['ours.txt', 'theirs.txt']) {
          await run('age', ['-d', '-i', identity, '-o', `${identity}.csv`, 'devices.csv.age'], {
            cwd: folder,
          });
          expect(await readFile(join(folder, `${identity}.csv`), 'utf8')).toBe(content);
        }
      }),
    );

    test.each([false, true])('writes what every command reads; armour: %j', (isArmored) =>
      prepared(async (folder, { ours, theirs }) => {
        await writeFile(join(folder, 'team.txt'), `# team\n${ours}\n${theirs}\n`);
        const args = ['-R', 'team.txt', ...(isArmored ? ['-a'] : []), '-o', 'devices.csv.age', 'devices.csv'];
        await run('age', args, { cwd: folder });
        for (const identity of ['ours.txt', 'theirs.txt']) {
          const check = ['check', 'devices.csv.age', '--identity', identity];
          expect(await program(check, { cwd: folder })).toEqual({
            status: 0,
            stdout:
              'devices.csv.age: 1000 read, 1000 created, 0 not created (skipped), 0 invalid; 0 errors, 0 warnings\n',
            stderr: '',
          });
        }
      }),
    );

    test('refuses what share wrote and was cut since, as share does', () =>
      prepared(async (folder, { theirs }) => {
        await program(['share', 'devices.csv', '--to', theirs], { cwd: folder });
        const file = await readFile(join(folder, 'devices.csv.age'));
        await writeFile(join(folder, 'cut.age'), file.subarray(0, -1));
        await expect(run('age', ['-d', '-i', 'theirs.txt', 'cut.age'], { cwd: folder })).rejects.toThrow(
          'failed to decrypt',
        );
        const check = ['check', 'cut.age', '--identity', 'theirs.txt'];
        expect((await program(check, { cwd: folder })).status).toBe(2);
      }));

    if (!isInstalled(terminalProgram)) {
      test.todo(
        'NOT RUN, because script is not on this machine: passphrases of age, which asks on a terminal',
      );
    } else {
      test('reads what share encrypts with a passphrase', () =>
        prepared(async (folder) => {
          const env = { BIOTZ_AGE_PASSPHRASE: passphrase };
          await program(['share', 'devices.csv', '--passphrase'], { cwd: folder, env });
          const command = 'age -d -o plain.csv devices.csv.age';
          const { status } = await onTerminal(command, [['passphrase', passphrase]], { cwd: folder });
          expect(status).toBe(0);
          expect(await readFile(join(folder, 'plain.csv'), 'utf8')).toBe(content);
        }));

      test('encrypts with a passphrase what every command reads, identity files too', () =>
        prepared(async (folder, { theirs }) => {
          const answers = [
            ['Enter passphrase', passphrase],
            ['Confirm passphrase', passphrase],
          ] as const;
          const encrypt = (command: string) => onTerminal(command, answers, { cwd: folder });
          expect((await encrypt('age -p -o devices.csv.age devices.csv')).status).toBe(0);
          expect((await encrypt('age -p -a -o key.age theirs.txt')).status).toBe(0);
          await run('age', ['-r', theirs, '-o', 'for-them.age', 'devices.csv'], { cwd: folder });
          const calling = { cwd: folder, env: { BIOTZ_AGE_PASSPHRASE: passphrase } };
          expect((await program(['check', 'devices.csv.age'], calling)).status).toBe(0);
          expect((await program(['check', 'for-them.age', '--identity', 'key.age'], calling)).status).toBe(0);
        }));
    }
  });
}
