import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, lstat, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { errorCode, systemError } from '../errors/error-code.js';
import { isObject } from '../text/json.js';
import { fileError, withWriteErrors } from './errors.js';
import { lstatIfPresent, makeFolder } from './make-folder.js';
import { readJson } from './read-file.js';
import { createFile, replaceFile, StagedFile } from './staged-file.js';

const PRIVATE = 'private';
const MANIFEST = `${PRIVATE}/manifest.json`;
const IGNORE = '.gitignore';

/** SHA-256 in hex of every file that was written into a folder, by its path in it. */
type Manifest = ReadonlyMap<string, string>;

/** Limit on a manifest; a million files take a third of it. */
const MOST_MANIFEST_BYTES = 500_000_000;

/** A file of the folder, after {@link OutputFolder.commit}. */
export interface OutputFile {
  /** Its path in the folder, with `/` between the parts. */
  readonly path: string;
  /** Its permissions, e.g. `0o600`. */
  readonly mode: number;
  readonly bytes: number;
  /** `unchanged`: an existing file already held the same bytes. */
  readonly status: 'written' | 'unchanged';
}

/** A file that is being written; its text may come in pieces. */
export interface OutputWriter {
  /** Appends text; wait for it before the next piece. */
  write(text: string): Promise<void>;
  /** Flushes the file to the disk and closes it. `commit` does this for files that are still open. */
  end(): Promise<void>;
}

/** A staged file, whole on the disk. */
interface Finished {
  readonly path: string;
  readonly target: string;
  readonly file: StagedFile;
  readonly digest: string;
  /** Digest of the existing file at its place; `undefined` if nothing exists there. */
  readonly present: string | undefined;
}

/**
 * A folder whose files change together. Everything is staged first, beside its place. Then {@link commit} renames all
 * files, or none if a person has changed one of them. `private/manifest.json` holds the digest of each file as it was
 * written: a file that differs from it was changed by a person.
 *
 * Files below `private/` get 0600, in a folder of 0700 that git ignores; all others get 0644. Symbolic links are never
 * followed.
 *
 * Every method throws {@link BiotzPostmanError} `OUTPUT_NOT_WRITTEN` when the system refuses; call
 * {@link discard} then.
 *
 * @example
 * const output = await OutputFolder.open('generated');
 * await output.write('private/note.txt', 'text');
 * const files = await output.commit({ force: false });
 */
export class OutputFolder {
  readonly #folder: string;
  readonly #created: readonly string[];
  readonly #staged = new Map<string, StagedFile>();

  private constructor(folder: string, created: readonly string[]) {
    this.#folder = folder;
    this.#created = created;
  }

  /** Makes the folder and its `private/` if they are missing, and closes `private/` to other users. */
  static async open(folder: string): Promise<OutputFolder> {
    const secret = join(folder, PRIVATE);
    const first = await withWriteErrors(folder, () => makeFolder(folder));
    const created = first === undefined ? [] : [folder];
    await withWriteErrors(secret, async () => {
      if (await makePrivate(secret)) created.unshift(secret);
      // Before the first secret: a killed run must leave no file that `git add` would add.
      await createFile(join(secret, IGNORE), '*\n', 0o600);
    });
    return new OutputFolder(folder, created);
  }

  /** Stages a whole file. */
  async write(path: string, text: string): Promise<void> {
    const writer = await this.create(path);
    await writer.write(text);
    await writer.end();
  }

  /** Stages a file that is written piece by piece. */
  async create(path: string): Promise<OutputWriter> {
    const target = join(this.#folder, path);
    const file = await withWriteErrors(target, () => this.#stage(isPrivate(path) ? 0o600 : 0o644));
    this.#staged.set(path, file);
    return {
      write: (text) => withWriteErrors(target, () => file.write(text)),
      end: () => withWriteErrors(target, async () => void (await file.finish())),
    };
  }

  /**
   * Moves every staged file to its place, and the manifest last.
   *
   * @throws {@link BiotzPostmanError} `OUTPUT_CHANGED` naming every file that a person changed; without `force`,
   *   nothing is replaced then
   */
  async commit({ force }: { readonly force: boolean }): Promise<readonly OutputFile[]> {
    const manifest = await readManifest(join(this.#folder, MANIFEST));
    const finished: Finished[] = [];
    for (const [path, file] of this.#staged) {
      const target = join(this.#folder, path);
      await withWriteErrors(target, async () => {
        const digest = await file.finish();
        finished.push({ path, target, file, digest, present: await digestOf(target) });
      });
    }
    const changed = finished.filter(
      ({ path, digest, present }) =>
        present !== undefined && present !== digest && present !== manifest.get(path),
    );
    if (changed.length > 0 && !force) {
      throw fileError('OUTPUT_CHANGED', { files: changed.map(({ target }) => target) });
    }
    const inPlace = new Map(manifest);
    // The next manifest is on the disk before a file is replaced: if the disk is full, nothing changes at all.
    const next = await this.#stageManifest([
      ...manifest,
      ...finished.map(({ path, digest }) => [path, digest] as const),
    ]);
    try {
      for (const file of finished) {
        await withWriteErrors(file.target, () => putInPlace(file));
        inPlace.set(file.path, file.digest);
      }
      await withWriteErrors(next.target, () => next.file.replace(next.target));
    } catch (error) {
      await next.file.discard();
      // Without an entry, the next run would take the files that are in place for changes of a person.
      await replaceFile(next.target, manifestText(inPlace), 0o600).catch(() => undefined);
      throw error;
    }
    await this.discard();
    return finished.map(({ path, file: { mode, bytes }, digest, present }) => ({
      path,
      mode,
      bytes,
      status: present === digest ? 'unchanged' : 'written',
    }));
  }

  /** Removes staged files that are not in place, and the folders that were made for them if they are empty. */
  async discard(): Promise<void> {
    await Promise.all([...this.#staged.values()].map((file) => file.discard()));
    this.#staged.clear();
    for (const folder of this.#created) await removeIfEmpty(folder);
  }

  /** All temporary files lie below `private/`, where git and other users do not see them. */
  #stage(mode: number): Promise<StagedFile> {
    return StagedFile.create(join(this.#folder, PRIVATE), mode);
  }

  async #stageManifest(digests: Iterable<readonly [string, string]>) {
    const target = join(this.#folder, MANIFEST);
    return withWriteErrors(target, async () => {
      const file = await this.#stage(0o600);
      try {
        await file.write(manifestText(new Map(digests)));
        await file.finish();
        return { file, target };
      } catch (error) {
        await file.discard();
        throw error;
      }
    });
  }
}

/** Reads a manifest. A missing or damaged manifest is empty, and so protects every file. */
export async function readManifest(file: string): Promise<Manifest> {
  const read = await readJson(file, { mostBytes: MOST_MANIFEST_BYTES, pipes: false });
  const files = 'value' in read && isObject(read.value) ? read.value['files'] : undefined;
  return new Map(
    Object.entries(isObject(files) ? files : {}).map(([path, digest]) => [path, String(digest)]),
  );
}

function manifestText(manifest: Manifest): string {
  const files = Object.fromEntries([...manifest].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ version: 1, files }, null, 2)}\n`;
}

const isPrivate = (path: string) => path.startsWith(`${PRIVATE}/`);

/** @returns whether the folder is new */
async function makePrivate(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
    // A umask may have removed the owner's own rights.
    await chmod(folder, 0o700);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const present = await lstat(folder);
  // Behind a symbolic link, the secrets would lie elsewhere than the user was told.
  if (present.isSymbolicLink()) throw systemError('ELOOP');
  if (!present.isDirectory()) throw systemError('ENOTDIR');
  if ((present.mode & 0o077) !== 0) await chmod(folder, 0o700);
  return false;
}

/** A folder that holds only our own `.gitignore` counts as empty. */
async function removeIfEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 1 && names[0] === IGNORE) await rm(join(folder, IGNORE), { force: true });
  await rmdir(folder).catch(() => undefined);
}

async function putInPlace({ path, target, file, digest, present }: Finished): Promise<void> {
  if (present !== digest) await file.replace(target);
  // The bytes are the same, but the user may have made the file readable to others.
  else if (isPrivate(path)) await chmod(target, file.mode);
}

/** The digest of an existing file; `undefined` if nothing exists there. */
async function digestOf(target: string): Promise<string | undefined> {
  const present = await lstatIfPresent(target);
  if (present === undefined) return undefined;
  if (present.isDirectory()) throw systemError('EISDIR');
  // A link is not ours and must not be followed. It equals no digest, so that only `force` replaces the link itself.
  if (!present.isFile()) return 'not a regular file';
  const hash = createHash('sha256');
  // Not the bounded reader: the file may have any size, and only its digest is kept.
  await pipeline(createReadStream(target), hash);
  return hash.digest('hex');
}
