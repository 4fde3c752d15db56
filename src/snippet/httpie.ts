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
