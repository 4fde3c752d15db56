import type { FormIndex } from './form-index.js';
import { Search } from './search.js';
import type { Span } from './spans.js';

/**
 * Inside of an occurrence another one may begin that ends behind it. One that is longer than this repeats
 * itself, or holds nothing else: to try all of its places could cost the square of its length.
 */
const LONGEST_TO_LOOK_INTO = 16_384;

/**
 * Finds every occurrence of a form in a text: in any case and spelling of each of its characters, and what is
 * left of it where a text was cut with an ellipsis.
 *
 * @param skipsWords whether secrets that may be words of ours are not looked for
 * @returns in the order of the text; the whole text where it has to be masked whole
 */
export function knownSpans(text: string, forms: FormIndex, skipsWords: boolean): readonly Span[] {
  const search = new Search(text, forms, skipsWords);
  const spans: Span[] = [];
  let covered = 0;
  for (let start = 0; start < text.length; start++) {
    search.lookAt(start);
    if (search.masksAll) return [{ start: 0, end: text.length }];
    if (search.covered === covered) continue;
    covered = search.covered;
    spans.push({ start, end: covered });
    if (covered - start > LONGEST_TO_LOOK_INTO) start = covered - 1;
  }
  return spans;
}
