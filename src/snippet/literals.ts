/** Writes a text as a literal of a language, so that nothing in it can end the literal or be run. */
export type WriteLiteral = (text: string) => string;

/**
 * All but printable ASCII, and the second character of `##`, by which Azure Pipelines and TeamCity take commands
 * from a log. Written as escapes they survive every console and file encoding. It is a matter of safety too: Windows
 * PowerShell 5.1 reads a script without a byte order mark in the system's old code page, where one byte of a letter
 * may be a quote.
 */
const notPlain = /([^ -~]|(?<=#)#)/gu;

/**
 * A PowerShell expression. Within single quotes only a quote means something, but every typographic one counts as
 * such (IsSingleQuote in its CharTraits.cs); they are among the characters that are written by number.
 *
 * @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
 */
export const powerShellString: WriteLiteral = (text) => {
  const terms = text.split(notPlain).flatMap((part, index) => {
    if (index % 2 === 1) return unitsOf(part).map((unit) => `[char]0x${unit}`);
    // Only a string at the beginning makes `+` a concatenation.
    return part === '' && index > 0 ? [] : `'${part.replaceAll("'", "''")}'`;
  });
  return terms.length === 1 ? terms.join('') : `(${terms.join(' + ')})`;
};

/** A JavaScript string (ECMA-262, 12.9.4), of which JSON's are a part. */
export const javaScriptString: WriteLiteral = (text) =>
  JSON.stringify(text).replace(notPlain, (character) =>
    unitsOf(character)
      .map((unit) => `\\u${unit}`)
      .join(''),
  );

/** A Python string: JSON's escapes mean the same there, except that two of them never make up one character. */
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
 * A value as it has to stand behind `name=` for HTTPie to send it as it is: a backslash before one of the characters
 * of its separators takes that character's meaning, and goes. A value that begins with `=` or `@` would make another
 * separator (`==`, `=@`).
 *
 * @returns nothing where HTTPie has no way to write it: with such a character behind an odd number of backslashes,
 *   because it leaves pairs of them as they are
 * @see https://httpie.io/docs/cli/escaping-rules
 */
export function httpieValue(text: string): string | undefined {
  if (/(?<!\\)(?:\\\\)*\\[:;=@]/.test(text)) return undefined;
  return text.replace(/^[=@]/, String.raw`\$&`);
}
