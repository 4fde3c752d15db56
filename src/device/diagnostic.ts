/**
 * What can be said about a credentials file. A diagnostic is data: the sentence, the reason and the next
 * step are made in `prose/diagnostics.ts`. No argument ever holds a password or an unknown value that may
 * be one.
 */
export type DiagnosticCode =
  // The file as a whole
  | 'file-not-readable' // args: reason (an errno name such as ENOENT)
  | 'file-empty'
  | 'file-binary' // args: kind ('xls', 'zip', 'pdf', 'age', ...; 'unknown')
  | 'file-not-utf8'
  | 'file-too-large' // args: limit (bytes); only for input that must be held in memory
  | 'csv-malformed' // args: problem ('quote-not-closed' | 'quote-misplaced' | 'text-after-quote' | 'row-too-long')
  | 'spreadsheet-malformed'
  | 'spreadsheet-too-large' // args: limit (bytes unpacked)
  | 'spreadsheet-too-many-rows' // args: limit (rows)
  // Columns
  | 'column-missing' // args: column
  | 'column-misspelt' // args: column, found; error when required, else warning
  | 'column-duplicated' // args: column
  | 'column-reserved' // args: column (`__proto__`, `constructor`, `prototype`)
  // Rows
  | 'row-too-short' // args: expected, found
  | 'row-too-long' // args: expected, found
  | 'value-missing' // args: column
  | 'value-numeric' // args: column; a spreadsheet's number, date or boolean where text is needed
  | 'created-invalid'
  | 'device-duplicated' // args: column ('Device ID' | 'HTTP Username'), firstLine
  | 'username-mismatch' // warning; HTTP username does not belong to the device id
  | 'password-placeholder' // warning; the guide's literal `[Password]`
  | 'value-template' // warning; args: column; `{{…}}` in a value
  | 'no-devices';

export type Severity = 'error' | 'warning';

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** The file's name as the user gave it, or `<stdin>`. */
  readonly file: string;
  /** Counted from 1; absent where the whole file is meant. */
  readonly line?: number;
  /** The column's number in the row, counted from 1; absent where the whole row is meant. */
  readonly column?: number;
  /** Facts for the sentence, named beside each code above. */
  readonly args: Readonly<Record<string, string | number>>;
}
