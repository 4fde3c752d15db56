import type { FormIndex } from './form-index.js';
import { Search } from './search.js';
import { MASK } from './secret.js';

/**
 * Inside of an occurrence another one may begin that ends behind it. One that is longer than this repeats
 * itself, or holds nothing else: to try all of its places could cost the square of its length.
 */
const LONGEST_TO_LOOK_INTO = 16_384;

/**
 * Masks every occurrence of a form in a text: in any case and spelling of each of its characters, and what is
 * left of it where a text was cut with an ellipsis. What occurrences that overlap cover gets one mask.
 */
export function maskKnown(text: string, forms: FormIndex): string {
  const search = new Search(text, forms);
  let masked = '';
  let covered = 0;
  for (let start = 0; start < text.length; start++) {
    search.lookAt(start);
    if (search.masksAll) return MASK;
    if (search.covered === covered) continue;
    if (start >= covered) masked += text.slice(covered, start) + MASK;
    covered = search.covered;
    if (covered - start > LONGEST_TO_LOOK_INTO) start = covered - 1;
  }
  return covered === 0 ? text : masked + text.slice(covered);
}
