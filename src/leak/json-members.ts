import type { Member } from './json-reader.js';

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
