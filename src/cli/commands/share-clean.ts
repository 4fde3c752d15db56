import { invalidOption } from '../../errors/option-error.js';
import { lstat } from 'node:fs/promises';
import { recogniseContent } from '../../files/content.js';
import { errorCode } from '../../errors/error-code.js';
import { cleanText } from '../../leak/clean-text.js';
import type { LeakCode } from '../../leak/leak.js';
import { harmless } from '../../text/harmless.js';
import { leakProse } from '../../leak/leak.js';
import { describeProblem, type FileProblem } from '../../files/file-problem.js';
import { readBytes } from '../../files/read-file.js';
import { withWriteErrors } from '../../files/errors.js';
import { replaceFile } from '../../files/staged-file.js';
import type { Command } from '../options/options.js';
import { exitStatus } from '../terminal/exit-status.js';
import { knownPasswords } from '../inputs/known-passwords.js';

/** The file is held in memory, twice: 512 MiB. */
const MOST_BYTES = 512 * 2 ** 20;

/** Removes the secrets from a file, and leaves the rest unchanged. */
export const shareClean: Command<'share clean'> = async (argv, terminal) => {
  const { file, out = file, dryRun = false } = argv;
  const { bytes, mode } = await read(file);
  if (out !== file) await requireFree(out);
  const known = await knownPasswords(argv.devices ?? [], argv, terminal);
  const { encode, text } = decoded(bytes, file);
  const clean = cleanText(text, known);
  if (clean.hasTable) {
    const next = 'Encrypt it with "biotz-postman share", or remove the table by hand.';
    refuse(file, 'is or contains a credentials file, which is useless without its passwords', next);
  }
  requireSameSyntax(text, clean.bytes, file);
  const isChanged = clean.removed.size > 0;
  if (!dryRun && (isChanged || out !== file))
    await withWriteErrors(out, () => replaceFile(out, encode(clean.bytes), mode));
  const verb = dryRun ? 'would be removed' : 'removed';
  for (const [code, count] of clean.removed) {
    await terminal.result(`${harmless(file)}: ${count} ${verb}: ${leakProse[code].meaning} [${code}]\n`);
  }
  if (!isChanged) await terminal.result(`${harmless(file)}: no secrets found\n`);
  else if (!dryRun) await terminal.result(`${harmless(out)}: written; the rest is unchanged\n`);
  if (isChanged) terminal.note(warning(clean.removed));
  if (clean.left === 0) return exitStatus.ok;
  terminal.note(`${clean.left} could not be removed; "biotz-postman share check" lists them.\n`);
  return exitStatus.secretFound;
};

function warning(taken: ReadonlyMap<LeakCode, number>): string {
  const what = taken.size === 1 && taken.has('jwt') ? 'Tokens' : 'Secrets';
  return `${what} that were already pushed or sent remain in the history: change them.\n`;
}

async function read(file: string): Promise<{ readonly bytes: Buffer; readonly mode: number }> {
  const stats = await lstat(file).catch((error: unknown) =>
    refuse(file, `cannot be read (${errorCode(error) ?? 'unknown'})`, 'Check the path.'),
  );
  if (stats.isSymbolicLink())
    refuse(file, 'is a symbolic link, which is not followed', 'Name the file itself.');
  if (!stats.isFile())
    refuse(file, 'is not a file', 'Name one file; "biotz-postman share check" scans folders.');
  const read = await readBytes(file, { mostBytes: MOST_BYTES, pipes: false });
  if ('problem' in read) return refuse(file, describeProblem(read.problem), nextAfter(read.problem));
  requireOpen(file, read.bytes);
  return { bytes: read.bytes, mode: stats.mode & 0o777 };
}

const nextAfter = ({ code }: FileProblem) =>
  code === 'too-large' ? 'Create the report again without secrets.' : 'Check its permissions.';

/** @throws {BiotzPostmanError} OPTION_INVALID for files that are useless without their secrets, or that cannot be scanned */
function requireOpen(file: string, bytes: Buffer): void {
  const { kind } = recogniseContent(bytes.subarray(0, 4096));
  if (kind === 'age') refuse(file, 'is encrypted, so it can be shared unchanged', 'There is nothing to do.');
  if (kind !== 'text')
    refuse(file, 'is packed, so it cannot be cleaned', 'Unpack it, then clean the files in it.');
}

/** The text to clean as UTF-8. UTF-16, which PowerShell's `>` writes, is restored afterwards. */
function decoded(bytes: Buffer, file: string): { text: Buffer; encode: (text: Buffer) => Buffer } {
  const content = recogniseContent(bytes.subarray(0, 4096));
  if (content.kind !== 'text' || content.encoding === 'utf-8') return { text: bytes, encode: (text) => text };
  if (content.encoding === 'utf-16be') {
    refuse(file, 'is in UTF-16 with the high byte first', 'Save it as UTF-8.');
  }
  const mark = bytes.subarray(0, content.bomBytes);
  const text = Buffer.from(bytes.toString('utf16le', content.bomBytes));
  return { text, encode: (clean) => Buffer.concat([mark, Buffer.from(clean.toString(), 'utf16le')]) };
}

/** @throws {BiotzPostmanError} OPTION_INVALID if the result would no longer be JSON */
function requireSameSyntax(before: Buffer, after: Buffer, file: string): void {
  if (!isJson(before) || isJson(after)) return;
  refuse(
    file,
    'would no longer be JSON without its secrets',
    'Remove them by hand; "biotz-postman share check" lists them.',
  );
}

function isJson(text: Buffer): boolean {
  try {
    JSON.parse(text.toString());
    return true;
  } catch {
    // The text is not JSON, or too long for a string.
    return false;
  }
}

async function requireFree(out: string): Promise<void> {
  const isThere = await lstat(out).then(
    () => true,
    () => false,
  );
  if (isThere)
    refuse('--out', `would replace ${out}`, 'Choose another place, or omit --out to change the file itself.');
}

function refuse(option: string, problem: string, next: string): never {
  throw invalidOption(option, problem, next);
}
