import { lstat, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode } from '../error-code.js';
import { refuseLinks } from './make-folder.js';
import { StagedFile } from './staged-file.js';

/** A slow fleet may leave hours between two pieces of its tokens; a folder that old belongs to a run that was killed. */
const STALE_MS = 24 * 3_600_000;

/** Whether a folder's name is one that {@link PrivateFile} gives, and no other program. */
const isOurs = (name: string) => /^\.biotz-private-[0-9a-zA-Z]{6}$/.test(name);

/**
 * A file of secrets (0600) at a place that somebody chose, written piece by piece and put there when it is whole.
 * Until then it lies beside its place in a hidden folder of 0700 that git ignores, where a killed run leaves it; a
 * later one removes it.
 */
export class PrivateFile {
  readonly #file: string;
  readonly #folder: string;
  readonly #staged: StagedFile;

  private constructor(file: string, folder: string, staged: StagedFile) {
    this.#file = file;
    this.#folder = folder;
    this.#staged = staged;
  }

  /**
   * @param file in a folder that exists; a file that is there is replaced in the end
   * @throws what the system says; ELOOP where a symbolic link is in the way, EEXIST where something else than a file is
   */
  static async create(file: string): Promise<PrivateFile> {
    const beside = dirname(file);
    await refuseLinks(file);
    await requireFileOrNothing(file);
    await removeStaleFolders(beside);
    const folder = await mkdtemp(join(beside, '.biotz-private-'));
    try {
      await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx', mode: 0o600 });
      return new PrivateFile(file, folder, await StagedFile.create(folder, 0o600));
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Appends text, as {@link StagedFile.write}. */
  write(text: string): Promise<void> {
    return this.#staged.write(text);
  }

  /** Puts the file into its place. */
  async commit(): Promise<void> {
    await this.#staged.finish();
    await rename(this.#staged.temporary, this.#file);
    await this.discard();
  }

  /** Leaves nothing behind but a file that is in its place. */
  async discard(): Promise<void> {
    await this.#staged.discard();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function requireFileOrNothing(file: string): Promise<void> {
  const present = await lstat(file).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (present === undefined || present.isFile()) return;
  const code = present.isSymbolicLink() ? 'ELOOP' : 'EEXIST';
  throw Object.assign(new Error(code), { code, syscall: 'lstat' });
}

/** One of somebody else, which cannot be looked into, is left to them. */
async function removeStaleFolders(beside: string): Promise<void> {
  for (const name of (await readdir(beside)).filter(isOurs)) {
    const folder = join(beside, name);
    try {
      const paths = [folder, ...(await readdir(folder)).map((each) => join(folder, each))];
      const times = await Promise.all(paths.map(async (path) => (await lstat(path)).mtimeMs));
      if (Date.now() - Math.max(...times) > STALE_MS) await rm(folder, { recursive: true, force: true });
    } catch (error) {
      if (!['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
    }
  }
}
