/** Characters that mean nothing special to any shell. */
const plain = /^[\w@%+=:,./-]+$/;

/**
 * A word of a POSIX shell (POSIX.1, 2.2.2) in quotes. Backslashes stand outside of the quotes as well, because fish
 * reads them as escapes inside.
 */
export function shellWord(text: string): string {
  return `'${text.replace(/['\\]|(?<=#)#/g, String.raw`'\$&'`)}'`;
}

/** Words as a shell reads them back, quoted only if they must be. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (plain.test(word) ? word : shellWord(word))).join(' ');
}
