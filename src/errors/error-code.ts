/** The code of an error of Node.js, such as `ENOENT` or `ERR_BUFFER_TOO_LARGE`. */
export function errorCode(error: unknown): string | undefined {
  // No instanceof: such an error may come from another realm (a vm context, a worker).
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** An error of this program, shaped like a refusal of the system. */
export const systemError = (code: string, syscall = 'lstat') =>
  Object.assign(new Error(code), { code, syscall });
