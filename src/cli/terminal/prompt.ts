import { errorCode } from '../../errors/error-code.js';
import type { Io } from '../io.js';
import { Interrupted } from './interrupt.js';

/**
 * Waits for the answer to a prompt.
 *
 * @throws {Interrupted} at Ctrl-C, or if the terminal is closed; what the prompt throws
 */
export async function answerTo<T>(prompt: Promise<T>, io: Io): Promise<T> {
  let stopListening = (): void => undefined;
  const closed = new Promise<never>((_resolve, reject) => {
    // Reading from a closed terminal fails with EIO, which the prompt's readline throws where only the process gets it.
    stopListening = io.onUncaught((error) => {
      if (errorCode(error) !== 'EIO') throw error;
      reject(new Interrupted('SIGHUP'));
    });
  });
  try {
    return await Promise.race([prompt, closed]);
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new Interrupted('SIGINT');
    throw error;
  } finally {
    stopListening();
  }
}
