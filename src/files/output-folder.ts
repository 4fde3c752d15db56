import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, lstat, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileError, refusing } from './errors.js';
import { errorCode } from '../errors/error-code.js';
import { makeFolder } from './make-folder.js';
import { removeStale, StagedFile } from './staged-file.js';
import { isObject } from '../text/json.js';
import { readJson } from './read-file.js';

const PRIVATE = 'private';
const MANIFEST = `${PRIVATE}/manifest.json`;
const IGNORE = '.gitignore';

/** A file of the folder, after {@link OutputFolder.commit}. */
export interface OutputFile {
  /** Its path in the folder, with `/` between the parts. */
  readonly path: string;
  /** Its permissions, e.g. `0o600`. */
  readonly mode: number;
  readonly bytes: number;
  /** `unchanged`: the same bytes were there before. */
  readonly status: 'written' | 'unchanged';
}

/** A file that is being written; its text may come in pieces. */
export interface OutputWriter {
  /** Appends text; wait for it before the next piece. */
  write(text: string): Promise<void>;
  /** Nothing follows: the file goes to the disk and is closed. `commit` does it for files that are left open. */
  end(): Promise<void>;
}

/** A staged file, whole on the disk. */
interface Finished {
  readonly path: string;
  readonly target: string;
  readonly file: StagedFile;
  readonly digest: string;
  /** The digest of what stands in its place now; `undefined` where nothing does. */
  readonly present: string | undefined;
}

/**
 * A folder whose files change together: everything is staged first, beside its place, and {@link commit}
 * renames it all or, when a person changed one of the files since, nothing. A file's digest in
 * `private/manifest.json` says what was written last; a file that differs from it was changed by a person.
 *
 * What lies below `private/` gets 0600 in a folder of 0700 that git ignores, everything else 0644. Symbolic
 * links are never written through.
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

  /** Makes the folder and its `private/` where they are missing, and closes `private/` to others. */
  static async open(folder: string): Promise<OutputFolder> {
    const secret = join(folder, PRIVATE);
    const first = await refusing(folder, () => makeFolder(folder));
    const created = first === undefined ? [] : [folder];
    if (await refusing(secret, () => makePrivate(secret))) created.unshift(secret);
    const output = new OutputFolder(folder, created);
    await refusing(secret, () => ignoreForGit(secret));
    await refusing(secret, () => removeStale(secret));
    return output;
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
    const file = await refusing(target, () => this.#stage(isPrivate(path) ? 0o600 : 0o644));
    this.#staged.set(path, file);
    return {
      write: (text) => refusing(target, () => file.write(text)),
      end: () => refusing(target, async () => void (await file.finish())),
    };
  }

  /**
   * Puts every staged file into its place, and the manifest last.
   *
   * @throws {@link BiotzPostmanError} `OUTPUT_CHANGED` naming every file that a person changed; nothing is
   *   replaced then, unless `force`
   */
  async commit({ force }: { readonly force: boolean }): Promise<readonly OutputFile[]> {
    const manifest = new Map(await readManifest(join(this.#folder, MANIFEST)));
    const finished: Finished[] = [];
    for (const [path, file] of this.#staged) {
      const target = join(this.#folder, path);
      const [digest, present] = await refusing(target, async () => [
        await file.finish(),
        await digestOf(target),
      ]);
      finished.push({ path, target, file, digest, present });
    }
    const changed = finished.filter(
      ({ path, digest, present }) =>
        present !== undefined && present !== digest && present !== manifest.get(path),
    );
    if (changed.length > 0 && !force) {
      throw fileError('OUTPUT_CHANGED', { files: changed.map(({ target }) => target) });
    }
    const inPlace = new Map(manifest);
    // On the disk before anything is replaced: where there is no room for it, nothing changes at all.
    const next = await this.#stageManifest([
      ...manifest,
      ...finished.map(({ path, digest }) => [path, digest] as const),
    ]);
    try {
      for (const file of finished) {
        await refusing(file.target, () => putInPlace(file));
        inPlace.set(file.path, file.digest);
      }
      await refusing(next.target, () => next.file.replace(next.target));
    } catch (error) {
      await next.file.discard();
      // What is in place is ours all the same; otherwise the next run would take it for a person's change.
      await this.#replaceManifest(inPlace).catch(() => undefined);
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

  /** Removes what was staged and is not in place, and the folders that were made for it where they are empty. */
  async discard(): Promise<void> {
    await Promise.all([...this.#staged.values()].map((file) => file.discard()));
    this.#staged.clear();
    for (const folder of this.#created) await removeIfEmpty(folder);
  }

  /** Below `private/`, also what is not secret: there git and other people see no temporary file. */
  #stage(mode: number): Promise<StagedFile> {
    return StagedFile.create(join(this.#folder, PRIVATE), mode);
  }

  async #stageManifest(digests: Iterable<readonly [string, string]>) {
    const target = join(this.#folder, MANIFEST);
    return refusing(target, async () => {
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

  async #replaceManifest(manifest: Manifest): Promise<void> {
    const { file, target } = await this.#stageManifest(manifest);
    try {
      await file.replace(target);
    } finally {
      await file.discard();
    }
  }
}

const isPrivate = (path: string) => path.startsWith(`${PRIVATE}/`);

/** @returns whether the folder is new */
async function makePrivate(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
    // A umask may have taken it from its owner, too.
    await chmod(folder, 0o700);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const present = await lstat(folder);
  // Behind a symbolic link the secrets would lie somewhere else than the user was told.
  if (present.isSymbolicLink()) throw errno('ELOOP');
  if (!present.isDirectory()) throw errno('ENOTDIR');
  if ((present.mode & 0o077) !== 0) await chmod(folder, 0o700);
  return false;
}

/** Before the first secret: a run that is killed must leave none that `git add` would take. */
async function ignoreForGit(folder: string): Promise<void> {
  // An empty one, which a full disk leaves of a plain write, would ignore nothing for ever.
  const staged = await StagedFile.create(folder, 0o600);
  try {
    await staged.write('*\n');
    await staged.putNew(join(folder, IGNORE));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await staged.discard();
  }
}

/** A folder with nothing in it but our own `.gitignore` counts as empty. */
async function removeIfEmpty(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 1 && names[0] === IGNORE) await rm(join(folder, IGNORE), { force: true });
  await rmdir(folder).catch(() => undefined);
}

async function putInPlace({ path, target, file, digest, present }: Finished): Promise<void> {
  if (present !== digest) await file.replace(target);
  // The same bytes, but perhaps readable by others since.
  else if (isPrivate(path)) await chmod(target, file.mode);
}

/** The digest of what stands at a place; `undefined` where nothing does. */
async function digestOf(target: string): Promise<string | undefined> {
  try {
    const present = await lstat(target);
    if (present.isDirectory()) throw errno('EISDIR');
    // Not ours, and not to be followed: it equals no digest, so that only `force` replaces the link itself.
    if (!present.isFile()) return 'not a regular file';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  const hash = createHash('sha256');
  await pipeline(createReadStream(target), hash);
  return hash.digest('hex');
}

/** A refusal of ours, shaped like one of the system. */
const errno = (code: string) => Object.assign(new Error(code), { code, syscall: 'lstat' });

/** SHA-256 in hex of every file that was written into a folder, by its path in it. */
export type Manifest = ReadonlyMap<string, string>;

/** A million files take a third of it. */
const MOST_BYTES = 500_000_000;

/** Reads a manifest. One that is missing or damaged knows nothing, and so protects every file. */
export async function readManifest(file: string): Promise<Manifest> {
  const read = await readJson(file, { mostBytes: MOST_BYTES, pipes: false });
  const files = 'value' in read && isObject(read.value) ? read.value['files'] : undefined;
  return new Map(
    Object.entries(isObject(files) ? files : {}).map(([path, digest]) => [path, String(digest)]),
  );
}

export function manifestText(manifest: Manifest): string {
  const files = Object.fromEntries([...manifest].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ version: 1, files }, null, 2)}\n`;
}
