/** The name of a system error, such as ENOSPC; `undefined` for every other error. */
export function errnoOf(error: unknown): string | undefined {
  // Not `instanceof Error`: the errors of node:fs come from another realm where a test runner has its own.
  const isSystemError = typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error;
  return isSystemError ? String(error.code) : undefined;
}
