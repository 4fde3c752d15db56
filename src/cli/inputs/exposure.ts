import { gitError } from '../../git/errors.js';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { recogniseContent } from '../../files/content.js';
import { diagnose, formatDiagnostic } from '../../device/diagnostic.js';
import type { OnDiagnostic } from '../../device/diagnostic.js';
import { errorCode } from '../../errors/error-code.js';
import { readHead, readText } from '../../files/read-file.js';
import type { Exposure } from '../../git/exposure.js';
import { describeGit, describeModes } from '../../git/exposure.js';
import { withWriteErrors } from '../../files/errors.js';
import type { Io } from '../io.js';
import type { Terminal } from '../terminal/terminal.js';

/** Sample names for everything that is written below a `private/`. */
const PRIVATE_NAMES = ['devices.data.json', 'device.postman_environment.json', 'newman.json'];

/** Where `generate`, `run` and `token` write by default. */
const PRIVATE_FOLDERS = ['generated/private', 'biotz-report/private'];

/**
 * Warns if other users can read a file of secrets that is about to be used. It does not ask git: only `check` does,
 * because that would start a program in each command.
 *
 * @param source a path, or `-` for standard input
 */
export function warnOfModes(source: string, onDiagnostic: OnDiagnostic): Promise<void> {
  return warn(source, describeModes, onDiagnostic);
}

/** Warns if git would commit a file of secrets. */
export function warnOfGit(source: string, onDiagnostic: OnDiagnostic, { env }: Io): Promise<void> {
  return warn(source, (file) => describeGit(file, env), onDiagnostic);
}

async function warn(
  source: string,
  describe: (file: string) => Promise<readonly Exposure[]>,
  onDiagnostic: OnDiagnostic,
): Promise<void> {
  try {
    if (source === '-' || !(await isPlainFile(source))) return;
    report(source, await describe(source), onDiagnostic);
  } catch (error) {
    // Opening the file reports the error.
    if (errorCode(error) === undefined) throw error;
  }
}

/** Warns if other users can read what earlier commands wrote to the default folders. */
export async function warnOfPrivateFolders(onDiagnostic: OnDiagnostic, { env }: Io): Promise<void> {
  for (const folder of PRIVATE_FOLDERS) {
    if (!(await isFolder(folder))) continue;
    const modes = await describeModes(folder);
    report(folder, [...modes, ...(await describeGit(folder, env, PRIVATE_NAMES))], onDiagnostic);
    // A folder that other users cannot enter protects its files, whatever their modes are.
    if (!modes.some(isReadable)) continue;
    for (const name of await readdir(folder)) {
      const file = join(folder, name);
      if ((await lstat(file)).isFile())
        report(file, (await describeModes(file)).filter(isReadable), onDiagnostic);
    }
  }
}

const isReadable = ({ code }: Exposure) => code === 'file-readable-by-others';

function report(file: string, exposures: readonly Exposure[], onDiagnostic: OnDiagnostic): void {
  for (const { code, args } of exposures) onDiagnostic(diagnose(code, 'warning', file, args));
}

/**
 * Refuses to write a file of secrets that git would commit. If git does not answer, this only warns.
 *
 * @param option the flag that names the place
 * @throws {BiotzPostmanError} OUTPUT_NOT_IGNORED; OUTPUT_NOT_WRITTEN if the place cannot be checked
 */
export async function requireIgnored(option: string, file: string, terminal: Terminal): Promise<void> {
  await refuseExposed(
    option,
    file,
    await withWriteErrors(file, () => describeGit(file, terminal.io.env)),
    terminal,
  );
}

/**
 * Like {@link requireIgnored}, for the `private/` of a folder. Our `.gitignore` in it may have been edited, and git may
 * track its files despite the `.gitignore`.
 */
export async function requireIgnoredPrivate(
  option: string,
  folder: string,
  terminal: Terminal,
): Promise<void> {
  const secret = join(folder, 'private');
  const exposures = await withWriteErrors(secret, () => describeGit(secret, terminal.io.env, PRIVATE_NAMES));
  // The effect of our own file is known; only tracked files must come from git.
  const isIgnored = await hasOurIgnoreFile(secret);
  const left = exposures.filter(({ code }) => code === 'file-tracked' || !isIgnored);
  await refuseExposed(option, secret, left, terminal);
}

async function refuseExposed(
  option: string,
  file: string,
  exposures: readonly Exposure<'file-tracked' | 'file-not-ignored' | 'git-not-asked'>[],
  terminal: Terminal,
): Promise<void> {
  for (const { code, args } of exposures) {
    if (code === 'git-not-asked')
      terminal.note(`${formatDiagnostic(diagnose(code, 'warning', file, args))}\n`);
    else
      throw gitError('OUTPUT_NOT_IGNORED', {
        option,
        file,
        tracked: code === 'file-tracked',
        ...args,
      });
  }
}

/**
 * Whether a path is a regular file with secrets in plain text. Everything else is skipped: a pipe can be read only
 * once, and an encrypted file may be public.
 */
async function isPlainFile(path: string): Promise<boolean> {
  // The command that opens the file reports an error.
  const read = await readHead(path);
  return 'bytes' in read && recogniseContent(read.bytes).kind !== 'age';
}

async function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (present) => present.isDirectory(),
    () => false,
  );
}

/** Whether the `.gitignore` of a `private/` is unchanged, or does not exist yet. */
async function hasOurIgnoreFile(secret: string): Promise<boolean> {
  const file = join(secret, '.gitignore');
  try {
    // A link may lead to any file, and git does not follow links (since 2.32).
    if (!(await lstat(file)).isFile()) return false;
  } catch (error) {
    return errorCode(error) === 'ENOENT';
  }
  const read = await readText(file, { mostBytes: 2, pipes: false });
  return 'text' in read && read.text === '*\n';
}
