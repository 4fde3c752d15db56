import confirm from '@inquirer/confirm';
import type { Terminal } from './terminal.js';

/** Whether somebody is there to answer. */
export function canAsk(terminal: Terminal): boolean {
  return terminal.isInteractive && process.stdin.isTTY;
}

/**
 * Asks a question on standard error, because standard output is for results; without a word, the answer is no.
 *
 * @param signal takes the question away
 * @returns `undefined` where it was taken away, or at Ctrl-C
 */
export async function confirmed(message: string, signal?: AbortSignal): Promise<boolean | undefined> {
  try {
    return await confirm({ message, default: false }, { output: process.stderr, ...(signal && { signal }) });
  } catch (error) {
    if (error instanceof Error && /^(ExitPrompt|AbortPrompt)Error$/.test(error.name)) return undefined;
    throw error;
  }
}
