/**
 * Limit on nested objects and lists. Real documents need some dozens of levels. A few thousand exceed the stack of
 * programs that walk through them, Newman and `JSON.stringify` included.
 */
const MOST_LEVELS = 500;

/** An object of a document that another program wrote: nothing is known about its members. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value if it is an object; otherwise an empty object. */
export const objectOr = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** The value if it is a list; otherwise an empty list. */
export const listOr = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The value if it is a text that is not blank. */
export const textOr = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** Why a text cannot be read as JSON. */
export type JsonProblem =
  { readonly code: 'no-json' } | { readonly code: 'too-deep'; readonly mostLevels: number };

/** Reads JSON that another program wrote. The parser's own message is dropped: it quotes the text, and so maybe a secret. */
export function parseJson(text: string): { readonly value: unknown } | { readonly problem: JsonProblem } {
  if (isTooDeep(text)) return { problem: { code: 'too-deep', mostLevels: MOST_LEVELS } };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: { code: 'no-json' } };
  }
}

/** A text as a JSON object; `undefined` for every other text. A byte order mark is ignored (RFC 8259, 8.1). */
export function parseObject(text: string): JsonObject | undefined {
  const parsed = parseJson(text.replace(/^\ufeff/, ''));
  return 'value' in parsed && isObject(parsed.value) ? parsed.value : undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counts brackets before the text is parsed: the parser itself would exceed the stack. */
function isTooDeep(text: string): boolean {
  if (text.length <= 2 * MOST_LEVELS) return false;
  let levels = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isString) {
      if (unit === BACKSLASH) at++;
      else if (unit === QUOTE) isString = false;
    } else if (unit === QUOTE) isString = true;
    // Both brackets differ from the braces in the same bit.
    else if ((unit & ~0x20) === 0x5b) {
      if (++levels > MOST_LEVELS) return true;
    } else if ((unit & ~0x20) === 0x5d) levels--;
  }
  return false;
}
