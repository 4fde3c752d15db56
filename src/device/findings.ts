import {
  type Diagnostic,
  type DiagnosticArgs,
  type DiagnosticCode,
  diagnose,
  type Place,
} from './diagnostic.js';

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

  error<C extends DiagnosticCode>(code: C, args: DiagnosticArgs[C], place?: Place): void {
    this.#errors++;
    this.#onDiagnostic(diagnose(code, 'error', this.#file, args, place));
  }

  warning<C extends DiagnosticCode>(code: C, args: DiagnosticArgs[C], place?: Place): void {
    this.#warnings++;
    this.#onDiagnostic(diagnose(code, 'warning', this.#file, args, place));
  }
}
