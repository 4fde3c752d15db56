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

/** They keep every request and answer in memory. */
const MOST_DEVICES = 1000;

/** Those that Newman brings, and what their files are called. */
const builtIn: Readonly<Record<string, string>> = {
  cli: '',
  json: 'newman.json',
  junit: 'newman.junit.xml',
  progress: '',
  emojitrain: '',
};

const require = createRequire(import.meta.url);

/**
 * Checks `--newman-reporter`, and makes the private folder for what those reporters write: passwords and tokens.
 *
 * @param devices how many there are
 * @param folder of all reports
 * @throws {BiotzPostmanError} OPTION_INVALID, OUTPUT_NOT_WRITTEN
 */
export async function newmanReporters(
  names: readonly string[],
  devices: number,
  folder: string,
  terminal: Terminal,
): Promise<NewmanReporters> {
  if (devices > MOST_DEVICES)
    throw invalid(`is for ${MOST_DEVICES} devices at most, and these are ${devices}`, 'Use --reporters.');
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

/** Newman creates files that every user can read, and follows links: it gets an existing file. */
async function prepare(file: string): Promise<void> {
  await rm(file, { force: true });
  const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  await handle.chmod(0o600);
  await handle.close();
}

/** To be called when Newman's reporters are done: one may have made its file anew, written none, or elsewhere. */
export async function closeToOthers({ options }: NewmanReporters): Promise<void> {
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
    const next = `Newman's own are ${Object.keys(builtIn).join(', ')}; install others beside newman, as newman-reporter-NAME.`;
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
