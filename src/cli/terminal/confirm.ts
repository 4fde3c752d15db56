import confirm from '@inquirer/confirm';
import { Interrupted } from './interrupt.js';
import { answerTo } from './prompt.js';
import type { Terminal } from './terminal.js';

/** Whether somebody is there to answer. */
export function canAsk({ isInteractive, io }: Terminal): boolean {
  return isInteractive && io.stdin.isTTY === true;
}

/**
 * Asks a question on standard error, because standard output is for results; without a word, the answer is no.
 *
 * @param signal takes the question away
 * @returns `undefined` where it was taken away, or at Ctrl-C
 */
export async function confirmed(
  message: string,
  { io }: Terminal,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  try {
    const prompt = confirm(
      { message, default: false },
      { input: io.stdin, output: io.stderr, ...(signal && { signal }) },
    );
    return await answerTo(prompt, io);
  } catch (error) {
    if (error instanceof Interrupted && error.signal === 'SIGINT') return undefined;
    if (error instanceof Error && error.name === 'AbortPromptError') return undefined;
    throw error;
  }
}
