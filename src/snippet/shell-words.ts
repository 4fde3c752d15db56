import { shellWord } from './literals.js';

/** What no shell takes for anything else. */
const plain = /^[\w@%+=:,./-]+$/;

/** Words as a shell reads them back, with quotes only where they need them. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => (plain.test(word) ? word : shellWord(word))).join(' ');
}
