import { invalidOption } from '../../errors/option-error.js';
import { Secret } from '../../secret/secret.js';
import type { Io } from '../io.js';
import { askHidden } from '../terminal/prompt.js';

// Secrets come from a variable, standard input or a prompt, where no process list or shell history shows them.

const PASSPHRASE = 'BIOTZ_AGE_PASSPHRASE';

/** No password is longer; a longer input is a wrong file. */
const LONGEST_BYTES = 64 * 1024;

/**
 * Takes a password from BIOTZ_PASSWORD, standard input or a prompt.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID if there is none
 */
export async function readPassword(username: string, io: Io): Promise<Secret> {
  const variable = io.env['BIOTZ_PASSWORD'];
  if (variable !== undefined) return new Secret(variable);
  const isTerminal = io.stdin.isTTY === true;
  const text = isTerminal ? await askHidden(`Password of ${username}:`, io) : await readInput(io);
  if (text === '') throw noPassword('is empty');
  return new Secret(text);
}

async function readInput({ stdin }: Io): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of stdin) {
    bytes += part.length;
    if (bytes > LONGEST_BYTES) throw noPassword('is longer than 64 KiB');
    parts.push(part);
  }
  // `echo` and editors append a line break that is not part of the password.
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

/** The passphrase of an encrypted file, from BIOTZ_AGE_PASSPHRASE or a prompt; `undefined` if there is neither. */
export async function knownPassphrase(file: string, io: Io): Promise<Secret | undefined> {
  return fromVariable(io) ?? (await ask(`Passphrase of ${file}:`, io));
}

/**
 * The passphrase to encrypt with, from BIOTZ_AGE_PASSPHRASE or entered twice at a prompt.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID if there is none
 */
export async function newPassphrase(io: Io): Promise<Secret> {
  const variable = fromVariable(io);
  if (variable !== undefined) return variable;
  const first = await ask('Passphrase to encrypt with:', io);
  if (first === undefined) throw noPassphrase('needs a passphrase');
  const again = await ask('Repeat the passphrase:', io);
  if (again?.reveal() !== first.reveal()) throw noPassphrase('was entered twice, with different text');
  return first;
}

function fromVariable({ env }: Io): Secret | undefined {
  const variable = env[PASSPHRASE];
  if (variable === undefined) return undefined;
  // Node replaces bytes that are not UTF-8 by this character, so that no other program would have the same passphrase.
  if (variable.includes('\ufffd')) {
    throw invalidOption(
      PASSPHRASE,
      'is not valid UTF-8 text',
      'Set it in UTF-8, or enter it at the prompt of a terminal.',
    );
  }
  return new Secret(variable);
}

async function ask(question: string, io: Io): Promise<Secret | undefined> {
  if (io.stdin.isTTY !== true) return undefined;
  const answer = await askHidden(question, io);
  return answer === '' ? undefined : new Secret(answer);
}

function noPassword(problem: string) {
  return invalidOption(
    '--username',
    `needs a password, but the password ${problem}`,
    'Set BIOTZ_PASSWORD, pipe the password into standard input, or enter it at the prompt.',
  );
}

function noPassphrase(problem: string) {
  const next = `Set ${PASSPHRASE}, or enter the passphrase at the prompt of a terminal.`;
  return invalidOption('--passphrase', problem, next);
}
