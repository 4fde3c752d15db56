/** An error's message, also of one from another realm such as a script's. */
export function messageOf(error: unknown): string {
  const message: unknown =
    typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return typeof message === 'string' ? message : 'something that is no error was thrown';
}
