import type { CsvProblem, Diagnostic, DiagnosticArgs, DiagnosticCode } from '../device/diagnostic.js';
import type { BinaryKind } from '../files/content.js';
import type { Prose } from './prose.js';
import { harmless } from '../text/harmless.js';

const binaryKinds: { readonly [K in BinaryKind]: string } = {
  xls: 'an old Excel workbook (.xls) or one with a password',
  pdf: 'a PDF',
  gzip: 'compressed (gzip)',
  age: 'encrypted (age) more than once',
  unknown: 'binary, or text with NUL bytes in it',
};

const csvProblems: { readonly [P in CsvProblem]: string } = {
  'quote-not-closed': 'A quoted value is not closed before the end of the file.',
  'quote-misplaced': 'A double quote stands inside a value that does not start with one.',
  'text-after-quote': 'A quoted value is followed by more text.',
  'row-too-long':
    'A row is longer than 1 MB; often a quote is missing somewhere above. Reading stopped here.',
};

const damages: { readonly [P in DiagnosticArgs['age-damaged']['part']]: string } = {
  header: 'The head of the encrypted file is cut or was altered.',
  middle: 'The encrypted file was altered.',
  end: 'The encrypted file is cut short, or was altered towards its end.',
};

/** More names are for nobody to read. */
const MOST_NAMED = 10;

function named(names: readonly string[]): string {
  const quoted = names.slice(0, MOST_NAMED).map((name) => `"${name}"`);
  return quoted.join(', ') + (names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '');
}

const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

/** The sentences of every diagnostic code. */
const diagnosticProse: { readonly [C in DiagnosticCode]: (args: DiagnosticArgs[C]) => Prose } = {
  'file-not-readable': ({ reason }) => ({
    reason: `The file cannot be read (${reason}).`,
    next: 'Check its path, that it is a file, and that you may read it.',
  }),
  'file-empty': () => ({
    reason: 'The file is empty.',
    next: 'Download the credentials file from the platform again.',
  }),
  'file-binary': ({ kind }) => ({
    reason: `The file is ${binaryKinds[kind]}.`,
    next:
      kind === 'age'
        ? 'Encrypt the CSV or .xlsx file itself, once.'
        : 'Give the CSV or .xlsx file as the platform made it.',
  }),
  'file-not-utf8': () => ({
    reason: 'The text here is neither UTF-8 nor whole UTF-16.',
    next: 'In Excel, save it as "CSV UTF-8"; never as plain "CSV", which can change passwords.',
  }),
  'file-too-large': ({ limit }) => ({
    reason: `The input is larger than the ${megabytes(limit)} that are held in memory.`,
    next: 'Give a CSV file by its path: a file may have any size.',
  }),
  'age-key-missing': ({ needs }) => ({
    reason: `The file is encrypted (age), and there is no ${needs} to decrypt it with.`,
    next:
      needs === 'identity'
        ? 'Give --identity FILE, or set BIOTZ_AGE_IDENTITY to the identity itself; in CI, see that this run is given its secrets.'
        : 'Set BIOTZ_AGE_PASSPHRASE, or run the command in a terminal, where it asks.',
  }),
  'age-key-wrong': ({ given, recipients }) =>
    given === 'passphrase'
      ? { reason: 'The passphrase is not the one that the file was encrypted with.', next: 'Try it again.' }
      : {
          reason: `The file is encrypted for ${recipients === 1 ? 'one recipient' : `${recipients} recipients`}, none of which belongs to an identity that was given.`,
          next: 'Have it encrypted for yours too: "biotz-postman share DEVICES --to age1…"; the recipient of an identity file is in its comment.',
        },
  'age-recipients-unsupported': ({ kinds }) => ({
    reason: `The file is encrypted only for recipients of kinds that cannot be used here${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}.`,
    next: 'Have it encrypted for an age1… recipient, or decrypt it with age: age --decrypt -i KEY FILE | biotz-postman check -',
  }),
  'age-work-factor-too-high': ({ limit }) => ({
    reason: `To try the passphrase would take more than ${2 ** (limit - 20)} GB of memory, as the file says of itself.`,
    next: 'Do not trust a file that asks for so much; age itself writes files that take 256 MB.',
  }),
  'age-damaged': ({ part }) => ({
    reason: damages[part],
    next: 'Nothing of it was used. Get it again from where it was encrypted, as a binary file, or with --armor where only text survives.',
  }),
  'age-re-encoded': () => ({
    reason: 'The encrypted file was saved as text, which destroys it; PowerShell\'s ">" does that.',
    next: 'Encrypt it again with --out FILE instead of ">", or with --armor, which survives as text.',
  }),
  'age-armor-malformed': () => ({
    reason: 'The ASCII armour of the encrypted file is cut or was altered.',
    next: 'Nothing of it was used. Get it again, from its BEGIN to its END line.',
  }),
  'age-armor-too-large': ({ limit }) => ({
    reason: `The encrypted file is in ASCII armour, and larger than the ${megabytes(limit)} that are held in memory.`,
    next: 'Encrypt it again without --armor: a binary file may have any size.',
  }),
  'csv-malformed': ({ problem }) => ({
    reason: csvProblems[problem],
    next: 'Put the whole value in double quotes and write each double quote in it twice.',
  }),
  'spreadsheet-malformed': () => ({
    reason: 'The file is a ZIP archive but no workbook that can be read.',
    next: 'Open it in a spreadsheet program and save it again as .xlsx or "CSV UTF-8".',
  }),
  'spreadsheet-too-large': ({ limit }) => ({
    reason: `The workbook unpacks to more than ${megabytes(limit)}, or has far more cells than that.`,
    next: 'Save its first sheet as "CSV UTF-8": a CSV file may have any size.',
  }),
  'spreadsheet-too-many-rows': ({ limit }) => ({
    reason: `A sheet has more than ${limit} rows.`,
    next: 'Save the first sheet as "CSV UTF-8": a CSV file may have any number of rows.',
  }),
  'spreadsheet-ambiguous': ({ sheets }) => ({
    reason: `Several sheets have the columns of a credentials file: ${named(sheets)}.`,
    next: 'Keep one of them in the workbook, or hide the others.',
  }),
  'spreadsheet-no-table': ({ sheets }) => ({
    reason: `No sheet has the columns of a credentials file in its first row: ${named(sheets)}.`,
    next: 'Use the credentials file as the platform made it, or delete the rows above its header.',
  }),
  'column-missing': ({ column }) => ({
    reason: `There is no column "${column}".`,
    next: 'Use the credentials file as the platform made it; its first line names the columns.',
  }),
  'column-misspelt': ({ column }) => ({
    reason: `There is no column "${column}", but this one has a similar name.`,
    next: `If it is the one, rename it to "${column}".`,
  }),
  'column-duplicated': ({ firstColumn }) => ({
    reason: `This column has the same name as column ${firstColumn}.`,
    next: 'Remove or rename one of the two.',
  }),
  'column-reserved': ({ column }) => ({
    reason: `A column may not be called "${column}".`,
    next: 'Rename it.',
  }),
  'row-too-short': ({ expected, found }) => ({
    reason: `The row has ${found} values where the header has ${expected} columns.`,
    next: 'A line may have been cut or broken in two; compare it with its neighbours.',
  }),
  'row-too-long': ({ expected, found }) => ({
    reason: `The row has ${found} values where the header has ${expected} columns.`,
    next: 'In a CSV, a value that holds the delimiter needs double quotes around it.',
  }),
  'value-missing': ({ column }) => ({
    reason: `"${column}" is empty for a device that was created.`,
    next: 'Download the credentials file from the platform again.',
  }),
  'value-numeric': ({ column }) => ({
    reason: `"${column}" is a number, date or truth value in the spreadsheet; digits may already be lost.`,
    next: 'Use the file as the platform made it, or format the column as text and enter the value again.',
  }),
  'value-error': ({ column, error }) => ({
    reason: `"${column}" is the error ${error} of a spreadsheet formula, not the value.`,
    next: 'Download the credentials file again. To edit it, format its columns as text first.',
  }),
  'value-padded': ({ column, character }) => ({
    reason: `"${column}" begins or ends with a space or an invisible character (${character}).`,
    next: 'It is sent unchanged. Remove it if it does not belong there.',
  }),
  'created-invalid': () => ({
    reason: '"Created" is neither Yes nor No.',
    next: 'Write Yes for a device that was created, No for one that was not.',
  }),
  'device-duplicated': ({ column, firstLine }) => ({
    reason: `The same "${column}" is already on line ${firstLine}.`,
    next: 'Remove one of the two rows.',
  }),
  'username-mismatch': () => ({
    reason: '"HTTP Username" does not start with the device id and an @.',
    next: 'Check that the values of two rows were not mixed up.',
  }),
  'password-repeated': ({ column }) => ({
    reason: `The password is also in "${column}".`,
    next:
      column === 'Name'
        ? 'Names appear in reports, file names and Postman. Rename the device, then download the file again.'
        : `Reports and messages show "${column}" unmasked. Give the device another password.`,
  }),
  'password-placeholder': () => ({
    reason: 'The password is the placeholder "[Password]" of the guide.',
    next: 'Put the real password there, or expect the login to fail.',
  }),
  'value-template': ({ column }) => ({
    reason: `"${column}" holds {{…}}, which Postman and plain Newman replace when a variable has that name.`,
    next: '"biotz-postman run" sends it as it is; elsewhere, use a device without it.',
  }),
  'file-readable-by-others': ({ file, mode, wanted }) => ({
    reason: `Others on this machine may read it: its mode is ${mode}.`,
    next: `Close it to them: chmod ${wanted} ${/^[\w./@+][\w./@+-]*$/.test(file) ? file : 'FILE'}`,
  }),
  'folder-writable-by-others': ({ folder }) => ({
    reason: `Anybody on this machine may put another in its place: everybody may write to ${folder}.`,
    next: 'Keep it in a folder of your own, or close that one: chmod o-w FOLDER.',
  }),
  'file-tracked': ({ workTree, rule }) => ({
    reason: `Git tracks it (work tree ${workTree}): whoever gets the repository gets the secrets.`,
    next: `Take it out of the index (git rm --cached -r FILE), add the line ${rule} to .gitignore, and change the passwords: what was committed stays in the history.`,
  }),
  'file-not-ignored': ({ workTree, rule }) => ({
    reason: `It lies in the git work tree ${workTree}, which does not ignore it: "git add" would take it along.`,
    next: `Add the line ${rule} to ${workTree}/.gitignore, or keep it elsewhere.`,
  }),
  'git-not-asked': ({ workTree, reason }) => ({
    reason: `It lies in the git work tree ${workTree}, and git could not be asked whether it is ignored (${reason}).`,
    next: 'See to it that it is not committed, or keep it elsewhere.',
  }),
  'no-devices': () => ({
    reason: 'The file has no device that was created.',
    next: 'At least one row needs Yes in "Created".',
  }),
};

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
  return diagnosticProse[code](args);
}
