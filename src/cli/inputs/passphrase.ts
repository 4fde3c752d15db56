import { optionError } from '../../errors/option-error.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { Secret } from '../../secret/secret.js';
import type { Io } from '../io.js';
import { askHidden } from './password.js';

const VARIABLE = 'BIOTZ_AGE_PASSPHRASE';

/**
 * The passphrase that a file was encrypted with: BIOTZ_AGE_PASSPHRASE, or from a prompt; `undefined` where there is
 * neither.
 */
export async function knownPassphrase(file: string, io: Io): Promise<Secret | undefined> {
  return fromVariable(io) ?? (await ask(`Passphrase of ${file}:`, io));
}

/**
 * The passphrase to encrypt with: BIOTZ_AGE_PASSPHRASE, or twice from a prompt.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID where there is none
 */
export async function newPassphrase(io: Io): Promise<Secret> {
  const variable = fromVariable(io);
  if (variable !== undefined) return variable;
  const first = await ask('Passphrase to encrypt with:', io);
  if (first === undefined) throw unusable('needs a passphrase');
  const again = await ask('The same once more:', io);
  if (again?.reveal() !== first.reveal()) throw unusable('was entered twice, and not the same');
  return first;
}

function fromVariable({ env }: Io): Secret | undefined {
  const variable = env[VARIABLE];
  if (variable === undefined) return undefined;
  // Node puts it in the place of bytes that are not UTF-8, and no other program would have the same passphrase.
  if (variable.includes('\ufffd')) {
    throw optionError('OPTION_INVALID', {
      option: VARIABLE,
      problem: 'is not valid UTF-8 text',
      next: 'Set it in UTF-8, or enter it at the prompt, in a terminal.',
    });
  }
  return new Secret(variable);
}

async function ask(question: string, io: Io): Promise<Secret | undefined> {
  if (io.stdin.isTTY !== true) return undefined;
  const answer = await askHidden(question, io);
  return answer === '' ? undefined : new Secret(answer);
}

function unusable(problem: string): BiotzPostmanError {
  const next = `Set ${VARIABLE}, or enter it at the prompt, in a terminal.`;
  return optionError('OPTION_INVALID', { option: '--passphrase', problem, next });
}
