import { deviceError } from '../../device/errors.js';
import type { CredentialsFile } from '../../device/source/credentials-file.js';
import { openCredentials } from '../../device/source/open-credentials.js';
import type { Diagnostic, OnDiagnostic } from '../../device/diagnostic.js';
import { formatDiagnostic } from '../../device/diagnostic.js';
import { type KeyArguments, keysFrom } from './age-keys.js';
import { warnOfModes } from './exposure.js';
import type { Terminal } from '../terminal/terminal.js';

/** How many diagnostics of one kind are printed: a fleet with a misspelt column has one for each row. */
const SHOWN_PER_CODE = 20;

/** What a credentials file is called in messages. */
export function nameOf(source: string): string {
  return source === '-' ? '<stdin>' : source;
}

/**
 * Opens what DEVICES names, and what decrypts it.
 *
 * @param source a path, or `-` for standard input
 * @param keys where identities are
 * @param onDiagnostic told why, where it cannot be opened; and who else can get at it, or at an identity
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

/** Prints diagnostics as they come, and ends the command when one of them was an error. */
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

  /** Says how many were left out. */
  finish(): void {
    for (const [code, count] of this.#counts) {
      if (count > SHOWN_PER_CODE) this.#terminal.note(`and ${count - SHOWN_PER_CODE} more of [${code}]\n`);
    }
  }

  /** @throws {BiotzPostmanError} CREDENTIALS_INVALID */
  requireNoErrors(): void {
    this.finish();
    if (this.#errorCount > 0) throw deviceError('CREDENTIALS_INVALID', { diagnostics: this.#errors });
  }
}
