/** Something did not come in time; has the code that Node gives to a connection for which that is so. */
class DeadlineError extends Error {
  readonly code = 'ETIMEDOUT';
}

/**
 * Waits for something, but not for ever.
 *
 * @param giveUp lets go of what would still come
 * @throws what it was waiting for throws, or an error with the code ETIMEDOUT
 */
export async function within<T>(
  timeoutMs: number,
  wanted: Promise<T>,
  giveUp: () => void = () => undefined,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlineError());
      giveUp();
    }, timeoutMs);
  });
  try {
    return await Promise.race([wanted, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
