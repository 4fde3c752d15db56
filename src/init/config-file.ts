import { parseObject } from '../text/json.js';

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
