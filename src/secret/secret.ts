/** Text that a {@link Secret} shows in place of its value. */
export const MASK = '[redacted]';

/**
 * A password or token that does not print itself: string conversion, `JSON.stringify`, `console.log`
 * and template literals all give {@link MASK}. The value leaves only through {@link Secret.reveal}, so
 * that a reader can find every place that uses it by searching for that one word.
 *
 * @example
 * const password = new Secret('x{{y}}');
 * `${password}`;      // '[redacted]'
 * password.reveal();  // 'x{{y}}'
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Call it only where the value is about to be sent or written to `private/`. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  /** What `console.log` and `util.inspect` print; the well-known symbol keeps this file free of `node:util`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK;
  }
}
