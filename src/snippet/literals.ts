/** Writes a text as a literal of a language, so that nothing in it can end the literal or be executed. */
export type WriteLiteral = (text: string) => string;

/**
 * Characters other than printable ASCII, and the second character of `##`, with which Azure Pipelines and TeamCity read
 * commands from a log. As escapes they survive every console and file encoding. Escapes are also safer: Windows PowerShell
 * 5.1 reads a script without a byte order mark in the system's old code page, where one byte of a letter may be a quote.
 */
const notPlain = /([^ -~]|(?<=#)#)/gu;

/**
 * A PowerShell expression. Within single quotes only a quote is special. Every typographic quote counts as one
 * (IsSingleQuote in its CharTraits.cs); these are written by number.
 *
 * @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
 */
export const powerShellString: WriteLiteral = (text) => {
  const terms = text.split(notPlain).flatMap((part, index) => {
    if (index % 2 === 1) return unitsOf(part).map((unit) => `[char]0x${unit}`);
    // `+` concatenates only if the first term is a string.
    return part === '' && index > 0 ? [] : `'${part.replaceAll("'", "''")}'`;
  });
  return terms.length === 1 ? terms.join('') : `(${terms.join(' + ')})`;
};

/** A JavaScript string (ECMA-262, 12.9.4). Every JSON string is one. */
export const javaScriptString: WriteLiteral = (text) =>
  JSON.stringify(text).replace(notPlain, (character) =>
    unitsOf(character)
      .map((unit) => `\\u${unit}`)
      .join(''),
  );

/** A Python string. JSON's escapes mean the same, but Python does not combine two of them into one character. */
export const pythonString: WriteLiteral = (text) =>
  JSON.stringify(text).replace(notPlain, (character) => {
    const point = character.codePointAt(0) ?? 0;
    return point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`;
  });

/** The UTF-16 code units of a character. */
function unitsOf(character: string): string[] {
  return Array.from({ length: character.length }, (_, index) => hex(character.charCodeAt(index), 4));
}

function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}

/**
 * A value escaped for `name=` in HTTPie. HTTPie removes a backslash before a character of its separators. A value that
 * begins with `=` or `@` would form another separator (`==`, `=@`).
 *
 * @returns `undefined` if HTTPie cannot write the value: such a character follows an odd number of backslashes, and HTTPie
 *   keeps pairs of backslashes
 * @see https://httpie.io/docs/cli/escaping-rules
 */
export function httpieValue(text: string): string | undefined {
  if (/(?<!\\)(?:\\\\)*\\[:;=@]/.test(text)) return undefined;
  return text.replace(/^[=@]/, String.raw`\$&`);
}
