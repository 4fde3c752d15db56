import { base64FormsOf, SHORTEST_TO_REPLACE } from '../secret/forms.js';
import { readBackwards, readForwards, reachOf, spellingsOf } from './escapes.js';
import { PatternIndex, Patterns } from './pattern-index.js';

/** Shorter ones are not looked for: as a whole value they would be found everywhere. */
const SHORTEST_TO_COMPARE = 4;

/** So many letters and digits in a row are enough to recognise a secret by: no encoder changes them. */
const SHORTEST_CORE = 4;

/** Of a form that is longer, so many letters and digits are searched for and nothing around them: nobody has such a password. */
const LONGEST_FORM = 1024;

/** What of a form lies around the letters and digits that are searched for. */
interface Around {
  readonly before: string;
  readonly after: string;
}

/** Told of a secret by where it begins and ends in the searched text, and whose it is. */
export type OnSecret = (start: number, end: number, owner: string) => void;

/**
 * Secrets to look for in files: raw and in base64 (at each of its three alignments, so that it is found inside of Basic
 * credentials), percent- and form-encoded, JSON-, XML- and HTML-escaped, in a mixture of these, and escaped twice.
 *
 * Each form is searched for by its longest run of ASCII letters and digits, and read from there in both directions. A
 * form without such a run is searched for as encoders spell it. A secret of 4 or 5 characters is found only as a whole
 * quoted value, a shorter one not at all.
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

  /** How many were added that are too short to be looked for. */
  get notCompared(): number {
    return this.#notCompared;
  }

  /** How many bytes around a place have to be known. */
  get reach(): number {
    return this.#reach;
  }

  /** @param owner what {@link OnSecret} is told: a device's id */
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
    this.#reach = Math.max(this.#reach, reachOf(form.length));
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
  const left = text.toString('utf8', Math.max(0, start - reachOf(before.length)), start);
  const from = readBackwards(left, before);
  if (from < 0) return undefined;
  const right = text.toString('utf8', end, end + reachOf(after.length));
  const to = readForwards(right, after);
  if (to < 0) return undefined;
  // What was read is the secret, so it is UTF-8: only around it a character may be cut or broken.
  return [start - Buffer.byteLength(left.slice(from)), end + Buffer.byteLength(right.slice(0, to))];
}
