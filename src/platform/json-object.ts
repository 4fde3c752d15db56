import { parseJson } from '../text/parse-json.js';

/** A text as a JSON object; `undefined` if it is a list, a single value or not JSON. A byte order mark is ignored (RFC 8259, 8.1). */
export function parseObject(text: string): Record<string, unknown> | undefined {
  const parsed = parseJson(text.replace(/^\ufeff/, ''));
  // Not JSON is an answer here.
  if ('problem' in parsed) return undefined;
  const { value } = parsed;
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
