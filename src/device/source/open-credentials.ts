import { inMemory, readAtMost } from '../../files/read-file.js';
import { recogniseContent } from '../../files/content.js';
import { reasonOf } from '../../files/file-problem.js';
import { openInput } from '../../files/open-input.js';
import { type CredentialsFile, MAX_HELD_BYTES, refuse, refuseUnreadable } from './credentials-file.js';
import { type AgeKeys, decryptedFile } from './decrypted-file.js';
import { regularFile } from './regular-file.js';

/** A stream of bytes, such as standard input, and its name in messages. */
export interface NamedStream {
  readonly stream: AsyncIterable<Uint8Array>;
  readonly name: string;
}

/**
 * Opens a credentials file. A regular file stays open, so that every pass reads the same one. Everything
 * else (a stream, a pipe, `/dev/fd/N`) can be read only once: it is held in memory, up to 64 MiB, and never
 * written to a disk, where its passwords would stay behind.
 *
 * A file encrypted with age is decrypted each time it is read. It is read once to its end before that, because only
 * there does age prove that nothing is missing.
 *
 * @param keys decrypt the file; ignored if it is not encrypted
 * @throws CREDENTIALS_INVALID with `file-not-readable`, `file-too-large` or a code that begins with `age-`;
 *   CREDENTIALS_CHANGED; IDENTITY_INVALID
 */
export async function openCredentials(
  source: string | NamedStream,
  keys: AgeKeys = {},
): Promise<CredentialsFile> {
  const file = typeof source === 'string' ? await openPath(source) : await readIntoMemory(source);
  try {
    const content = recogniseContent(await file.head());
    return content.kind === 'age' ? await decryptedFile(file, content.form, keys) : file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openPath(path: string): Promise<CredentialsFile> {
  const opened = await openInput(path);
  if ('problem' in opened) return refuse(path, 'file-not-readable', { reason: reasonOf(opened.problem) });
  const { handle, isFile, stats } = opened;
  if (isFile) return regularFile(path, handle, stats);
  try {
    return await readIntoMemory({ stream: handle.createReadStream({ autoClose: false }), name: path });
  } finally {
    await handle.close();
  }
}

/**
 * Reads a stream to its end and holds it, up to 64 MiB.
 *
 * @throws CREDENTIALS_INVALID with `file-not-readable` or `file-too-large`
 */
export async function readIntoMemory({ stream, name }: NamedStream): Promise<CredentialsFile> {
  const read = readAtMost(stream, MAX_HELD_BYTES);
  const content = await read.catch((error: unknown) => refuseUnreadable(name, error));
  if (content === undefined) return refuse(name, 'file-too-large', { limit: MAX_HELD_BYTES });
  return {
    name,
    head: async () => content.subarray(0, 4096),
    ...inMemory(content),
    whole: async () => content,
    close: async () => {},
  };
}
