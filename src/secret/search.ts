import { BEGINNING, type FormIndex, type FormNode, hashUnit, unitOf } from './form-index.js';
import { SHORTEST_TO_REPLACE } from './forms.js';
import { escapeAt, fold, hasEscapes } from './reading.js';
import type { Span } from './patterns.js';

/**
 * The most comparisons for a text before it is masked whole. Ordinary texts need less than one for each character, and an
 * occurrence needs one for each of its own characters. A text made of a secret's beginnings could need the product of both
 * lengths.
 */
const mostComparisons = (text: string) => 1_000_000 + 4 * text.length;

/** An ellipsis, with which chai for example cuts a long value, possibly inside an escape. */
const ellipsis = /(?:[%&\\][%&\\#\w]{0,10})?(?=…|\.{3})/y;

/** A piece of the text that is the beginning of forms. */
interface Reading {
  /** Where the piece ends. */
  readonly at: number;
  /** The node that the forms have reached. */
  readonly node: FormNode;
  /** How many code units of the forms the piece covers. */
  readonly depth: number;
}

/** Searches one text for forms, from one position after the other, and counts the comparisons. */
class Search {
  readonly #folded: string;
  readonly #hasEscapes: boolean;
  readonly #forms: FormIndex;
  readonly #skipsWords: boolean;
  #comparisonsLeft: number;
  #covered = 0;
  #foundShort = false;

  /** @param skipsWords whether secrets are skipped that may be words of this program's messages */
  constructor(text: string, forms: FormIndex, skipsWords: boolean) {
    this.#folded = fold(text);
    this.#hasEscapes = hasEscapes(text);
    this.#forms = forms;
    this.#skipsWords = skipsWords;
    this.#comparisonsLeft = mostComparisons(text);
  }

  /** End of the occurrence that reaches farthest; 0 if nothing was found. */
  get covered(): number {
    return this.#covered;
  }

  /** Whether the whole text must be masked: it contains a short secret, or the search took too long. */
  get masksAll(): boolean {
    return this.#foundShort || this.#comparisonsLeft < 0;
  }

  /** Finds the forms that start here. */
  lookAt(start: number): void {
    this.#lookUp(start, start, 0, 0);
  }

  /** Looks up each way in which the text can be read from `at` on, after `depth` units with this hash. */
  #lookUp(start: number, at: number, depth: number, hash: number): void {
    while (depth < BEGINNING && at < this.#folded.length) {
      const escape = this.#escapeAt(at);
      if (escape !== undefined) {
        const { character, end } = escape;
        let other = hash;
        let units = 0;
        for (; units < character.length && depth + units < BEGINNING; units++) {
          other = this.#extend(start, depth + units, character.charCodeAt(units), other);
        }
        this.#lookUp(start, end, depth + units, other);
      }
      hash = this.#extend(start, depth, this.#folded.charCodeAt(at), hash);
      depth += 1;
      at += 1;
    }
  }

  /** Adds a unit to a beginning. @returns its hash */
  #extend(start: number, depth: number, unit: number, before: number): number {
    const hash = hashUnit(before, unit);
    const root = this.#forms.withBeginning(depth + 1, unit, hash);
    if (root !== undefined) this.#follow(start, root);
    return hash;
  }

  /** Reads from the start on as long as it can be one of these forms. */
  #follow(start: number, node: FormNode): void {
    // An escape is also read as its own characters: `%25` is "%" and "%25".
    let readings: Reading[] = [{ at: start, node, depth: 0 }];
    while (readings.length > 0 && !this.masksAll) {
      const next: Reading[] = [];
      for (const reading of readings) {
        this.#cover(reading);
        const { at } = reading;
        if (at === this.#folded.length) continue;
        this.#readOn(next, reading, this.#folded.charAt(at), at + 1);
        const escape = this.#escapeAt(at);
        if (escape !== undefined) this.#readOn(next, reading, escape.character, escape.end);
      }
      readings = next;
    }
  }

  /** Covers a form that ends here, and what is left of those that are cut here. */
  #cover({ at, node, depth }: Reading): void {
    const ends = depth === node.end && node.holders > (this.#skipsWords ? node.wordHolders : 0);
    if (ends && at > this.#covered) {
      this.#covered = at;
      this.#foundShort ||= !this.#skipsWords && node.shortHolders > 0;
    }
    if (depth < SHORTEST_TO_REPLACE || (depth === node.end && node.children === undefined)) return;
    ellipsis.lastIndex = at;
    if (ellipsis.test(this.#folded)) this.#covered = Math.max(this.#covered, ellipsis.lastIndex);
  }

  /** Adds the forms that continue with this character. */
  #readOn(next: Reading[], reading: Reading, character: string, at: number): void {
    let { node, depth } = reading;
    for (let index = 0; index < character.length; index++, depth++) {
      this.#comparisonsLeft -= 1;
      const unit = character.charCodeAt(index);
      if (depth === node.end) {
        const child = node.children?.get(unit);
        if (child === undefined) return;
        node = child;
      } else if (unitOf(node.text, depth) !== unit) {
        return;
      }
    }
    this.#comparisonsLeft -= next.length;
    if (!next.some((other) => other.at === at && other.depth === depth && other.node === node)) {
      next.push({ at, node, depth });
    }
  }

  #escapeAt(at: number) {
    return this.#hasEscapes ? escapeAt(this.#folded, at) : undefined;
  }
}

/**
 * Inside an occurrence another occurrence may begin that ends after it. An occurrence longer than this repeats itself, or
 * contains nothing else: searching from all of its positions could cost the square of its length.
 */
const LONGEST_TO_RESCAN = 16_384;

/**
 * Finds every occurrence of a form in a text: in any case and spelling of its characters, and also the beginning of a form
 * that was cut with an ellipsis.
 *
 * @param skipsWords whether secrets are skipped that may be words of this program's messages
 * @returns in the order of the text; the whole text if all of it must be masked
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
    if (covered - start > LONGEST_TO_RESCAN) start = covered - 1;
  }
  return spans;
}
