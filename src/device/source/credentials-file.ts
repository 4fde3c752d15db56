import { recogniseContent } from '../../files/content.js';
import { type AgeKeys, decryptedFile } from './decrypted-file.js';
import { hold } from './held-file.js';
import { reasonOf } from '../../files/file-problem.js';
import { openInput } from '../../files/open-input.js';
import { regularFile } from './regular-file.js';
import { refuse } from './unreadable.js';

/** An open credentials file, which can be read from its start any number of times. */
export interface CredentialsFile {
  /** The name as the user gave it; `<stdin>` for standard input. */
  readonly name: string;
  /** The first bytes of the content, enough to tell what it is. */
  head(): Promise<Buffer>;
  /**
   * The content from its start, in parts.
   *
   * @throws CREDENTIALS_CHANGED when the file is no longer what it was when it was opened, or first read
   */
  chunks(): AsyncGenerator<Buffer, void>;
  /** The content in one piece; `undefined` when it is larger than 64 MiB. */
  whole(): Promise<Buffer | undefined>;
  close(): Promise<void>;
}

/** A stream of bytes, such as standard input, and what to call it. */
export interface NamedStream {
  readonly stream: AsyncIterable<Uint8Array>;
  readonly name: string;
}

/**
 * Opens a credentials file. A regular file stays open, so that every pass reads the same one. Everything
 * else (a stream, a pipe, `/dev/fd/N`) can be read only once: it is held in memory, up to 64 MiB, and never
 * written to a disk, where its passwords would stay behind.
 *
 * A file that age encrypted is decrypted as it is read, and only after it was read once to its end: age proves there
 * that nothing is missing.
 *
 * @param keys what opens it; ignored for a file that is not encrypted
 * @throws CREDENTIALS_INVALID with `file-not-readable`, `file-too-large` or a code that begins with `age-`;
 *   CREDENTIALS_CHANGED; IDENTITY_INVALID
 */
export async function openCredentials(
  source: string | NamedStream,
  keys: AgeKeys = {},
): Promise<CredentialsFile> {
  const file = await openAsItIs(source);
  try {
    const content = recogniseContent(await file.head());
    return content.kind === 'age' ? await decryptedFile(file, content.form, keys) : file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openAsItIs(source: string | NamedStream): Promise<CredentialsFile> {
  if (typeof source !== 'string') return hold(source);
  const opened = await openInput(source);
  if ('problem' in opened) return refuse(source, 'file-not-readable', { reason: reasonOf(opened.problem) });
  const { handle, isFile, stats } = opened;
  if (isFile) return regularFile(source, handle, stats);
  try {
    return await hold({ stream: handle.createReadStream({ autoClose: false }), name: source });
  } finally {
    await handle.close();
  }
}
