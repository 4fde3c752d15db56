import type { Diagnostic, DiagnosticArgs, DiagnosticCode, Place, Severity } from './diagnostic.js';

/** Receives each diagnostic as it is found; it must not throw. */
export type OnDiagnostic = (diagnostic: Diagnostic) => void;

/** Hands on what is found in one file, and counts it. */
export class Findings {
  readonly #file: string;
  readonly #onDiagnostic: OnDiagnostic;
  #errors = 0;
  #warnings = 0;

  constructor(file: string, onDiagnostic: OnDiagnostic) {
    this.#file = file;
    this.#onDiagnostic = onDiagnostic;
  }

  get errors(): number {
    return this.#errors;
  }

  get warnings(): number {
    return this.#warnings;
  }

  error<C extends DiagnosticCode>(code: C, args: DiagnosticArgs[C], place: Place = {}): void {
    this.#errors++;
    this.#report(code, 'error', args, place);
  }

  warning<C extends DiagnosticCode>(code: C, args: DiagnosticArgs[C], place: Place = {}): void {
    this.#warnings++;
    this.#report(code, 'warning', args, place);
  }

  #report<C extends DiagnosticCode>(
    code: C,
    severity: Severity,
    args: DiagnosticArgs[C],
    place: Place,
  ): void {
    // TypeScript does not follow that the code and its arguments come from the same C.
    this.#onDiagnostic({ code, severity, file: this.#file, ...place, args } as Diagnostic);
  }
}
