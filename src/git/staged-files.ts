import type { NamedContent } from '../files/read-file.js';
import { git, GitFailed, startGit, type GitCall } from './run.js';

/** Limit on comparing a work tree, which may have millions of files. */
const DEADLINE_MS = 300_000;

/**
 * The files that `git commit` would change, with their content from the index, which may differ from the work tree. A
 * file's name is its path from the top of the repository.
 *
 * @param paths only these; empty for all
 * @param isExcluded whether to skip a path
 * @param environment variables of the process; those of a hook choose the index
 * @throws GitFailed
 */
export async function* stagedFiles(
  paths: readonly string[],
  isExcluded: (path: string) => boolean,
  environment: NodeJS.ProcessEnv,
): AsyncGenerator<NamedContent, void> {
  const call: GitCall = { folder: '.', environment, asHook: true };
  const entries = (await stagedEntries(paths, call)).filter(({ path }) => !isExcluded(path));
  if (entries.length === 0) return;
  const objects = new GitObjects(call);
  try {
    for (const { path, object } of entries) yield { name: path, chunks: () => objects.read(object) };
  } finally {
    objects.close();
  }
}

interface StagedEntry {
  readonly path: string;
  /** Hash of the content, by which git stores it. */
  readonly object: string;
}

async function stagedEntries(paths: readonly string[], call: GitCall): Promise<readonly StagedEntry[]> {
  const args = [
    '--literal-pathspecs',
    'diff-index',
    '--cached',
    '--raw',
    '-z',
    '--no-abbrev',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--ignore-submodules=all',
    // Added, copied, modified, or of another type; a deleted file cannot leak.
    '--diff-filter=ACMT',
    await committedTree(call),
  ];
  const list = await git([...args, '--', ...paths], { ...call, deadlineMs: DEADLINE_MS });
  const fields = list.split('\0');
  const entries: StagedEntry[] = [];
  // `:<mode> <mode> <object> <object> <status>` NUL path NUL (git-diff, "Raw output format")
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , object = ''] = (fields[at] ?? '').split(' ');
    // Symbolic links (120000) and submodules (160000) have no content of their own.
    if (mode.startsWith('100')) entries.push({ path: fields[at + 1] ?? '', object });
  }
  return entries;
}

/** The tree to compare the index with: the last commit, or the empty tree before the first commit. */
async function committedTree(call: GitCall): Promise<string> {
  try {
    return (await git(['rev-parse', '--verify', '--quiet', 'HEAD'], call)).trim();
  } catch (error) {
    if (!(error instanceof GitFailed) || error.status !== 1) throw error;
    return (await git(['hash-object', '-t', 'tree', '--stdin'], call)).trim();
  }
}

/** Reads objects one after another through one git process. */
class GitObjects {
  readonly #git: ReturnType<typeof startGit>;
  readonly #output: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  #failed = false;

  constructor(call: GitCall) {
    this.#git = startGit(['cat-file', '--batch'], call);
    this.#output = this.#git.stdout[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    this.#git.stderr.resume();
    for (const part of [this.#git, this.#git.stdin]) part.on('error', () => (this.#failed = true));
  }

  async *read(object: string): AsyncGenerator<Buffer, void> {
    this.#git.stdin.write(`${object}\n`);
    // `<object> <type> <size>` LF content LF (git-cat-file, "Batch output")
    let left = Number((await this.#line()).split(' ')[2]);
    if (!Number.isSafeInteger(left)) throw new GitFailed('no such object');
    try {
      while (left > 0) {
        const part = await this.#part();
        const taken = part.subarray(0, left);
        left -= taken.length;
        this.#rest = part.subarray(taken.length);
        yield taken;
      }
    } finally {
      // A reader that stops early leaves the rest in the pipe, before the next object.
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
    if (done === true || this.#failed) throw new GitFailed('ended early');
    return value;
  }
}
