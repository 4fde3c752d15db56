import { fold } from './reading.js';

/**
 * Below this length a secret's occurrences cannot be told from chance, so a text in which it occurs is
 * masked whole; and so few of its characters before a cut are left as they are.
 */
export const SHORTEST_TO_REPLACE = 6;

/** Two zeros, and room for a secret as UTF-8; it is wiped after each. */
let scratch = Buffer.alloc(1024);

/**
 * The forms of a secret to search for: itself and its base64. Escapes of their characters are not separate forms: the search
 * reads them in the text.
 *
 * @returns folded but for ASCII
 */
export function formsOf(secret: string): readonly string[] {
  if (secret === '') return [];
  const length = write(secret);
  const forms = rawForms(secret, length);
  forms.push(...bothAlphabets(length));
  scratch.fill(0, 2, 2 + length);
  return forms;
}

/** Only the base64 forms of a secret. */
export function base64FormsOf(secret: string): readonly string[] {
  const length = write(secret);
  const forms = bothAlphabets(length);
  scratch.fill(0, 2, 2 + length);
  return forms;
}

function write(secret: string): number {
  // A code unit has three bytes at most.
  if (scratch.length < 2 + 3 * secret.length) scratch = Buffer.alloc(2 + 3 * secret.length);
  return scratch.write(secret, 2);
}

function bothAlphabets(length: number): string[] {
  const forms: string[] = [];
  for (const form of base64Forms(length)) {
    forms.push(form);
    // base64url, RFC 4648, 5.
    if (form.includes('+') || form.includes('/')) {
      forms.push(form.replaceAll('+', '-').replaceAll('/', '_'));
    }
  }
  return forms;
}

function rawForms(secret: string, length: number): string[] {
  // A copy: a piece of a text, as a secret may be, keeps the text in memory.
  const utf8 = scratch.toString('utf8', 2, 2 + length);
  if (length === secret.length) return [utf8];
  // Half of a surrogate pair has no UTF-8: encoders write U+FFFD in its place.
  return utf8 === secret ? [fold(utf8)] : [fold(secret), fold(utf8)];
}

/**
 * Base64 of the secret at each of the three places where it can start in a group of three bytes, without
 * the characters at the ends that depend on its neighbours: so it is found inside `user:password` too.
 */
function base64Forms(length: number): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const start = Math.ceil((offset * 4) / 3);
    const end = Math.floor(((offset + length) * 4) / 3);
    if (end - start < SHORTEST_TO_REPLACE) return [];
    return scratch.toString('base64', 2 - offset, 2 + length).slice(start, end);
  });
}
