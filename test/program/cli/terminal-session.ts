import { spawn } from 'node:child_process';
import { shellWords } from '../../../src/text/shell-words.js';
import { bin } from '../../support/program.js';

/** Runs commands on a terminal of their own: util-linux's `script`. */
export const terminalProgram = { command: 'script' };

/** A question that a program asks, and what is typed then. */
export type Answer = readonly [question: string, answer: string];

/**
 * Runs a shell's command line on a terminal of its own, and answers what it asks there.
 *
 * @returns its exit status, and what the terminal showed
 */
export function onTerminal(
  command: string,
  answers: readonly Answer[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<{ readonly status: number | null; readonly shown: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TERM: 'xterm', ...env },
    });
    let shown = '';
    let from = 0;
    const left = [...answers];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
      const [question, answer] = left[0] ?? [];
      const at = question === undefined ? -1 : shown.indexOf(question, from);
      if (at < 0) return;
      from = at + (question ?? '').length;
      left.shift();
      child.stdin.write(`${answer}\r`);
    });
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, shown }));
  });
}

/** Runs the built program there, in a window in which no line is broken. */
export function programOnTerminal(
  args: readonly string[],
  answers: readonly Answer[],
  calling: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): ReturnType<typeof onTerminal> {
  // A terminal without a size is none that a person looks at.
  const command = `stty rows 50 cols 400; exec ${shellWords([process.execPath, bin, ...args])}`;
  return onTerminal(command, answers, calling);
}
