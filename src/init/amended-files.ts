import { fillTemplate, readTemplate } from '../snippet/template.js';
import { parseObject } from '../text/json.js';
import type { EncryptedFile } from './encrypted-file.js';

const BEGIN =
  '# >>> biotz-postman: "biotz-postman init" keeps the lines from here to the end mark up to date';
const END = '# <<< biotz-postman';

/**
 * Adds the lines that keep credentials out of git to a `.gitignore`, between two marks. Everything else in it stays,
 * including its kind of line ends.
 *
 * @param present its content; `undefined` if the file does not exist
 */
export async function withIgnoredLines(present: string | undefined, devices: EncryptedFile): Promise<string> {
  const lineEnd = present?.includes('\r\n') === true ? '\r\n' : '\n';
  const lines = [BEGIN, ...(await ignoredLines(devices)), END].join(lineEnd);
  const { before, after } = splitAtMarks(present ?? '');
  const isOpen = before !== '' && !before.endsWith('\n');
  // An empty line separates new lines from the present content.
  const start = before === '' || after !== undefined ? before : `${before}${isOpen ? lineEnd : ''}${lineEnd}`;
  return `${start}${lines}${after ?? lineEnd}`;
}

async function ignoredLines({ path, stem, plain }: EncryptedFile): Promise<readonly string[]> {
  // Git is case-sensitive: DEVICES.CSV is not DEVICES.csv.
  const withEnding = (ending: string) => (plain.toLowerCase().endsWith(ending) ? plain : `${stem}${ending}`);
  const values = {
    csv: withEnding('.csv'),
    tsv: withEnding('.tsv'),
    xlsx: withEnding('.xlsx'),
    devices: path,
  };
  // A `#` is special only at the beginning. Paths contain nothing else that is special in gitignore.
  const template = fillTemplate(await readTemplate('ci/gitignore'), values, (text) =>
    text.replace(/^#/, String.raw`\#`),
  );
  return template.trimEnd().split('\n');
}

/**
 * The parts of a file around our marks; no `after` if the file has no marks. The last pair counts: if one mark was lost,
 * the text up to the next mark is a user's.
 */
function splitAtMarks(text: string): { readonly before: string; readonly after?: string } {
  const begin = text.lastIndexOf(BEGIN);
  const end = text.indexOf(END, begin);
  return begin === -1 || end === -1
    ? { before: text }
    : { before: text.slice(0, begin), after: text.slice(end + END.length) };
}

export const CONFIG_FILE = 'biotz-postman.config.json';

/** Path of the installed schema, from a project's root. */
const SCHEMA = './node_modules/biotz-postman/config.schema.json';

/**
 * Names the schema in a config file, so that editors complete and check its options. Everything in it stays as it is.
 *
 * @param present its content; `undefined` if the file does not exist
 * @returns the new text; the present text if it names a schema or is not a JSON object
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
