import type { Member } from './json-reader.js';
import { isFilled, isSecretValue, nameKind, type NameKind } from './secret-names.js';
import { credentialsIn } from './text-rules.js';

/** Members with a meaning for the rules, by the length of their names. */
const membersByLength: readonly (readonly (readonly [string, Member])[] | undefined)[] = [
  undefined,
  undefined,
  undefined,
  [['key', 'key']],
  [
    ['name', 'key'],
    ['type', 'type'],
    ['data', 'data'],
  ],
  [['value', 'value']],
  undefined,
  undefined,
  [['username', 'user']],
];

/**
 * Recognises a member by its name. It compares bytes, because making a string of each name would dominate the time.
 *
 * @param at beginning of the name in the window; below 0 if it has left the window
 * @param length in bytes
 */
export function memberNamed(text: Buffer, at: number, length: number): Member {
  if (at < 0) return 'other';
  for (const [name, member] of membersByLength[length] ?? []) {
    let equal = 0;
    while (equal < name.length && text[at + equal] === name.charCodeAt(equal)) equal++;
    if (equal === name.length) return member;
  }
  return 'other';
}

/** Whether a value is a secret. @param isPair whether its name is the `key` of a variable or header */
export function isSecret(value: string, kind: NameKind, isPair: boolean): boolean {
  if (kind === 'authorization') return credentialsIn(value) !== undefined;
  return kind === 'strong' && isPair ? isFilled(value) : isSecretValue(value, kind);
}

/** Whether a value of a list is a secret. Validation rules are listed under such names too: a plain word, or `min:8`. */
export const isListedSecret = (value: string, kind: NameKind) =>
  kind !== 'authorization' &&
  /\d|[A-Z].*[a-z]|[^\w-]/.test(value) &&
  !/^\w+:[\w,]+$/.test(value) &&
  isSecretValue(value, kind);

/** Whether a cell is the title of a column of secrets: a sentence about secrets is longer. */
export const isTitle = (text: string) => nameKind(text) === 'strong' && text.split(/[\s_-]/).length <= 3;

export const oneOf = <T extends string>(text: string, ...allowed: readonly T[]): T | undefined =>
  allowed.find((each) => each === text);
