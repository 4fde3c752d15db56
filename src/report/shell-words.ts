/** What no shell takes for anything else. */
const plain = /^[\w@%+=:,./-]+$/;

/**
 * Words as a POSIX shell reads them back.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02
 */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (plain.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
