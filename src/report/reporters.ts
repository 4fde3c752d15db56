import { json } from './json.js';
import { junit } from './junit.js';
import { markdown } from './markdown.js';
import type { Reporter, ReportText } from './report-text.js';

/** The reporters that write a file, by their names in `--reporters`. */
export const fileReporters = {
  json: { file: 'report.json', reporter: json },
  junit: { file: 'report.junit.xml', reporter: junit },
  markdown: { file: 'summary.md', reporter: markdown },
  ndjson: { file: 'results.ndjson', reporter: ndjson },
} as const satisfies Readonly<Record<string, { readonly file: string; readonly reporter: Reporter }>>;

export type FileReporterName = keyof typeof fileReporters;

/** One `DeviceResult` a line. */
function ndjson(): ReportText {
  return { head: '', device: (result) => `${JSON.stringify(result)}\n`, tail: '' };
}
