import confirm from '@inquirer/confirm';
import type { Terminal } from './terminal.js';

/** Whether somebody is there to answer. */
export function canAsk(terminal: Terminal): boolean {
  return terminal.isInteractive && process.stdin.isTTY;
}

/**
 * Asks a question on standard error; without a word, the answer is no.
 *
 * @returns `undefined` at Ctrl-C
 */
export async function confirmed(message: string): Promise<boolean | undefined> {
  try {
    return await confirm({ message, default: false }, { output: process.stderr });
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') return undefined;
    throw error;
  }
}
