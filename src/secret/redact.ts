import { Redactor } from './redactor.js';

const redactor = new Redactor();

/**
 * Takes secrets out of one text: a {@link Redactor} that holds them no longer than that.
 *
 * @param text any length
 * @param secrets passwords and tokens that may occur in it
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  const release = redactor.hold(secrets);
  try {
    return redactor.redact(text);
  } finally {
    release();
  }
}
