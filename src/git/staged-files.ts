import { git, GitFailed, startGit, type GitCall } from './run.js';

/** How long a comparison of millions of files may take. */
const DEADLINE_MS = 300_000;

/** A file as it is about to be committed. */
interface StagedFile {
  /** In the repository, from its top. */
  readonly name: string;
  /** Its bytes, read anew each time; a part may be overwritten once the next one is asked for. */
  chunks(): AsyncGenerator<Buffer, void>;
}

/**
 * The files that `git commit` would change, as they are in the index: what lies in the work tree may be something else.
 *
 * @param paths only these; all where there are none
 * @param isExcluded whether to pass over a path
 * @param environment the process's variables; those of a hook decide which index is meant
 * @throws GitFailed
 */
export async function* stagedFiles(
  paths: readonly string[],
  isExcluded: (path: string) => boolean,
  environment: NodeJS.ProcessEnv,
): AsyncGenerator<StagedFile, void> {
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
  /** The name of its content: a hash. */
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
    // Added, copied, modified and what changed its type; nothing can leak by what is deleted.
    '--diff-filter=ACMT',
    await committedTree(call),
  ];
  const list = await git([...args, '--', ...paths], { ...call, deadlineMs: DEADLINE_MS });
  const fields = list.split('\0');
  const entries: StagedEntry[] = [];
  // `:<mode> <mode> <object> <object> <status>` NUL path NUL (git-diff, "Raw output format")
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , object = ''] = (fields[at] ?? '').split(' ');
    // Neither symbolic links (120000) nor submodules (160000) have a content of their own.
    if (mode.startsWith('100')) entries.push({ path: fields[at + 1] ?? '', object });
  }
  return entries;
}

/** What the index is compared with: the last commit; before the first one, the empty tree. */
async function committedTree(call: GitCall): Promise<string> {
  try {
    return (await git(['rev-parse', '--verify', '--quiet', 'HEAD'], call)).trim();
  } catch (error) {
    if (!(error instanceof GitFailed) || error.status !== 1) throw error;
    return (await git(['hash-object', '-t', 'tree', '--stdin'], call)).trim();
  }
}

/** Reads objects one after another from one git process. */
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
    if (done === true || this.#failed) throw new GitFailed('ended early');
    return value;
  }
}
