import { recogniseContent } from '../files/content.js';
import type { CredentialsFile } from './source/credentials-file.js';
import { MAX_HELD_BYTES } from './source/held-file.js';
import { CsvRows } from './csv/csv-rows.js';
import type { Findings } from './findings.js';
import type { RowReader } from './row-reader.js';
import { NotText, utf8Text } from '../files/utf8-text.js';

/**
 * One pass over a credentials file, whatever it is: hands its rows to the reader, and gives control back
 * after each part of it.
 */
export async function* readRows(
  file: CredentialsFile,
  reader: RowReader,
  findings: Findings,
): AsyncGenerator<void, void> {
  const content = recogniseContent(await file.head());
  if (content.kind === 'binary') {
    findings.error('file-binary', { kind: content.binary });
  } else if (content.kind === 'age') {
    // What was encrypted once is decrypted where the file is opened.
    findings.error('file-binary', { kind: 'age' });
  } else if (content.kind === 'zip') {
    const bytes = await file.whole();
    if (bytes === undefined) {
      findings.error('file-too-large', { limit: MAX_HELD_BYTES });
    } else {
      // Loaded only here: it takes longer to load than a small CSV to read.
      const { readSpreadsheet } = await import('./xlsx/spreadsheet-rows.js');
      await readSpreadsheet(bytes, reader, findings);
      yield;
    }
  } else {
    const rows = new CsvRows(reader);
    try {
      for await (const text of utf8Text(withoutStart(file.chunks(), content.bomBytes), content.encoding)) {
        const goesOn = await rows.push(text);
        yield;
        if (!goesOn) return;
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

async function* withoutStart(chunks: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer, void> {
  let left = bytes;
  for await (const chunk of chunks) {
    const skipped = Math.min(left, chunk.length);
    left -= skipped;
    yield skipped > 0 ? chunk.subarray(skipped) : chunk;
  }
}
