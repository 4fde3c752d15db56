import { deviceError } from '../errors.js';
import { errorCode } from '../../errors/error-code.js';
import { isBiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { diagnose, type DiagnosticArgs, type DiagnosticCode } from '../diagnostic.js';

/** Ends the reading of a file of which nothing can be said but this. @throws CREDENTIALS_INVALID */
export function refuse<C extends DiagnosticCode>(file: string, code: C, args: DiagnosticArgs[C]): never {
  throw deviceError('CREDENTIALS_INVALID', {
    diagnostics: [diagnose(code, 'error', file, args)],
  });
}

/** Turns an error of the file system or of a stream into a diagnostic; any other is passed on. */
export function refuseUnreadable(file: string, error: unknown): never {
  const code = errorCode(error);
  if (code === undefined || isBiotzPostmanError(error)) throw error;
  refuse(file, 'file-not-readable', { reason: code });
}
