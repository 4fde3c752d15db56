import { errorCode } from '../../errors/error-code.js';
import { harmless } from '../../text/harmless.js';
import type { Io } from '../io.js';
import { Interrupted } from './interrupt.js';
import type { Terminal } from './terminal.js';

// Prompts are written to standard error, because standard output is for results. Their libraries are loaded on demand.

/** Whether a person can answer a question. */
export function canAsk({ isInteractive, io }: Terminal): boolean {
  return isInteractive && io.stdin.isTTY === true;
}

/**
 * Asks a question with yes or no; the default is no.
 *
 * @param signal withdraws the question
 * @returns `undefined` if the question was withdrawn, or at Ctrl-C
 */
export async function confirmed(
  message: string,
  { io }: Terminal,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const { default: confirm } = await import('@inquirer/confirm');
  try {
    const context = { input: io.stdin, output: io.stderr, ...(signal && { signal }) };
    return await answerTo(confirm({ message, default: false }, context), io);
  } catch (error) {
    if (error instanceof Interrupted && error.signal === 'SIGINT') return undefined;
    if (error instanceof Error && error.name === 'AbortPromptError') return undefined;
    throw error;
  }
}

/**
 * Asks for a secret, without an echo or a key that shows what is typed.
 *
 * @throws {Interrupted}
 */
export async function askHidden(message: string, io: Io): Promise<string> {
  const { default: password } = await import('@inquirer/password');
  const options = { message: harmless(message), mask: false, toggleMask: false };
  return answerTo(password(options, { input: io.stdin, output: io.stderr }), io);
}

/** @throws {Interrupted} at Ctrl-C, or if the terminal is closed; and the errors of the prompt */
async function answerTo<T>(prompt: Promise<T>, io: Io): Promise<T> {
  let stopListening = (): void => undefined;
  const closed = new Promise<never>((_resolve, reject) => {
    // Reading from a closed terminal fails with EIO, which the prompt's readline throws where no promise carries it.
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
