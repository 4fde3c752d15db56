import { holdsSecret } from '../secret/redact.js';
import { Secret } from '../secret/secret.js';
import { isFormulaError, paddingOf } from './cell-problems.js';
import { type Columns, readHeader } from './columns.js';
import type { Device } from './device.js';
import type { CsvProblem, KnownColumn, Place, Findings } from './diagnostic.js';
import { SeenTexts } from './seen-texts.js';

/** Cells of a row that are not text, by their index: `true`, or the error of a formula. */
export type TypedCells = ReadonlyMap<number, true | string>;

/** Counts of a pass over a credentials file. `read` is always `skipped + created + invalid`. */
export interface ReadCounts {
  /** Rows below the header, without empty ones. */
  readonly read: number;
  /** Rows whose `Created` is `No`. */
  readonly skipped: number;
  /** Devices: rows whose `Created` is `Yes` and that have no error. */
  readonly created: number;
  /** Rows with at least one error, or that could not be split into values. */
  readonly invalid: number;
  /** Diagnostics of severity error, also those that belong to no row. */
  readonly errors: number;
  readonly warnings: number;
}

/** The names of a device at the server and in a journal, without its password. */
export type DeviceIds = Pick<Device, 'deviceId' | 'username'>;

/** How a pass reads a credentials file. */
export interface Pass {
  /** Receives each valid device. */
  readonly onDevice?: (device: Device) => void;
  /** Receives only the ids of each valid device: such a pass creates no `Secret`. */
  readonly onIds?: (ids: DeviceIds) => void;
  /**
   * Whether an earlier pass over the same bytes found no error: then duplicates are not searched for again, which saves
   * 100 MB for 1,000,000 devices.
   */
  readonly validated?: boolean;
}

/** A shorter password can occur in a name by chance. */
const SHORTEST_TO_SEE = 4;

/**
 * Turns rows, of a CSV or a spreadsheet, into devices and diagnostics. The first row that is not empty is
 * the header.
 */
export class RowReader {
  readonly #findings: Findings;
  readonly #pass: Pass;
  readonly #seenIds = new SeenTexts();
  readonly #seenUsers = new SeenTexts();
  /** `lost`: the header could not be read, so rows can only be counted. */
  #columns: Columns | 'lost' | undefined;
  #read = 0;
  #skipped = 0;
  #created = 0;
  #invalid = 0;

  constructor(findings: Findings, pass: Pass) {
    this.#findings = findings;
    this.#pass = pass;
  }

  /**
   * Reads one row.
   *
   * @param line where the row starts, counted from 1
   * @param typed the indexes of cells that were a number, date, boolean or error; a CSV has none
   */
  row(fields: readonly string[], line: number, typed?: TypedCells): void {
    const columns = this.#columns;
    if (typeof columns !== 'object') {
      if (isEmpty(fields)) return;
      if (columns === undefined) this.#columns = readHeader(fields, line, this.#findings);
      else this.#countInvalid();
      return;
    }
    const created = fields[columns.created] ?? '';
    if (created !== 'Yes' && isBlank(created) && isEmpty(fields)) return;
    this.#read++;
    if (this.#fits(fields, columns, line)) {
      if (created !== 'Yes' && isNo(created)) {
        this.#skipped++;
        return;
      }
      // Without "Created" it is unknown which rows should have credentials: nothing else is reported about them.
      if (columns.created >= 0 && this.#createdRow(fields, columns, line, typed)) {
        this.#created++;
        return;
      }
    }
    this.#invalid++;
  }

  /** Counts a row that could not be split into values, and reports why. */
  malformedRow(problem: CsvProblem, place: Place): void {
    this.#findings.error('csv-malformed', { problem }, place);
    if (this.#columns === undefined) this.#columns = 'lost';
    else this.#countInvalid();
  }

  /** Reports the problems that are only known at the end. @returns the counts */
  finish(): ReadCounts {
    if (this.#findings.errors === 0) {
      if (this.#columns === undefined) this.#findings.error('file-empty', {});
      else if (this.#created === 0) this.#findings.error('no-devices', {});
    }
    return {
      read: this.#read,
      skipped: this.#skipped,
      created: this.#created,
      invalid: this.#invalid,
      errors: this.#findings.errors,
      warnings: this.#findings.warnings,
    };
  }

  #countInvalid(): void {
    this.#read++;
    this.#invalid++;
  }

  #fits(fields: readonly string[], { width }: Columns, line: number): boolean {
    if (fields.length === width) return true;
    const found = fields.length;
    if (found < width) this.#findings.error('row-too-short', { expected: width, found }, { line });
    else if (fields.slice(width).every((field) => field === '')) return true;
    else this.#findings.error('row-too-long', { expected: width, found }, { line, column: width + 1 });
    return false;
  }

  /** Validates a row that is not skipped, and makes its device; `false` when it can have none. */
  #createdRow(fields: readonly string[], columns: Columns, line: number, typed?: TypedCells): boolean {
    const findings = this.#findings;
    const errorsBefore = findings.errors;
    const created = fields[columns.created] ?? '';
    if (
      created !== 'Yes' &&
      !isYes(created) &&
      !this.#isError(created, 'Created', columns.created, line, typed)
    ) {
      findings.error('created-invalid', {}, { line, column: columns.created + 1 });
    }
    const deviceId = this.#required(fields, columns.deviceId, 'Device ID', line);
    const username = this.#required(fields, columns.username, 'HTTP Username', line);
    const password = fields[columns.password] ?? '';
    // A password may be made of spaces only.
    if (password === '') this.#missing('Password', columns.password, line);

    const name = fields[columns.name] ?? '';
    if (!isBlank(name)) this.#suspicious(name, 'Name', columns.name, line, typed);
    this.#suspicious(deviceId, 'Device ID', columns.deviceId, line, typed);
    this.#suspicious(username, 'HTTP Username', columns.username, line, typed);
    this.#suspicious(password, 'Password', columns.password, line, typed);
    if (password === '[Password]') {
      findings.warning('password-placeholder', {}, { line, column: columns.password + 1 });
    }
    if (this.#pass.validated !== true && password.length >= SHORTEST_TO_SEE) {
      // Such rows are rare, and one search for all values is faster.
      const others = belongs(username, deviceId) ? [username, name] : [deviceId, username, name];
      if (holdsSecret(others.join('\n'), password)) {
        if (holdsSecret(deviceId, password)) this.#repeated('Device ID', columns.deviceId, line);
        if (holdsSecret(username, password)) this.#repeated('HTTP Username', columns.username, line);
        if (holdsSecret(name, password)) this.#repeated('Name', columns.name, line);
      }
    }
    if (deviceId !== '' && username !== '' && !belongs(username, deviceId)) {
      findings.warning('username-mismatch', {}, { line, column: columns.username + 1 });
    }
    if (name.includes('{{')) this.#template(name, 'Name', columns.name, line);
    if (deviceId.includes('{{')) this.#template(deviceId, 'Device ID', columns.deviceId, line);
    if (username.includes('{{')) this.#template(username, 'HTTP Username', columns.username, line);
    if (password.includes('{{')) this.#template(password, 'Password', columns.password, line);

    if (this.#pass.validated !== true) this.#unique(deviceId, username, columns, line);
    if (findings.errors > errorsBefore || !isUsable(columns)) return false;
    this.#pass.onIds?.({ deviceId, username });
    this.#pass.onDevice?.({
      deviceId,
      name: isBlank(name) ? deviceId : name,
      username,
      password: new Secret(password),
      line,
      otherColumns: otherColumns(fields, columns),
    });
    return true;
  }

  /** Gives the value, or '' after it was reported as missing. */
  #required(fields: readonly string[], index: number, column: KnownColumn, line: number): string {
    const value = fields[index] ?? '';
    if (!isBlank(value)) return value;
    this.#missing(column, index, line);
    return '';
  }

  #missing(column: KnownColumn, index: number, line: number): void {
    // A column that the header lacks was reported there, once.
    if (index >= 0) this.#findings.error('value-missing', { column }, { line, column: index + 1 });
  }

  /** Reports parts of a value that a person cannot see, or probably did not intend. */
  #suspicious(value: string, column: KnownColumn, index: number, line: number, typed?: TypedCells): void {
    if (this.#isError(value, column, index, line, typed)) return;
    const place = { line, column: index + 1 };
    if (typed?.has(index) === true && column !== 'Name') {
      if (column === 'Device ID') this.#findings.warning('value-numeric', { column }, place);
      else this.#findings.error('value-numeric', { column }, place);
    }
    const character = paddingOf(value);
    if (character !== undefined) this.#findings.warning('value-padded', { column, character }, place);
  }

  /** Reports the error of a formula; in a name, and as a text that may be meant, it is a warning. */
  #isError(value: string, column: KnownColumn, index: number, line: number, typed?: TypedCells): boolean {
    const error = typed?.get(index);
    if (typeof error !== 'string' && !isFormulaError(value)) return false;
    const place = { line, column: index + 1 };
    const isCertain = (typeof error === 'string' && column !== 'Name') || column === 'Created';
    // The file says that it is an error: its text may be anything.
    const args = { column, error: isFormulaError(value) ? value : '#…' };
    if (isCertain) this.#findings.error('value-error', args, place);
    else this.#findings.warning('value-error', args, place);
    return true;
  }

  #repeated(column: KnownColumn, index: number, line: number): void {
    this.#findings.warning('password-repeated', { column }, { line, column: index + 1 });
  }

  #template(value: string, column: KnownColumn, index: number, line: number): void {
    if (value.indexOf('}}', value.indexOf('{{')) < 0) return;
    this.#findings.warning('value-template', { column }, { line, column: index + 1 });
  }

  /** Keycloak lower-cases user names, so that two that differ in case only are one user. */
  #unique(deviceId: string, username: string, columns: Columns, line: number): void {
    const sameId = deviceId === '' ? 0 : this.#seenIds.firstLine(deviceId, line);
    const sameUser = username === '' ? 0 : this.#seenUsers.firstLine(username.toLowerCase(), line);
    if (sameId !== 0) {
      const place = { line, column: columns.deviceId + 1 };
      this.#findings.error('device-duplicated', { column: 'Device ID', firstLine: sameId }, place);
    } else if (sameUser !== 0) {
      const place = { line, column: columns.username + 1 };
      this.#findings.error('device-duplicated', { column: 'HTTP Username', firstLine: sameUser }, place);
    }
  }
}

/** Only what starts with a space, a control or a character beyond ASCII can be white space throughout. */
function isBlank(value: string): boolean {
  const first = value.charCodeAt(0);
  return first > 0x20 && first < 0x80 ? false : value.trim() === '';
}

const isEmpty = (fields: readonly string[]) => fields.every(isBlank);

const isYes = (value: string) => value.trim().toLowerCase() === 'yes';

const isNo = (value: string) => value.trim().toLowerCase() === 'no';

/** The platform's user names are `<device id>@<host>`. */
function belongs(username: string, deviceId: string): boolean {
  if (username.charCodeAt(deviceId.length) === 0x40 && username.startsWith(deviceId)) return true;
  return username.toLowerCase().startsWith(`${deviceId.toLowerCase()}@`);
}

const isUsable = ({ deviceId, username, password }: Columns) =>
  deviceId >= 0 && username >= 0 && password >= 0;

function otherColumns(fields: readonly string[], { others }: Columns): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { index, title } of others) values[title] = fields[index] ?? '';
  return values;
}
