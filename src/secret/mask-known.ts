import { MASK } from './secret.js';
import { ESCAPES, fold, spell, type Spelling } from './spelling.js';

/**
 * Below this length a secret's occurrences cannot be told from chance, so a text in which it occurs is
 * masked whole; and so few of its characters before a cut are left as they are.
 */
const SHORTEST_TO_REPLACE = 6;

/** How many code units of a pattern tell it from the others; of many secrets few begin alike. */
const BEGINNING = 3;

/**
 * How many comparisons a text may cost before it is given up and masked whole. Ordinary texts need less than
 * one for each character, and an occurrence needs one for each of its own; but a text that is made of a
 * secret's beginnings could need the product of both lengths.
 */
const mostComparisons = (text: string) => 1_000_000 + 4 * text.length;

/** What is looked for: a secret, or a form of it that is made from the whole. */
interface Pattern {
  readonly text: string;
  /** Whether one occurrence masks the whole text. */
  readonly short: boolean;
}

/**
 * Masks every occurrence of a secret in a text: in any case and spelling of each of its characters, in
 * base64, and what is left of it where a text was cut with an ellipsis.
 *
 * @param secrets of any length; empty ones are ignored
 */
export function maskKnown(text: string, secrets: Iterable<string>): string {
  const search = new Search(text, secrets);
  let masked = '';
  let copied = 0;
  for (let start = 0; start < text.length && !search.isEmpty; start++) {
    let end = start;
    for (const pattern of search.startingAt(start)) {
      end = Math.max(end, search.endOf(pattern, start));
      if (search.exhausted || (end > start && pattern.short)) return MASK;
    }
    if (end === start) continue;
    masked += text.slice(copied, start) + MASK;
    copied = end;
    start = end - 1;
  }
  return masked + text.slice(copied);
}

/**
 * Base64 of the secret at each of the three places where it can start in a group of three bytes, without
 * the characters at the ends that depend on its neighbours: so it is found inside `user:password` too.
 */
function base64Forms(secret: string): ReadonlySet<string> {
  const bytes = Buffer.from(secret, 'utf8');
  const forms = [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/={1,2}$/, '');
    const own = encoded.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + bytes.length) * 4) / 3));
    return own.length < SHORTEST_TO_REPLACE ? [] : [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return new Set(forms);
}

/** Looks for patterns in one text, and counts what that costs. */
class Search {
  readonly #folded: string;
  /** By the code units that a text can begin to spell them with, and by how many these are. */
  readonly #patterns = new Map<number, Map<string, Pattern[]>>();
  readonly #spellings = new Map<string, Spelling>();
  /** An ellipsis, such as chai puts in place of a long value's rest; it may have cut through an escape. */
  readonly #cut = /(?:[%&\\][%&\\#\w]{0,10})?(?=…|\.{3})/y;
  #comparisonsLeft: number;

  constructor(text: string, secrets: Iterable<string>) {
    this.#folded = fold(text);
    this.#comparisonsLeft = mostComparisons(text);
    for (const secret of new Set(secrets)) {
      if (secret === '') continue;
      const short = secret.length < SHORTEST_TO_REPLACE;
      for (const form of [secret, ...base64Forms(secret)]) this.#add({ text: form, short });
    }
  }

  get isEmpty(): boolean {
    return this.#patterns.size === 0;
  }

  get exhausted(): boolean {
    return this.#comparisonsLeft < 0;
  }

  /** The patterns that may start here. */
  *startingAt(start: number): Generator<Pattern, void> {
    for (const [length, patterns] of this.#patterns) {
      yield* patterns.get(this.#folded.slice(start, start + length)) ?? [];
    }
  }

  /** Where the pattern that starts here ends, or is cut; `start` itself where it does not start here. */
  endOf({ text }: Pattern, start: number): number {
    let cut = start;
    let read = 0;
    // More than one, where an escape also reads as its own characters: `%25` is "%" and "%25".
    let ends = [start];
    for (const character of text) {
      const next: number[] = [];
      for (const end of ends) {
        if (read >= SHORTEST_TO_REPLACE) cut = Math.max(cut, this.#cutAt(end));
        this.#addEnds(next, character, end);
      }
      if (next.length === 0 || this.exhausted) return cut;
      ends = next;
      read += character.length;
    }
    for (const end of ends) cut = Math.max(cut, end);
    return cut;
  }

  /** Adds each place where this character ends when it is spelled from `at` on. */
  #addEnds(ends: number[], character: string, at: number): void {
    this.#comparisonsLeft -= 1 + ends.length;
    const { raw, escaped } = this.#spell(character);
    const add = (spelling: string) => {
      const end = at + spelling.length;
      if (this.#folded.startsWith(spelling, at) && !ends.includes(end)) ends.push(end);
    };
    add(raw);
    if (ESCAPES.includes(this.#folded.charAt(at))) escaped.forEach(add);
  }

  /** Where the ellipsis is that follows here; 0 where none does. */
  #cutAt(at: number): number {
    this.#cut.lastIndex = at;
    return this.#cut.test(this.#folded) ? this.#cut.lastIndex : 0;
  }

  #add(pattern: Pattern): void {
    for (const beginning of new Set(this.#beginnings(pattern.text, BEGINNING))) {
      const patterns = this.#patterns.get(beginning.length) ?? new Map<string, Pattern[]>();
      this.#patterns.set(beginning.length, patterns);
      const alike = patterns.get(beginning);
      if (alike === undefined) patterns.set(beginning, [pattern]);
      else alike.push(pattern);
    }
  }

  /** The code units with which a text can begin to spell a pattern; fewer, where the pattern ends before. */
  #beginnings(text: string, units: number): string[] {
    const [first] = text.slice(0, 2);
    if (first === undefined || units <= 0) return [''];
    const { raw, escaped } = this.#spell(first);
    return [raw, ...escaped].flatMap((spelling) =>
      this.#beginnings(text.slice(first.length), units - spelling.length).map((rest) =>
        (spelling + rest).slice(0, units),
      ),
    );
  }

  #spell(character: string): Spelling {
    let spelling = this.#spellings.get(character);
    if (spelling === undefined) {
      spelling = spell(character);
      this.#spellings.set(character, spelling);
    }
    return spelling;
  }
}
