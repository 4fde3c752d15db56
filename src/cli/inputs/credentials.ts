import { deviceError } from '../../device/errors.js';
import type { CredentialsFile } from '../../device/source/credentials-file.js';
import { openCredentials } from '../../device/source/open-credentials.js';
import type { Diagnostic, OnDiagnostic } from '../../device/diagnostic.js';
import { formatDiagnostic } from '../../device/diagnostic.js';
import { warnOfModes } from './exposure.js';
import type { Terminal } from '../terminal/terminal.js';
import { invalidOption } from '../../errors/option-error.js';
import { ageError } from '../../age/errors.js';
import type { AgeKeys } from '../../device/source/decrypted-file.js';
import type { BiotzPostmanError } from '../../errors/biotz-postman-error.js';
import { reasonOf, type FileProblem } from '../../files/file-problem.js';
import { readBytes } from '../../files/read-file.js';
import type { Secret } from '../../secret/secret.js';
import { knownPassphrase } from './password.js';

/** Printed diagnostics per code: a misspelt column causes one for each row. */
const SHOWN_PER_CODE = 20;

/** The name of a credentials file in messages. */
export function nameOf(source: string): string {
  return source === '-' ? '<stdin>' : source;
}

/**
 * Opens DEVICES with the keys that decrypt it.
 *
 * @param source a path, or `-` for standard input
 * @param onDiagnostic receives the reasons why the file cannot be opened, and warnings about other users who can read the
 *   file or an identity
 * @throws {BiotzPostmanError} CREDENTIALS_CHANGED, CREDENTIALS_INVALID, IDENTITY_INVALID, KEY_FILE_NOT_READABLE,
 *   OPTION_INVALID
 */
export async function openSource(
  source: string,
  keys: KeyArguments,
  onDiagnostic: OnDiagnostic,
  terminal: Terminal,
): Promise<CredentialsFile> {
  const name = nameOf(source);
  const opened = await keysFrom(keys, name, terminal);
  try {
    const file = await openCredentials(source === '-' ? { stream: terminal.io.stdin, name } : source, opened);
    for (const secret of [source, ...(keys.identity ?? [])]) await warnOfModes(secret, onDiagnostic);
    return file;
  } catch (error) {
    if (deviceError.is(error, 'CREDENTIALS_INVALID')) error.args.diagnostics.forEach(onDiagnostic);
    throw error;
  }
}

/** CI systems keep secrets in variables: this one contains the identity itself. */
const IDENTITY_VARIABLE = 'BIOTZ_AGE_IDENTITY';

/** A larger file is a mistake. */
const MAX_IDENTITY_BYTES = 1_000_000;

/** Options of where identities come from. */
export interface KeyArguments {
  readonly identity?: readonly string[] | undefined;
}

/**
 * Collects the keys for an encrypted file: the identities of `--identity` and BIOTZ_AGE_IDENTITY, all of which are
 * tried, and a passphrase, which is requested only if the file needs one.
 *
 * @param source the file's name in prompts
 * @throws {BiotzPostmanError} IDENTITY_INVALID, KEY_FILE_NOT_READABLE, OPTION_INVALID
 */
async function keysFrom(
  { identity: files = [] }: KeyArguments,
  source: string,
  terminal: Terminal,
): Promise<Required<AgeKeys>> {
  const text = terminal.io.env[IDENTITY_VARIABLE];
  const identities: Secret[] = [];
  if (files.length > 0 || text !== undefined) {
    // Loaded only here: most files are not encrypted.
    const { looksLikeIdentity, parseIdentities } = await import('../../age/keys.js');
    const { identitiesOf } = await import('../../age/keys.js');
    for (const file of files) {
      if (looksLikeIdentity(file)) throw notInAnArgument();
      const read = await readBytes(file, { mostBytes: MAX_IDENTITY_BYTES });
      if ('problem' in read) throw unreadable(file, read.problem);
      identities.push(...(await identitiesOf(read.bytes, file, () => knownPassphrase(file, terminal.io))));
    }
    if (text !== undefined) identities.push(...parseIdentities(text, IDENTITY_VARIABLE));
  }
  terminal.redactor.trackSecrets(identities.map((identity) => identity.reveal()));
  return { identities, passphrase: () => knownPassphrase(source, terminal.io) };
}

function unreadable(file: string, problem: FileProblem): BiotzPostmanError {
  return problem.code === 'too-large'
    ? ageError('IDENTITY_INVALID', { from: file, problem: 'too-large' })
    : ageError('KEY_FILE_NOT_READABLE', {
        option: '--identity',
        file,
        reason: reasonOf(problem),
      });
}

function notInAnArgument(): BiotzPostmanError {
  return invalidOption(
    '--identity',
    'takes a file; a private key is never taken from an argument',
    `The key is now in your shell history. Create a new one with "biotz-postman share keygen". ${IDENTITY_VARIABLE} can hold the identity itself.`,
  );
}

/** Prints diagnostics as they come, and ends the command if one of them is an error. */
export class DiagnosticPrinter {
  readonly #terminal: Terminal;
  readonly #counts = new Map<string, number>();
  readonly #errors: Diagnostic[] = [];
  #errorCount = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  readonly print = (diagnostic: Diagnostic): void => {
    const { code, severity } = diagnostic;
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (severity === 'error') {
      this.#errorCount++;
      if (this.#errors.length < SHOWN_PER_CODE) this.#errors.push(diagnostic);
    }
    if (count <= SHOWN_PER_CODE) this.#terminal.note(`${formatDiagnostic(diagnostic)}\n`);
  };

  /** Prints how many diagnostics were left out. */
  finish(): void {
    for (const [code, count] of this.#counts) {
      if (count > SHOWN_PER_CODE) this.#terminal.note(`${count - SHOWN_PER_CODE} more of [${code}]\n`);
    }
  }

  /** @throws {BiotzPostmanError} CREDENTIALS_INVALID */
  requireNoErrors(): void {
    this.finish();
    if (this.#errorCount > 0) throw deviceError('CREDENTIALS_INVALID', { diagnostics: this.#errors });
  }
}
