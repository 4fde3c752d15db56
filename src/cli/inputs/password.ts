import { optionError } from '../../errors/option-error.js';
import password from '@inquirer/password';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { harmless } from '../../text/harmless.js';
import { Secret } from '../../secret/secret.js';
import type { Io } from '../io.js';
import { answerTo } from '../terminal/prompt.js';

/** No password is longer; this is to notice a wrong file. In bytes. */
const LONGEST_BYTES = 64 * 1024;

/**
 * Takes a password from where no process list or shell history sees it: BIOTZ_PASSWORD, standard input, or a
 * prompt that does not echo.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID where there is none
 */
export async function readPassword(username: string, io: Io): Promise<Secret> {
  const variable = io.env['BIOTZ_PASSWORD'];
  if (variable !== undefined) return new Secret(variable);
  const text =
    io.stdin.isTTY === true ? await askHidden(`Password of ${username}:`, io) : await readInput(io);
  if (text === '') throw missing('is empty');
  return new Secret(text);
}

/**
 * Asks on the terminal, without an echo or a key that shows what is typed, and on standard error: standard output is for results.
 *
 * @throws {Interrupted}
 */
export function askHidden(message: string, io: Io): Promise<string> {
  const options = { message: harmless(message), mask: false, toggleMask: false };
  return answerTo(password(options, { input: io.stdin, output: io.stderr }), io);
}

async function readInput({ stdin }: Io): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of stdin) {
    bytes += part.length;
    if (bytes > LONGEST_BYTES) throw missing('is longer than 64 KiB');
    parts.push(part);
  }
  // `echo` and editors add a line break that is not part of it.
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

function missing(problem: string): BiotzPostmanError {
  return optionError('OPTION_INVALID', {
    option: '--username',
    problem: `needs a password, which ${problem}`,
    next: 'Set BIOTZ_PASSWORD, pipe the password into standard input, or enter it at the prompt.',
  });
}
