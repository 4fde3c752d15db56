import { recogniseContent } from '../files/content.js';
import { NotText, utf8Text } from '../files/utf8-text.js';
import { CsvRows } from './csv/csv-rows.js';
import type { Device } from './device.js';
import type { Diagnostic } from './diagnostic.js';
import { deviceError } from './errors.js';
import { Findings, type OnDiagnostic } from './diagnostic.js';
import { type DeviceIds, type ReadCounts, RowReader } from './row-reader.js';
import { type CredentialsFile, MAX_HELD_BYTES } from './source/credentials-file.js';
import type { AgeKeys } from './source/decrypted-file.js';
import { type NamedStream, openCredentials } from './source/open-credentials.js';

/** How many diagnostics of each severity are kept; the counts include all. */
const MAX_DIAGNOSTICS = 1000;

export interface DeviceList {
  readonly devices: readonly Device[];
  readonly counts: ReadCounts;
  /** The warnings, up to 1,000. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads all devices of a credentials file into memory; for large fleets use `streamDevices`.
 *
 * @param source a path, or a stream and its name
 * @param options.onDiagnostic receives every diagnostic, also those beyond the limit
 * @param options.identities decrypt an age file: each `AGE-SECRET-KEY-1…`, or the text of an identity file
 * @param options.passphrase asked for the passphrase of an age file that needs one
 * @throws CREDENTIALS_INVALID if a diagnostic is an error, with up to 1,000 errors and 1,000 warnings;
 * CREDENTIALS_CHANGED; IDENTITY_INVALID
 * @example
 * const { devices } = await readDevices('devices.csv');
 * @example
 * const identities = [process.env.BIOTZ_AGE_IDENTITY];
 * const { devices } = await readDevices('devices.csv.age', { identities });
 */
export async function readDevices(
  source: string | NamedStream,
  { onDiagnostic, ...keys }: { readonly onDiagnostic?: OnDiagnostic } & AgeKeys = {},
): Promise<DeviceList> {
  const file = await openCredentials(source, keys);
  try {
    const diagnostics: Diagnostic[] = [];
    const seen = { error: 0, warning: 0 };
    const devices: Device[] = [];
    const pass = streamDevices(file, {
      onDiagnostic(diagnostic) {
        if (++seen[diagnostic.severity] <= MAX_DIAGNOSTICS) diagnostics.push(diagnostic);
        onDiagnostic?.(diagnostic);
      },
    });
    for (;;) {
      const { done, value } = await pass.next();
      if (done === true) {
        if (value.errors > 0) throw deviceError('CREDENTIALS_INVALID', { diagnostics });
        return { devices, counts: value, diagnostics };
      }
      for (const device of value) devices.push(device);
    }
  } finally {
    await file.close();
  }
}

/** How `streamDevices` reads a credentials file. */
export interface ReadOptions {
  /** Receives each diagnostic as it is found; without it only the counts remain. */
  readonly onDiagnostic?: OnDiagnostic;
  /** Whether a pass over the same open file found no error before: then duplicates are not searched for again. */
  readonly validated?: boolean;
}

/**
 * Reads the created devices of a credentials file in its order, in batches: the devices of one chunk of the file.
 * Reading continues after an error, so that all diagnostics come at once. Callers that must not act on a bad file call
 * `validateDevices` first.
 *
 * @returns the counts, at the end
 * @throws CREDENTIALS_CHANGED if the file changes meanwhile; CREDENTIALS_INVALID if it can no longer be read. Bad
 * content never throws.
 */
export async function* streamDevices(
  file: CredentialsFile,
  { onDiagnostic = () => undefined, validated = false }: ReadOptions = {},
): AsyncGenerator<readonly Device[], ReadCounts> {
  const findings = new Findings(file.name, onDiagnostic);
  let devices: Device[] = [];
  const reader = new RowReader(findings, { onDevice: (device) => devices.push(device), validated });
  const pass = readRows(file, reader, findings);
  while ((await pass.next()).done !== true) {
    if (devices.length === 0) continue;
    const batch = devices;
    devices = [];
    yield batch;
  }
  return reader.finish();
}

/**
 * Reads a credentials file to its end without creating any device: the pass that must find no error before anything is
 * sent. It holds no password beyond the row that it is reading.
 *
 * @param options.onIds receives the ids of each valid device
 * @throws as `streamDevices` does
 */
export async function validateDevices(
  file: CredentialsFile,
  {
    onDiagnostic = () => undefined,
    ...ids
  }: Pick<ReadOptions, 'onDiagnostic'> & { readonly onIds?: (ids: DeviceIds) => void } = {},
): Promise<ReadCounts> {
  const findings = new Findings(file.name, onDiagnostic);
  const reader = new RowReader(findings, ids);
  const pass = readRows(file, reader, findings);
  while ((await pass.next()).done !== true);
  return reader.finish();
}

/** Hands the rows of a credentials file of any kind to the reader, and yields after each chunk of it. */
async function* readRows(
  file: CredentialsFile,
  reader: RowReader,
  findings: Findings,
): AsyncGenerator<void, void> {
  const content = recogniseContent(await file.head());
  if (content.kind === 'binary') {
    findings.error('file-binary', { kind: content.binary });
  } else if (content.kind === 'age') {
    // A file that was encrypted once has been decrypted by `openCredentials`.
    findings.error('file-binary', { kind: 'age' });
  } else if (content.kind === 'zip') {
    const bytes = await file.whole();
    if (bytes === undefined) {
      findings.error('file-too-large', { limit: MAX_HELD_BYTES });
    } else {
      // Loading this module takes longer than reading a small CSV.
      const { readSpreadsheet } = await import('./xlsx/spreadsheet-rows.js');
      await readSpreadsheet(bytes, reader, findings);
      yield;
    }
  } else {
    const rows = new CsvRows(reader);
    try {
      for await (const text of utf8Text(skipBytes(file.chunks(), content.bomBytes), content.encoding)) {
        const isReadable = await rows.push(text);
        yield;
        if (!isReadable) return;
      }
    } catch (error) {
      if (!(error instanceof NotText)) throw error;
      if (error.code === 'file-binary') findings.error(error.code, { kind: 'unknown' }, { line: rows.line });
      else findings.error(error.code, {}, { line: rows.line });
      return;
    }
    await rows.end();
    yield;
  }
}

async function* skipBytes(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer, void> {
  let left = bytes;
  for await (const chunk of chunks) {
    const skipped = Math.min(left, chunk.length);
    left -= skipped;
    yield skipped > 0 ? chunk.subarray(skipped) : chunk;
  }
}
