import { fileError } from './errors.js';
import { errorCode } from '../errors/error-code.js';
import { isBiotzPostmanError } from '../errors/biotz-postman-error.js';

/** Turns what the system refuses into our own error, which names the file and holds nothing of its content. */
export function notWritten(file: string, error: unknown): unknown {
  const reason = errorCode(error);
  return reason === undefined || isBiotzPostmanError(error)
    ? error
    : fileError('OUTPUT_NOT_WRITTEN', { file, reason });
}

/** Does what the system may refuse. @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN */
export async function refusing<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw notWritten(file, error);
  }
}
