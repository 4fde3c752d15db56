import type { Member } from './json-reader.js';
import { isFilled, isSecretValue, nameKind, type NameKind } from './secret-names.js';
import { credentialsIn } from './text-rules.js';

/** The members that are asked for, by the length of their names. */
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
 * What a member's name is for. Compares bytes: to make a string of each name would take longer than all else.
 *
 * @param at where it begins in the text; below 0 where that has gone on
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

/** Whether a value is a secret. @param isPair whether its name is in `key`, as a person gives it to a variable or header */
export function isSecret(value: string, kind: NameKind, isPair: boolean): boolean {
  if (kind === 'authorization') return credentialsIn(value) !== undefined;
  return kind === 'strong' && isPair ? isFilled(value) : isSecretValue(value, kind);
}

/** Whether one of several values is. Rules for a value are listed under its name, too: a plain word is one, or `min:8`. */
export const isListedSecret = (value: string, kind: NameKind) =>
  kind !== 'authorization' &&
  /\d|[A-Z].*[a-z]|[^\w-]/.test(value) &&
  !/^\w+:[\w,]+$/.test(value) &&
  isSecretValue(value, kind);

/** Whether a cell is a title for secrets, which is shorter than a sentence about one. */
export const isTitle = (text: string) => nameKind(text) === 'strong' && text.split(/[\s_-]/).length <= 3;

export const oneOf = <T extends string>(text: string, ...allowed: readonly T[]): T | undefined =>
  allowed.find((each) => each === text);
