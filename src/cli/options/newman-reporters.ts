import { invalidOption } from '../../errors/option-error.js';
import { createRequire } from 'node:module';
import { constants } from 'node:fs';
import { chmod, lstat, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../../errors/error-code.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import type { NewmanReporters } from '../../newman/plan.js';
import { withWriteErrors } from '../../files/errors.js';
import { OutputFolder } from '../../files/output-folder.js';
import type { Terminal } from '../terminal/terminal.js';

/** The reporters keep every request and answer in memory, so the number of devices has a bound. */
const MOST_DEVICES = 1000;

/** Newman's own reporters, and the names of their files. */
const builtIn: Readonly<Record<string, string>> = {
  cli: '',
  json: 'newman.json',
  junit: 'newman.junit.xml',
  progress: '',
  emojitrain: '',
};

const require = createRequire(import.meta.url);

/**
 * Checks `--newman-reporter`, and creates the private folder for the passwords and tokens that those reporters write.
 *
 * @param devices number of devices
 * @param folder folder of all reports
 * @throws {BiotzPostmanError} OPTION_INVALID, OUTPUT_NOT_WRITTEN
 */
export async function newmanReporters(
  names: readonly string[],
  devices: number,
  folder: string,
  terminal: Terminal,
): Promise<NewmanReporters> {
  if (devices > MOST_DEVICES)
    throw invalid(`accepts at most ${MOST_DEVICES} devices, and the file has ${devices}`, 'Use --reporters.');
  await OutputFolder.open(folder);
  const secret = join(folder, 'private');
  const files = names
    .map((name) => [name, builtIn[name] ?? `newman-${name.replace('/', '-')}.html`] as const)
    .filter(([, file]) => file !== '');
  const options = files.map(([name, file]) => [name, { export: join(secret, file) }] as const);
  for (const [, { export: file }] of options) await withWriteErrors(file, () => prepare(file));
  terminal.note(
    `${terminal.paintNotes.bad('warning')}: --newman-reporter: Newman's own reporters write passwords and tokens, to ${secret} and to standard output.\n`,
  );
  return { names, options: Object.fromEntries(options), devices };
}

/** Newman creates files that other users can read, and follows links, so the file is created first. */
async function prepare(file: string): Promise<void> {
  await rm(file, { force: true });
  const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  await handle.chmod(0o600);
  await handle.close();
}

/** Must be called when Newman's reporters have finished: one may have replaced its file, or left it empty. */
export async function makePrivate({ options }: NewmanReporters): Promise<void> {
  for (const { export: file } of Object.values(options) as { export: string }[]) {
    try {
      if ((await lstat(file)).size === 0) await rm(file);
      else await chmod(file, 0o600);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}

/** @throws {BiotzPostmanError} OPTION_INVALID if there is no such reporter */
export function requireNewmanReporters(names: readonly string[]): void {
  const newman = createRequire(require.resolve('newman'));
  for (const name of names) {
    if (Object.hasOwn(builtIn, name)) continue;
    const next = `Use one of ${Object.keys(builtIn).join(', ')}, or install newman-reporter-NAME beside newman.`;
    if (!/^(@[\w-]+\/)?[\w-]+$/.test(name)) throw invalid('is not the name of a reporter', next);
    const [scope = '', bare = name] = name.includes('/')
      ? [`${name.split('/')[0]}/`, name.split('/')[1]]
      : [];
    try {
      newman.resolve(`${scope}newman-reporter-${bare}`);
    } catch {
      throw invalid('names a reporter that is not installed', next);
    }
  }
}

function invalid(problem: string, next: string): BiotzPostmanError {
  return invalidOption('--newman-reporter', problem, next);
}
