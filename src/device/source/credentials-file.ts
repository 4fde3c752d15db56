import { isBiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { errorCode } from '../../errors/error-code.js';
import { readAtMost } from '../../files/read-file.js';
import { diagnose, type DiagnosticArgs, type DiagnosticCode } from '../diagnostic.js';
import { deviceError } from '../errors.js';

/** An open credentials file, which can be read from its start any number of times. */
export interface CredentialsFile {
  /** The name as the user gave it; `<stdin>` for standard input. */
  readonly name: string;
  /** The first bytes of the content, enough to recognise its kind. */
  head(): Promise<Buffer>;
  /**
   * The content from its start, in chunks.
   *
   * @throws CREDENTIALS_CHANGED if the file is no longer what it was when it was opened or first read
   */
  chunks(): AsyncGenerator<Buffer, void>;
  /** The whole content; `undefined` if it is larger than 64 MiB. */
  whole(): Promise<Buffer | undefined>;
  close(): Promise<void>;
}

/** The most input that is held in memory when it cannot be read twice, or not in chunks: 64 MiB. */
export const MAX_HELD_BYTES = 64 * 2 ** 20;

/** The whole content; `undefined` if it is too large to be held in memory. */
export async function readWhole(
  bytes: number | bigint,
  chunks: AsyncIterable<Buffer>,
): Promise<Buffer | undefined> {
  return bytes > MAX_HELD_BYTES ? undefined : readAtMost(chunks, MAX_HELD_BYTES);
}

/** Stops reading a file whose only diagnostic is this one. @throws CREDENTIALS_INVALID */
export function refuse<C extends DiagnosticCode>(file: string, code: C, args: DiagnosticArgs[C]): never {
  throw deviceError('CREDENTIALS_INVALID', { diagnostics: [diagnose(code, 'error', file, args)] });
}

/** Turns an error of the file system or of a stream into a diagnostic; throws any other error as it is. */
export function refuseUnreadable(file: string, error: unknown): never {
  const code = errorCode(error);
  if (code === undefined || isBiotzPostmanError(error)) throw error;
  refuse(file, 'file-not-readable', { reason: code });
}
