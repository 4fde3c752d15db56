/** One character of a secret in every way in which it may be written, folded as {@link fold} does. */
export interface Spelling {
  readonly raw: string;
  /** Percent- and form-encoded, JSON-, XML- and HTML-escaped; each begins with one of {@link ESCAPES}. */
  readonly escaped: readonly string[];
}

/** What an escape begins with. */
export const ESCAPES = '%\\&+';

const entities: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/** @param character one code point, as the secret has it */
export function spell(character: string): Spelling {
  const point = character.codePointAt(0) ?? 0;
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const entity = entities[character];
  const inJson = JSON.stringify(character).slice(1, -1);
  const escaped = [
    Buffer.from(character, 'utf8').toString('hex').replace(/../g, '%$&'),
    units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join(''),
    `&#${point};`,
    `&#0${point};`,
    `&#x${point.toString(16)};`,
    ...(entity === undefined ? [] : [`&${entity};`]),
    ...(inJson === character ? [] : [inJson]),
    ...(character === '/' ? ['\\/'] : []),
    ...(character === ' ' ? ['+'] : []),
  ];
  return { raw: fold(character), escaped };
}

/**
 * Gives a text in which case no longer counts (`%c3` equals `%C3`), each character where it was:
 * `toLowerCase` makes two of İ, and writes Σ by what comes after it.
 */
export function fold(text: string): string {
  return text.replaceAll('İ', 'i').toLowerCase().replaceAll('ς', 'σ');
}
