import { fillTemplate, readTemplate } from '../snippet/template.js';
import { parseObject } from '../text/json.js';
import type { EncryptedFile } from './encrypted-file.js';

const BEGIN =
  '# >>> biotz-postman: "biotz-postman init" keeps the lines from here to the end mark up to date';
const END = '# <<< biotz-postman';

/**
 * Puts the lines that keep credentials out of git into a `.gitignore`, between two marks. What else is in it stays, and
 * so do its line ends.
 *
 * @param present what the file holds; `undefined` where there is none
 */
export async function withIgnoredLines(present: string | undefined, devices: EncryptedFile): Promise<string> {
  const lineEnd = present?.includes('\r\n') === true ? '\r\n' : '\n';
  const lines = [BEGIN, ...(await ignoredLines(devices)), END].join(lineEnd);
  const { before, after } = around(present ?? '');
  const isOpen = before !== '' && !before.endsWith('\n');
  // An empty line parts them from what is there, unless they are there already.
  const start = before === '' || after !== undefined ? before : `${before}${isOpen ? lineEnd : ''}${lineEnd}`;
  return `${start}${lines}${after ?? lineEnd}`;
}

async function ignoredLines({ path, stem, clear }: EncryptedFile): Promise<readonly string[]> {
  // Git tells DEVICES.CSV from DEVICES.csv.
  const inClear = (ending: string) => (clear.toLowerCase().endsWith(ending) ? clear : `${stem}${ending}`);
  const values = { csv: inClear('.csv'), tsv: inClear('.tsv'), xlsx: inClear('.xlsx'), devices: path };
  // A `#` means something at the beginning only; there is nothing else in a path that gitignore would not take as it is.
  const template = fillTemplate(await readTemplate('ci/gitignore'), values, (text) =>
    text.replace(/^#/, String.raw`\#`),
  );
  return template.trimEnd().split('\n');
}

/**
 * The parts of a file around our marks; no `after` where they are not in it. The last pair counts: where a mark was lost,
 * what stands between it and the next one is a person's.
 */
function around(text: string): { readonly before: string; readonly after?: string } {
  const begin = text.lastIndexOf(BEGIN);
  const end = text.indexOf(END, begin);
  return begin === -1 || end === -1
    ? { before: text }
    : { before: text.slice(0, begin), after: text.slice(end + END.length) };
}

export const CONFIG_FILE = 'biotz-postman.config.json';

/** Where npm puts the schema, from a project's root. */
const SCHEMA = './node_modules/biotz-postman/config.schema.json';

/**
 * Names the schema in a config file, so that editors complete and check its options. All that is in it stays as it is.
 *
 * @param present what the file holds; `undefined` where there is none
 * @returns the new text; the present one where it names a schema, or where it is no JSON object
 */
export function withSchema(present: string | undefined): string {
  const line = `  "$schema": ${JSON.stringify(SCHEMA)}`;
  if (present === undefined) return `{\n${line}\n}\n`;
  const keys = keysOf(present);
  if (keys === undefined || keys.includes('$schema')) return present;
  const lineEnd = present.includes('\r\n') ? '\r\n' : '\n';
  const [, head = '', rest = ''] = /^(\s*\{)([^]*)$/.exec(present) ?? [];
  return keys.length === 0
    ? `${head}${lineEnd}${line}${lineEnd}}${lineEnd}`
    : `${head}${lineEnd}${line},${/^\s*\n/.test(rest) ? '' : `${lineEnd} `}${rest}`;
}

function keysOf(text: string): readonly string[] | undefined {
  // An invalid config file is left alone: every command reports what is wrong with it.
  const object = parseObject(text.replace(/^\ufeff+/, ''));
  return object && Object.keys(object);
}
