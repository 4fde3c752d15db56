import { ageProblemProse } from '../age/undecryptable.js';
import type { ArgsOf, Prose } from '../errors/biotz-postman-error.js';
import type { BinaryKind } from '../files/content.js';
import { exposureProse } from '../git/exposure.js';
import { harmless } from '../text/harmless.js';

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

const binaryKinds: { readonly [K in BinaryKind]: string } = {
  xls: 'an old Excel workbook (.xls) or one with a password',
  pdf: 'a PDF',
  gzip: 'compressed (gzip)',
  age: 'encrypted (age) more than once',
  unknown: 'binary, or text with NUL bytes in it',
};

const csvProblems = {
  'quote-not-closed': 'A quoted value is not closed before the end of the file.',
  'quote-misplaced': 'A double quote is inside a value that does not start with one.',
  'text-after-quote': 'A quoted value is followed by more text.',
  'row-too-long':
    'A row is longer than 1 MB, often because a quote is missing above it. Reading stopped here.',
} as const;

export type CsvProblem = keyof typeof csvProblems;

/** A longer list of names helps no reader. */
const MOST_NAMED = 10;

function named(names: readonly string[]): string {
  const quoted = names.slice(0, MOST_NAMED).map((name) => `"${name}"`);
  return quoted.join(', ') + (names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '');
}

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

/**
 * The diagnostics of a credentials file: the facts that each code carries, and its sentences. No argument ever holds a value
 * of a row, which may be a password.
 */
const diagnosticProse = {
  ...ageProblemProse,
  ...exposureProse,
  // The file as a whole
  /** `reason` is an errno name such as ENOENT, or a clause such as `it is a device, not a regular file`. */
  'file-not-readable': ({ reason }: { readonly reason: string }) => ({
    reason: `The file cannot be read (${reason}).`,
    next: 'Check its path, that it is a file, and that you have permission to read it.',
  }),
  'file-empty': () => ({
    reason: 'The file is empty.',
    next: 'Download the credentials file from the platform again.',
  }),
  'file-binary': ({ kind }: { readonly kind: BinaryKind }) => ({
    reason: `The file is ${binaryKinds[kind]}.`,
    next:
      kind === 'age'
        ? 'Encrypt the CSV or .xlsx file itself, once.'
        : 'Pass the CSV or .xlsx file that the platform created.',
  }),
  /** Includes UTF-16 with half a character in it. */
  'file-not-utf8': () => ({
    reason: 'The text here is not valid UTF-8 or UTF-16.',
    next: 'In Excel, save it as "CSV UTF-8", never as plain "CSV", which can change passwords.',
  }),
  /** Only for input that must be held in memory; `limit` in bytes. */
  'file-too-large': ({ limit }: { readonly limit: number }) => ({
    reason: `The input is larger than ${megabytes(limit)}, the most that is held in memory.`,
    next: 'Pass the path of a CSV file: it may have any size.',
  }),
  'csv-malformed': ({ problem }: { readonly problem: CsvProblem }) => ({
    reason: csvProblems[problem],
    next: 'Put the whole value in double quotes and write each double quote in it twice.',
  }),
  'spreadsheet-malformed': () => ({
    reason: 'The file is a ZIP archive, but not a readable workbook.',
    next: 'Open it in a spreadsheet program and save it again as .xlsx or "CSV UTF-8".',
  }),
  /** `limit` in bytes, unpacked. */
  'spreadsheet-too-large': ({ limit }: { readonly limit: number }) => ({
    reason: `The workbook unpacks to more than ${megabytes(limit)}, or has too many cells.`,
    next: 'Save its first sheet as "CSV UTF-8": a CSV file may have any size.',
  }),
  'spreadsheet-too-many-rows': ({ limit }: { readonly limit: number }) => ({
    reason: `A sheet has more than ${limit} rows.`,
    next: 'Save the first sheet as "CSV UTF-8": a CSV file may have any number of rows.',
  }),
  /** The sheets that have the columns. */
  'spreadsheet-ambiguous': ({ sheets }: { readonly sheets: readonly string[] }) => ({
    reason: `Several sheets have the columns of a credentials file: ${named(sheets)}.`,
    next: 'Keep only one of them in the workbook, or hide the other sheets.',
  }),
  /** All sheets that are not empty. */
  'spreadsheet-no-table': ({ sheets }: { readonly sheets: readonly string[] }) => ({
    reason: `No sheet has the columns of a credentials file in its first row: ${named(sheets)}.`,
    next: 'Use the credentials file that the platform created, or delete the rows above its header.',
  }),
  // Columns
  'column-missing': ({ column }: { readonly column: KnownColumn }) => ({
    reason: `The column "${column}" is missing.`,
    next: 'Use the credentials file that the platform created. Its first line names the columns.',
  }),
  /** An error if the column is required, otherwise a warning. The title is not shown, because it may be a device's password. */
  'column-misspelt': ({ column }: { readonly column: KnownColumn }) => ({
    reason: `The column "${column}" is missing, but this column has a similar name.`,
    next: `If this is the right column, rename it to "${column}".`,
  }),
  /** `firstColumn` is the number of the column that was there first. */
  'column-duplicated': ({ firstColumn }: { readonly firstColumn: number }) => ({
    reason: `This column has the same name as column ${firstColumn}.`,
    next: 'Remove or rename one of the two columns.',
  }),
  'column-reserved': ({ column }: { readonly column: string }) => ({
    reason: `A column cannot be called "${column}".`,
    next: 'Rename the column.',
  }),
  // Rows; `expected` and `found` count fields
  'row-too-short': ({ expected, found }: { readonly expected: number; readonly found: number }) => ({
    reason: `The row has ${found} values but the header has ${expected} columns.`,
    next: 'A line may have been cut or split in two. Compare it with the lines around it.',
  }),
  'row-too-long': ({ expected, found }: { readonly expected: number; readonly found: number }) => ({
    reason: `The row has ${found} values but the header has ${expected} columns.`,
    next: 'In a CSV, put double quotes around a value that contains the delimiter.',
  }),
  'value-missing': ({ column }: { readonly column: KnownColumn }) => ({
    reason: `"${column}" is empty for a device that was created.`,
    next: 'Download the credentials file from the platform again.',
  }),
  /** A number, date or boolean of a spreadsheet in place of text. */
  'value-numeric': ({ column }: { readonly column: KnownColumn }) => ({
    reason: `"${column}" is a number, date or boolean in the spreadsheet, so digits may already be lost.`,
    next: 'Use the file that the platform created, or format the column as text and enter the value again.',
  }),
  /** A formula's error, such as `#NAME?`; a warning if it may be a text, as in a CSV. */
  'value-error': ({ column, error }: { readonly column: KnownColumn; readonly error: string }) => ({
    reason: `"${column}" is the error ${error} of a spreadsheet formula, not the value.`,
    next: 'Download the credentials file again. To edit it, format its columns as text first.',
  }),
  /** `character` is the first one found around the value, such as `U+00A0`. */
  'value-padded': ({ column, character }: { readonly column: KnownColumn; readonly character: string }) => ({
    reason: `"${column}" begins or ends with a space or an invisible character (${character}).`,
    next: 'It is sent unchanged. Remove it if it does not belong there.',
  }),
  'created-invalid': () => ({
    reason: '"Created" is neither Yes nor No.',
    next: 'Write Yes for a device that was created, No for one that was not.',
  }),
  'device-duplicated': ({
    column,
    firstLine,
  }: {
    readonly column: KnownColumn;
    readonly firstLine: number;
  }) => ({
    reason: `Line ${firstLine} has the same "${column}".`,
    next: 'Remove one of the two rows.',
  }),
  'username-mismatch': () => ({
    reason: '"HTTP Username" does not start with the device id and an @.',
    next: 'Check whether the values of two rows were mixed up.',
  }),
  'password-placeholder': () => ({
    reason: 'The password is "[Password]", the placeholder of the guide.',
    next: 'Replace it with the real password; otherwise the login fails.',
  }),
  /** The password is also in a column that people see, in plain text or encoded. */
  'password-repeated': ({ column }: { readonly column: KnownColumn }) => ({
    reason: `The password is also in "${column}".`,
    next:
      column === 'Name'
        ? 'Names appear in reports, file names and Postman. Rename the device, then download the file again.'
        : `Reports and messages show "${column}" unmasked. Give the device another password.`,
  }),
  /** `{{…}}` in a value. */
  'value-template': ({ column }: { readonly column: KnownColumn }) => ({
    reason: `"${column}" contains {{…}}, which Postman and plain Newman replace if a variable has that name.`,
    next: '"biotz-postman run" sends the value unchanged. In Postman, use another device.',
  }),
  'no-devices': () => ({
    reason: 'The file has no created device.',
    next: 'At least one row must have Yes in "Created".',
  }),
};

/** The arguments of each code: facts about the file. */
export interface DiagnosticArgs extends ArgsOf<typeof diagnosticProse> {}

export type DiagnosticCode = keyof DiagnosticArgs;

export type Severity = 'error' | 'warning';

/** Position of a diagnostic in its file. */
export interface Place {
  /** Counted from 1, as an editor or a spreadsheet shows it; absent if the diagnostic is about the whole file. */
  readonly line?: number;
  /** The column's number in the row, counted from 1; absent if the diagnostic is about the whole row. */
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

/** Receives each diagnostic as it is found; it must not throw. */
export type OnDiagnostic = (diagnostic: Diagnostic) => void;

/** Makes the diagnostics of one file, hands them on and counts them. */
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

/**
 * A diagnostic in one line, the way compilers write theirs:
 * `devices.csv:3:7: error: <reason> <next step> [value-missing]`.
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, severity, code } = diagnostic;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const { reason, next } = explainDiagnostic(diagnostic);
  return harmless(`${place}: ${severity}: ${reason} ${next} [${code}]`);
}

/** The sentences of one diagnostic. */
export function explainDiagnostic<C extends DiagnosticCode>({ code, args }: Diagnostic<C>): Prose {
  return (diagnosticProse[code] as (args: unknown) => Prose)(args);
}
