import { cliError } from './errors.js';
import { errorCode } from '../errors/error-code.js';
import { BiotzPostmanError } from '../errors/biotz-postman-error.js';

/**
 * The named error for what the operating system refused and no other place has named; `undefined` for any other error.
 * It keeps the stack, which shows where that happened.
 */
export function systemRefusal(error: unknown): BiotzPostmanError | undefined {
  const reason = errorCode(error);
  if (reason === undefined || !(error instanceof Error) || error instanceof BiotzPostmanError)
    return undefined;
  // Node's own errors have codes too (ERR_…), and no system call.
  const { syscall: call, path: file } = error as NodeJS.ErrnoException;
  if (call === undefined) return undefined;
  const refusal = cliError('SYSTEM_REFUSED', {
    call,
    reason,
    ...(file !== undefined && { file }),
  });
  if (error.stack !== undefined) refusal.stack = error.stack;
  return refusal;
}
