/**
 * How many objects and lists may be nested in one another. Documents of people and of Postman need some dozens; a few
 * thousand exceed the stack of whatever walks through them, Newman and `JSON.stringify` included.
 */
const MOST_LEVELS = 500;

/** What is wrong with a text that should be JSON. */
export type JsonProblem =
  { readonly code: 'no-json' } | { readonly code: 'too-deep'; readonly mostLevels: number };

/**
 * Reads JSON that somebody else wrote. The parser's own message is not passed on: it quotes the text, and with it
 * perhaps a secret.
 */
export function parseJson(text: string): { readonly value: unknown } | { readonly problem: JsonProblem } {
  if (isTooDeep(text)) return { problem: { code: 'too-deep', mostLevels: MOST_LEVELS } };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: { code: 'no-json' } };
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Counted in the text, before anything is made of it. */
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
