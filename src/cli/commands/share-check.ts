import { invalidOption } from '../../errors/option-error.js';
import { resolve } from 'node:path';
import { errorCode } from '../../errors/error-code.js';
import { GitFailed } from '../../git/run.js';
import { stagedFiles } from '../../git/staged-files.js';
import { findWorkTree } from '../../git/work-tree.js';
import { readIntoMemory } from '../../device/source/open-credentials.js';
import type { Leak } from '../../leak/leak.js';
import type { NamedContent } from '../../files/read-file.js';
import { scanFile } from '../../leak/scan-file.js';
import { counted } from '../../text/counted.js';
import { harmless } from '../../text/harmless.js';
import { formatLeak, leakProse } from '../../leak/leak.js';
import type { Command, ArgumentsOf } from '../options/options.js';
import { nameOf } from '../inputs/credentials.js';
import { exitStatus } from '../terminal/exit-status.js';
import { CHUNK_BYTES, contentOfFile, filesBelow, matcher } from '../inputs/files-below.js';
import { refusedByGit } from '../inputs/git-refused.js';
import { onInterrupt } from '../terminal/interrupt.js';
import { knownPasswords } from '../inputs/known-passwords.js';
import type { Terminal } from '../terminal/terminal.js';

/** Most leaks that are printed for one file, and most leaks in the JSON. */
const MOST_PER_FILE = 20;
const MOST_IN_JSON = 10_000;

/** Totals over all files. */
interface Seen {
  files: number;
  filesWithLeaks: number;
  leaks: number;
  /** Whether some leaks were not counted. */
  hasMore: boolean;
  encrypted: number;
  readonly packed: string[];
  readonly unreadable: { readonly file: string; readonly reason: string }[];
}

/** Finds secrets in files before they are shared. */
export const shareCheck: Command<'share check'> = async (argv, terminal) => {
  requireOneInput(argv);
  const known = await knownPasswords(argv.devices ?? [], argv, terminal);
  const seen: Seen = {
    files: 0,
    filesWithLeaks: 0,
    leaks: 0,
    hasMore: false,
    encrypted: 0,
    packed: [],
    unreadable: [],
  };
  const listed: Leak[] = [];
  const interrupt = onInterrupt(terminal, 'The secrets found so far are listed.');
  try {
    for await (const content of contentsOf(argv, seen, terminal)) {
      if (interrupt.caught !== undefined) break;
      const leaks = await scan(content, known, seen);
      if (argv.format === 'json') listed.push(...leaks.slice(0, MOST_IN_JSON - listed.length));
      else if (leaks.length > 0) await terminal.result(formatFile(leaks));
    }
    requireFiles(seen, argv);
    if (argv.format === 'json') await terminal.json(documentOf(seen, listed));
    else await finish(seen, terminal);
    return statusOf(seen);
  } finally {
    interrupt.release();
  }
};

/** @throws {BiotzPostmanError} OPTION_INVALID */
function requireOneInput({ paths, staged, devices = [] }: ArgumentsOf<'share check'>): void {
  if (
    [...paths, ...devices].filter((path) => path === '-').length > 1 ||
    (staged === true && paths.includes('-'))
  ) {
    const next = 'Name a file instead.';
    throw invalidOption('-', 'can be given only once, and not with --staged', next);
  }
}

async function* contentsOf(
  { paths, staged, exclude = [], ignored = false }: ArgumentsOf<'share check'>,
  seen: Seen,
  terminal: Terminal,
): AsyncGenerator<NamedContent, void> {
  if (staged === true) {
    try {
      yield* stagedFiles(paths, matcher(exclude), terminal.io.env);
    } catch (error) {
      await refuseStaged(error, terminal.io.env);
    }
    return;
  }
  const walk = {
    exclude,
    ignored,
    env: terminal.io.env,
    onUnreadable: (file: string, reason: string) => void seen.unreadable.push({ file, reason }),
    onLink: (path: string) => terminal.note(`${harmless(path)} is a symbolic link, which is not followed.\n`),
  };
  if (paths.includes('-')) yield await readIntoMemory({ stream: terminal.io.stdin, name: nameOf('-') });
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  for await (const path of filesBelow(
    paths.filter((path) => path !== '-'),
    walk,
  ))
    yield contentOfFile(path, chunk);
}

/** @throws {BiotzPostmanError} OPTION_INVALID if git cannot list the staged files */
async function refuseStaged(error: unknown, env: NodeJS.ProcessEnv): Promise<never> {
  const instead = 'name files or folders instead';
  if (env['GIT_DIR'] !== undefined || (await findWorkTree(resolve('any'))) !== undefined)
    return refusedByGit('--staged', error, instead);
  throw invalidOption('--staged', 'works only in a git work tree', `Run it in one, or ${instead}.`);
}

/** Scans one file. A file that cannot be read does not stop the scan. */
async function scan(
  content: NamedContent,
  known: Parameters<typeof scanFile>[1],
  seen: Seen,
): Promise<readonly Leak[]> {
  seen.files += 1;
  try {
    const { leaks, hasMore, closed } = await scanFile(content, known);
    seen.leaks += leaks.length;
    seen.hasMore ||= hasMore;
    if (leaks.length > 0) seen.filesWithLeaks += 1;
    if (closed === 'encrypted') seen.encrypted += 1;
    else if (closed === 'packed' && leaks.length === 0) seen.packed.push(content.name);
    return leaks;
  } catch (error) {
    const reason = error instanceof GitFailed ? error.reason : errorCode(error);
    if (reason === undefined) throw error;
    seen.unreadable.push({ file: content.name, reason });
    return [];
  }
}

/** @throws {BiotzPostmanError} OPTION_INVALID if there was no file to scan */
function requireFiles({ files, unreadable }: Seen, { staged }: ArgumentsOf<'share check'>): void {
  if (files > 0 || unreadable.length > 0 || staged === true) return;
  throw invalidOption(
    'PATHS',
    'contain no files to scan',
    'Name other paths, or add --ignored to scan files that git ignores.',
  );
}

function statusOf({ leaks, unreadable }: Seen): number {
  if (unreadable.length > 0) return exitStatus.notCompleted;
  return leaks > 0 ? exitStatus.secretFound : exitStatus.ok;
}

function formatFile(leaks: readonly Leak[]): string {
  const lines = leaks.slice(0, MOST_PER_FILE).map(formatLeak);
  const file = harmless(leaks[0]?.file ?? '');
  if (leaks.length > MOST_PER_FILE) lines.push(`${file}: and ${leaks.length - MOST_PER_FILE} more`);
  return `${lines.join('\n')}\n`;
}

async function finish(seen: Seen, terminal: Terminal): Promise<void> {
  for (const { file, reason } of seen.unreadable) {
    terminal.note(`${harmless(file)} could not be read (${reason}) and was not scanned.\n`);
  }
  for (const file of seen.packed) terminal.note(`${harmless(file)} is packed and was not scanned.\n`);
  const encrypted = seen.encrypted === 0 ? '' : `, ${seen.encrypted} of them encrypted`;
  const found =
    seen.leaks === 0
      ? 'no secrets found'
      : `${seen.hasMore ? 'more than ' : ''}${counted(seen.leaks, 'secret')} in ${counted(seen.filesWithLeaks, 'file')}`;
  await terminal.result(`Scanned ${counted(seen.files, 'file')}${encrypted}: ${found}\n`);
  if (seen.leaks > 0) {
    terminal.note(
      'Remove them with "biotz-postman share clean FILE". Change every secret that was already pushed or sent.\n',
    );
  }
}

/** docs/share-check.md describes this document. A change of meaning raises `version`. */
function documentOf(seen: Seen, listed: readonly Leak[]): object {
  return {
    version: 1,
    ok: seen.leaks === 0 && seen.unreadable.length === 0,
    counts: {
      files: seen.files,
      filesWithLeaks: seen.filesWithLeaks,
      leaks: seen.leaks,
      encrypted: seen.encrypted,
    },
    leaks: listed.map((leak) => ({ ...leak, ...leakProse[leak.code] })),
    leaksLeftOut: seen.leaks - listed.length,
    hasMore: seen.hasMore,
    packed: seen.packed,
    unreadable: seen.unreadable,
  };
}
