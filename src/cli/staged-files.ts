import { BiotzPostmanError } from '../errors.js';
import type { Content } from '../leak/content.js';
import { matcher } from './files-below.js';
import { git, GitFailed, startGit } from './git.js';

/** A file as it is about to be committed. */
interface StagedEntry {
  /** In the repository, from its top. */
  readonly path: string;
  /** The name of its content: a hash. */
  readonly object: string;
}

/**
 * The files that `git commit` would change, as they are in the index: what lies in the work tree may be something else.
 *
 * @param paths only these; all where there are none
 * @param exclude globs of paths to pass over
 * @throws {BiotzPostmanError} OPTION_INVALID where git is not there or this is none of its work trees
 */
export async function* stagedFiles(
  paths: readonly string[],
  exclude: readonly string[],
): AsyncGenerator<Content, void> {
  const isExcluded = matcher(exclude);
  const entries = (await stagedEntries(paths)).filter(({ path }) => !isExcluded(path));
  if (entries.length === 0) return;
  const objects = new GitObjects();
  try {
    for (const { path, object } of entries) yield { name: path, chunks: () => objects.read(object) };
  } finally {
    objects.close();
  }
}

async function stagedEntries(paths: readonly string[]): Promise<readonly StagedEntry[]> {
  // Added, copied, modified and what changed its type; nothing can leak by what is deleted.
  const args = [
    '--literal-pathspecs',
    'diff',
    '--cached',
    '--raw',
    '-z',
    '--no-abbrev',
    '--no-renames',
    // Else diff.relative leaves out what is above the working folder.
    '--no-relative',
    '--diff-filter=ACMT',
  ];
  const fields = (await orInvalid(() => git([...args, '--', ...paths]))).split('\0');
  const entries: StagedEntry[] = [];
  // `:<mode> <mode> <object> <object> <status>` NUL path NUL (git-diff, "Raw output format")
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , object = ''] = (fields[at] ?? '').split(' ');
    // Neither symbolic links (120000) nor submodules (160000) have a content of their own.
    if (mode.startsWith('100')) entries.push({ path: fields[at + 1] ?? '', object });
  }
  return entries;
}

async function orInvalid<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof GitFailed)) throw error;
    const problem =
      error.reason === 'ENOENT' ? 'needs git, which is not on the PATH' : 'works only in a git work tree';
    const next = 'Name files or folders instead, or run it where git works.';
    throw new BiotzPostmanError('OPTION_INVALID', { option: '--staged', problem, next });
  }
}

/** Reads objects one after another from one git process. */
class GitObjects {
  readonly #git = startGit(['cat-file', '--batch']);
  readonly #output: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  #failed = false;

  constructor() {
    this.#output = this.#git.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.#git.stderr.resume();
    for (const part of [this.#git, this.#git.stdin]) part.on('error', () => (this.#failed = true));
  }

  async *read(object: string): AsyncGenerator<Buffer, void> {
    this.#git.stdin.write(`${object}\n`);
    // `<object> <type> <size>` LF content LF (git-cat-file, "Batch output")
    let left = Number((await this.#line()).split(' ')[2]);
    if (!Number.isSafeInteger(left)) throw new GitFailed('no such object', '');
    try {
      while (left > 0) {
        const part = await this.#part();
        const taken = part.subarray(0, left);
        left -= taken.length;
        this.#rest = part.subarray(taken.length);
        yield taken;
      }
    } finally {
      // Whoever has seen enough leaves the rest in the pipe, before the next object.
      while (left > 0) {
        const part = await this.#part();
        this.#rest = part.subarray(left);
        left -= Math.min(left, part.length);
      }
      await this.#line();
    }
  }

  close(): void {
    this.#git.stdin.end();
  }

  async #line(): Promise<string> {
    let line = Buffer.alloc(0);
    for (;;) {
      const part = await this.#part();
      const end = part.indexOf(0x0a);
      line = Buffer.concat([line, end < 0 ? part : part.subarray(0, end)]);
      if (end < 0) continue;
      this.#rest = part.subarray(end + 1);
      return line.toString();
    }
  }

  async #part(): Promise<Buffer> {
    if (this.#rest.length > 0) {
      const rest = this.#rest;
      this.#rest = Buffer.alloc(0);
      return rest;
    }
    const { value, done } = await this.#output.next();
    if (done === true || this.#failed) throw new GitFailed('ended early', '');
    return value;
  }
}
