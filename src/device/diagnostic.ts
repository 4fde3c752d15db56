import type { AgeProblemArgs } from '../age/undecryptable.js';
import type { BinaryKind } from '../files/content.js';
import type { ExposureArgs } from '../git/exposure.js';

/**
 * What can be said about a credentials file, and the facts each code carries. A diagnostic is data: the
 * sentence and the next step are made in `prose/diagnostics.ts`. No argument ever holds a value of a row,
 * which may be a password.
 */
export interface DiagnosticArgs extends AgeProblemArgs, ExposureArgs {
  // The file as a whole
  /** `reason` is an errno name such as ENOENT, or a clause such as `it is a device, not a regular file`. */
  'file-not-readable': { readonly reason: string };
  'file-empty': NoArgs;
  'file-binary': { readonly kind: BinaryKind };
  /** Also UTF-16 with half a character in it. */
  'file-not-utf8': NoArgs;
  /** Only for input that must be held in memory; `limit` in bytes. */
  'file-too-large': { readonly limit: number };
  'csv-malformed': { readonly problem: CsvProblem };
  'spreadsheet-malformed': NoArgs;
  /** `limit` in bytes, unpacked. */
  'spreadsheet-too-large': { readonly limit: number };
  'spreadsheet-too-many-rows': { readonly limit: number };
  /** The sheets that have the columns. */
  'spreadsheet-ambiguous': { readonly sheets: readonly string[] };
  /** All sheets that are not empty. */
  'spreadsheet-no-table': { readonly sheets: readonly string[] };
  // Columns
  'column-missing': { readonly column: KnownColumn };
  /** Error when the column is required, else a warning. The header's spelling is not told: it may be a device's password. */
  'column-misspelt': { readonly column: KnownColumn };
  /** `firstColumn` is the number of the column that was there first. */
  'column-duplicated': { readonly firstColumn: number };
  'column-reserved': { readonly column: string };
  // Rows; `expected` and `found` count fields
  'row-too-short': { readonly expected: number; readonly found: number };
  'row-too-long': { readonly expected: number; readonly found: number };
  'value-missing': { readonly column: KnownColumn };
  /** A spreadsheet's number, date or boolean where text is needed. */
  'value-numeric': { readonly column: KnownColumn };
  /** A formula's error, such as `#NAME?`; a warning where it may be a text, as in a CSV. */
  'value-error': { readonly column: KnownColumn; readonly error: string };
  /** `character` is the first one found around the value, such as `U+00A0`. */
  'value-padded': { readonly column: KnownColumn; readonly character: string };
  'created-invalid': NoArgs;
  'device-duplicated': { readonly column: KnownColumn; readonly firstLine: number };
  'username-mismatch': NoArgs;
  'password-placeholder': NoArgs;
  /** The password is also in a column that people see, in plain text or encoded. */
  'password-repeated': { readonly column: KnownColumn };
  /** `{{…}}` in a value. */
  'value-template': { readonly column: KnownColumn };
  'no-devices': NoArgs;
}

type NoArgs = Readonly<Record<string, never>>;

/** The platform's columns, in the platform's order. */
export const knownColumns = [
  'Created',
  'Name',
  'Customer ID',
  'Device ID',
  'MQTT Username',
  'HTTP Username',
  'Password',
  'Organization ID',
] as const;

export type KnownColumn = (typeof knownColumns)[number];

export type CsvProblem = 'quote-not-closed' | 'quote-misplaced' | 'text-after-quote' | 'row-too-long';

export type DiagnosticCode = keyof DiagnosticArgs;

export type Severity = 'error' | 'warning';

/** Where in its file a diagnostic belongs. */
export interface Place {
  /** Counted from 1, as an editor or a spreadsheet shows it; absent where the whole file is meant. */
  readonly line?: number;
  /** The column's number in the row, counted from 1; absent where the whole row is meant. */
  readonly column?: number;
}

interface DiagnosticOf<C extends DiagnosticCode> extends Place {
  readonly code: C;
  readonly severity: Severity;
  /** The file's name as the user gave it, or `<stdin>`. */
  readonly file: string;
  readonly args: DiagnosticArgs[C];
}

/** One finding. Narrow it by `code` to reach its `args`. */
export type Diagnostic<C extends DiagnosticCode = DiagnosticCode> = { [K in C]: DiagnosticOf<K> }[C];

/** Makes a diagnostic. */
export function diagnose<C extends DiagnosticCode>(
  code: C,
  severity: Severity,
  file: string,
  args: DiagnosticArgs[C],
  place: Place = {},
): Diagnostic {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that code and args share their C is lost in the union
  return { code, severity, file, ...place, args } as Diagnostic;
}
