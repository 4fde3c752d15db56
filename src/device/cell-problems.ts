/** Among them the newer ones of dynamic arrays and linked data. @see ECMA-376 part 1, 18.18.11 (ST_CellType) */
const formulaErrors: ReadonlySet<string> = new Set(
  (
    '#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #GETTING_DATA ' +
    '#SPILL! #CALC! #FIELD! #BLOCKED! #CONNECT! #UNKNOWN! #BUSY! #PYTHON!'
  ).split(' '),
);

/** Whether a text reads like the error of a formula; English programs write these into a CSV. */
export const isFormulaError = (text: string) => text.startsWith('#') && formulaErrors.has(text);

/** White space of every kind, and invisible characters: soft hyphen, zero width, marks of direction. */
const invisible = /[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069]/;

/** The first invisible character around a value, such as `U+00A0`. */
export function paddingOf(value: string): string | undefined {
  for (const character of [value.at(0) ?? '', value.at(-1) ?? '']) {
    const code = character.charCodeAt(0);
    // Most values begin and end with visible ASCII.
    if ((code > 0x20 && code < 0x7f) || !invisible.test(character)) continue;
    return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return undefined;
}
