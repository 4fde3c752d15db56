import { FormIndex, type SecretKind } from './form-index.js';
import type { FormNode } from './form-index.js';
import { formsOf, SHORTEST_TO_REPLACE } from './forms.js';
import { knownSpans } from './search.js';
import { harmless } from '../text/harmless.js';
import { MASK } from './secret.js';
import { maskSpans, structuralSpans } from './patterns.js';

/** Secrets that are tracked together, and their forms in the index. */
interface Tracked {
  readonly secrets: readonly string[];
  readonly forms: { readonly form: FormNode; readonly kind: SecretKind }[];
}

/**
 * Masks secrets in text from outside: a server's answer, a script's error, a device's name. Every writer passes such text
 * through a redactor.
 *
 * Tracked secrets are found raw, percent- and form-encoded, JSON-, XML- and HTML-escaped, in any mixture of these, and in
 * base64, alone or inside a longer value such as Basic credentials. If a secret was cut with an ellipsis, its first six or
 * more characters are found. JWTs and Authorization values are always masked.
 *
 * It never throws, and its cost is bounded: a text that would take too long is masked whole. Secrets are indexed by the
 * beginning of their forms, so that tracking many of them makes neither tracking nor redacting slower.
 *
 * @example
 * const redactor = new Redactor();
 * const release = redactor.trackSecrets([password]);
 * write(JSON.stringify(redactor.redactFields(result)));
 * release();
 */
export class Redactor {
  readonly #forms = new FormIndex();
  readonly #tracked = new Set<Tracked>();
  /** Tracked, but not indexed yet: for most devices there is no text to redact. */
  readonly #unindexed = new Set<Tracked>();

  /**
   * Masks these secrets until the returned function is called. They are counted, because two devices may share a
   * password.
   *
   * @param secrets of any length; empty ones are ignored
   * @returns a function that stops tracking them; calling it again changes nothing
   */
  trackSecrets(secrets: Iterable<string>): () => void {
    const tracked: Tracked = { secrets: [...secrets], forms: [] };
    this.#tracked.add(tracked);
    this.#unindexed.add(tracked);
    return () => {
      this.#tracked.delete(tracked);
      this.#unindexed.delete(tracked);
      for (const { form, kind } of tracked.forms.splice(0)) this.#forms.remove(form, kind);
    };
  }

  #index(): void {
    for (const { secrets, forms } of this.#unindexed) {
      for (const secret of secrets) {
        const kind = kindOf(secret);
        for (const text of spellings(secret).flatMap(formsOf)) {
          forms.push({ form: this.#forms.add(text, kind), kind });
        }
      }
    }
    this.#unindexed.clear();
  }

  /**
   * Redacts a text from outside. If a secret that is too short to be told from chance occurs, the whole text is masked.
   *
   * @param text any length
   */
  redact(text: string): string {
    return this.#mask(text, false);
  }

  /**
   * Redacts a message of this program, whose quoted parts have been redacted before. Secrets that are very short or made of
   * letters only are not masked: a password such as "a" would mask every message, and the mask would reveal "server".
   */
  redactOwn(text: string): string {
    return this.#mask(text, true);
  }

  #mask(text: string, skipsWords: boolean): string {
    this.#index();
    // Both searches use the unchanged text: a mask in the middle of a token would hide its shape.
    const spans = structuralSpans(text).concat(
      this.#forms.isEmpty ? [] : knownSpans(text, this.#forms, skipsWords),
    );
    return spans.length === 0 ? text : maskSpans(text, spans);
  }

  /**
   * A copy of a value from outside, such as a token's claims: keys, numbers, booleans and `null` are masked as well if a
   * secret is in their printed form, or if a secret is the same number in other digits.
   *
   * @param value as `JSON.parse` could have made it
   */
  redactForeign(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item: unknown) => this.redactForeign(item));
    if (typeof value === 'object' && value !== null) {
      const taken = new Set<string>();
      return Object.fromEntries(
        Object.entries(value).map(([key, inside]) => [
          unique(this.redact(key), taken),
          this.redactForeign(inside),
        ]),
      );
    }
    if (typeof value === 'string') return this.redact(value);
    const printed = String(value);
    return this.redact(printed) !== printed || this.#holdsNumber(value) ? MASK : value;
  }

  #holdsNumber(value: unknown): boolean {
    return (
      typeof value === 'number' &&
      Array.from(this.#tracked).some(({ secrets }) =>
        secrets.some((secret) => secret.trim() !== '' && Number(secret) === value),
      )
    );
  }

  /**
   * A copy of a value that is about to become JSON or XML, each string in it redacted by itself: a mask cannot
   * damage what surrounds it, and a very short secret masks its field rather than the record. Keys, numbers and
   * booleans stay as they are.
   *
   * @param value as `JSON.parse` could have made it
   */
  redactFields<T>(value: T): T {
    return this.#copy(value) as T;
  }

  #copy(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (Array.isArray(value)) return value.map((item: unknown) => this.#copy(item));
    if (typeof value !== 'object' || value === null) return value;
    // Its own properties, also one called __proto__: to assign that to an empty object would do something else.
    const copy: Record<string, unknown> = { ...value };
    for (const key of Object.keys(copy)) copy[key] = this.#copy(copy[key]);
    return copy;
  }
}

function kindOf(secret: string): SecretKind {
  if (secret.length < SHORTEST_TO_REPLACE) return 'short';
  return /^[\p{L}\s.,:;'"_-]*$/u.test(secret) ? 'word' : 'other';
}

/** The secret itself, and its form in a text that was made harmless before it was redacted. */
function spellings(secret: string): readonly string[] {
  const shown = harmless(secret);
  return shown === secret ? [secret] : [secret, shown];
}

/** Makes keys that are masked alike distinct. */
function unique(key: string, taken: Set<string>): string {
  let name = key;
  for (let count = 2; taken.has(name); count++) name = `${key} (${count})`;
  taken.add(name);
  return name;
}
