import { base64FormsOf, SHORTEST_TO_REPLACE } from '../secret/forms.js';
import { readBackwards, readForwards, bytesToRead, spellingsOf } from './escapes.js';
import { PatternIndex, Patterns } from './pattern-index.js';

/** Length of the shortest secret that is searched for; shorter ones would be found everywhere. */
const SHORTEST_TO_COMPARE = 4;

/** Length of a run of letters and digits that identifies a secret: no encoder changes such a run. */
const SHORTEST_CORE = 4;

/** In a longer form, only this many letters and digits are searched for, and the rest is not compared. */
const LONGEST_FORM = 1024;

/** The parts of a form before and after the run that is searched for. */
interface Around {
  readonly before: string;
  readonly after: string;
}

/** Called with the beginning and end of a secret in the searched text, and its owner. */
export type OnSecret = (start: number, end: number, owner: string) => void;

/**
 * Secrets to search files for. Each is found raw and in base64 (at each of the three alignments, so also inside Basic
 * credentials), percent- and form-encoded, JSON-, XML- and HTML-escaped, in a mixture of these, and escaped twice.
 *
 * Each form is searched for by its longest run of ASCII letters and digits, and then read in both directions. A form
 * without such a run is searched for in each spelling of the usual encoders. A secret of 4 or 5 characters is found only
 * as a whole quoted value, a shorter secret not at all.
 */
export class KnownSecrets {
  readonly #patterns = new Patterns();
  readonly #owners: string[] = [];
  readonly #ownerOf: number[] = [];
  readonly #around = new Map<number, Around>();
  readonly #quoted = new Set<number>();
  #index: PatternIndex | undefined;
  #notCompared = 0;
  #reach = 0;

  /** Number of added secrets that are too short to be searched for. */
  get notCompared(): number {
    return this.#notCompared;
  }

  /** Bytes of context that are needed around a place. */
  get reach(): number {
    return this.#reach;
  }

  /** @param owner the device's id, which is passed to {@link OnSecret} */
  add(secret: string, owner: string): void {
    if (secret.length < SHORTEST_TO_COMPARE) {
      this.#notCompared += 1;
      return;
    }
    this.#owners.push(owner);
    if (secret.length < SHORTEST_TO_REPLACE) {
      for (const spelling of spellingsOf(secret)) {
        for (const quote of ['"', "'"]) {
          this.#quoted.add(this.#patterns.count);
          this.#addPattern(quote + spelling + quote);
        }
      }
      return;
    }
    for (const form of [secret, ...base64FormsOf(secret)]) this.#addForm(form);
  }

  #addForm(form: string): void {
    const core = longestRun(form);
    if (core.length < SHORTEST_CORE) {
      for (const spelling of spellingsOf(form)) this.#addPattern(spelling);
      return;
    }
    if (form.length > LONGEST_FORM) {
      this.#addPattern(core.slice(0, LONGEST_FORM));
      return;
    }
    const at = form.indexOf(core);
    const around = { before: form.slice(0, at), after: form.slice(at + core.length) };
    if (core.length < form.length) this.#around.set(this.#patterns.count, around);
    this.#reach = Math.max(this.#reach, bytesToRead(form.length));
    this.#addPattern(core);
  }

  #addPattern(pattern: string): void {
    const bytes = Buffer.from(pattern);
    this.#reach = Math.max(this.#reach, bytes.length);
    this.#patterns.add(bytes);
    this.#ownerOf.push(this.#owners.length - 1);
    this.#index = undefined;
  }

  /** Finds them as {@link PatternIndex.search} does. */
  search(text: Buffer, base: number, from: number, to: number, onSecret: OnSecret): void {
    this.#index ??= new PatternIndex(this.#patterns);
    this.#index.search(text, base, from, to, (pattern, at) => {
      const end = at + this.#patterns.endOf(pattern) - this.#patterns.startOf(pattern);
      const owner = this.#owners[this.#ownerOf[pattern] ?? 0] ?? '';
      if (this.#quoted.has(pattern)) return onSecret(at + 1, end - 1, owner);
      const around = this.#around.get(pattern);
      if (around === undefined) return onSecret(at, end, owner);
      const whole = readAround(text, at, end, around);
      return whole && onSecret(...whole, owner);
    });
  }
}

function longestRun(form: string): string {
  let longest = '';
  for (const [run] of form.matchAll(/[A-Za-z0-9]+/g)) if (run.length > longest.length) longest = run;
  return longest;
}

function readAround(
  text: Buffer,
  start: number,
  end: number,
  { before, after }: Around,
): [number, number] | undefined {
  const left = text.toString('utf8', Math.max(0, start - bytesToRead(before.length)), start);
  const from = readBackwards(left, before);
  if (from < 0) return undefined;
  const right = text.toString('utf8', end, end + bytesToRead(after.length));
  const to = readForwards(right, after);
  if (to < 0) return undefined;
  // The read text is the secret, so it is valid UTF-8; a cut or broken character can only lie outside of it.
  return [start - Buffer.byteLength(left.slice(from)), end + Buffer.byteLength(right.slice(0, to))];
}
