import { type FileHandle, open } from 'node:fs/promises';
import { BiotzPostmanError, isBiotzPostmanError } from '../errors.js';
import { diagnose, type DiagnosticArgs, type DiagnosticCode } from './diagnostic.js';
import { errorCode } from '../error-code.js';

/** How much input is held in memory where it cannot be read twice, or not in parts: 64 MiB. */
export const MAX_HELD_BYTES = 64 * 2 ** 20;

/** How many bytes are read and parsed at a time. */
const CHUNK_BYTES = 64 * 1024;

/** An open credentials file, which can be read from its start any number of times. */
export interface CredentialsFile {
  /** The name as the user gave it; `<stdin>` for standard input. */
  readonly name: string;
  /** The first bytes of the content, enough to tell what it is. */
  head(): Promise<Buffer>;
  /**
   * The content from its start, in parts.
   *
   * @throws CREDENTIALS_CHANGED when the file is no longer what it was when it was opened
   */
  chunks(): AsyncGenerator<Buffer, void>;
  /** The content in one piece; `undefined` when it is larger than {@link MAX_HELD_BYTES}. */
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
 * else (a stream, a pipe, `/dev/fd/N`) can be read only once: it is held in memory, up to
 * {@link MAX_HELD_BYTES}, and never written to a disk, where its passwords would stay behind.
 *
 * @throws CREDENTIALS_INVALID with `file-not-readable` or `file-too-large`
 */
export async function openCredentials(source: string | NamedStream): Promise<CredentialsFile> {
  if (typeof source !== 'string') return hold(source);
  let handle: FileHandle | undefined;
  try {
    handle = await open(source, 'r');
    const stat = await handle.stat();
    if (stat.isFile()) return await regularFile(source, handle);
    if (stat.isDirectory()) refuse(source, 'file-not-readable', { reason: 'EISDIR' });
    const held = await hold({ stream: handle.createReadStream({ autoClose: false }), name: source });
    await handle.close();
    return held;
  } catch (error) {
    await handle?.close();
    return refuseUnreadable(source, error);
  }
}

async function regularFile(name: string, handle: FileHandle): Promise<CredentialsFile> {
  const opened = await handle.stat({ bigint: true });

  async function assertUnchanged(): Promise<void> {
    const now = await handle.stat({ bigint: true });
    if (now.size !== opened.size || now.mtimeNs !== opened.mtimeNs || now.ino !== opened.ino) {
      throw new BiotzPostmanError('CREDENTIALS_CHANGED', { file: name });
    }
  }

  async function read(bytes: number, position: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(bytes);
    const { bytesRead } = await handle
      .read(buffer, 0, bytes, position)
      .catch((error: unknown) => refuseUnreadable(name, error));
    return buffer.subarray(0, bytesRead);
  }

  async function* chunks(): AsyncGenerator<Buffer, void> {
    for (let position = 0; ;) {
      const chunk = await read(CHUNK_BYTES, position);
      // A pass may take hours: no byte of a file that was written to meanwhile may be used.
      await assertUnchanged();
      if (chunk.length === 0) return;
      position += chunk.length;
      yield chunk;
    }
  }

  return {
    name,
    head: () => read(4096, 0),
    chunks,
    whole: async () => {
      if (opened.size > MAX_HELD_BYTES) return undefined;
      const parts: Buffer[] = [];
      for await (const part of chunks()) parts.push(part);
      return Buffer.concat(parts);
    },
    close: () => handle.close(),
  };
}

async function hold({ stream, name }: NamedStream): Promise<CredentialsFile> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of stream) {
      parts.push(part);
      length += part.length;
      if (length > MAX_HELD_BYTES) refuse(name, 'file-too-large', { limit: MAX_HELD_BYTES });
    }
  } catch (error) {
    refuseUnreadable(name, error);
  }
  const content = Buffer.concat(parts);
  return {
    name,
    head: async () => content.subarray(0, 4096),
    async *chunks() {
      for (let position = 0; position < content.length; position += CHUNK_BYTES) {
        yield content.subarray(position, position + CHUNK_BYTES);
      }
    },
    whole: async () => content,
    close: async () => {},
  };
}

function refuse<C extends DiagnosticCode>(file: string, code: C, args: DiagnosticArgs[C]): never {
  throw new BiotzPostmanError('CREDENTIALS_INVALID', {
    diagnostics: [diagnose(code, 'error', file, args)],
  });
}

/** Turns an error of the file system or of a stream into a diagnostic; any other is passed on. */
function refuseUnreadable(file: string, error: unknown): never {
  const code = errorCode(error);
  if (code === undefined || isBiotzPostmanError(error)) throw error;
  refuse(file, 'file-not-readable', { reason: code });
}
