import { isFilled, isSecretValue, nameKind, type NameKind } from './secret-names.js';
import { credentialsIn } from './text-rules.js';

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
