import { isObject } from '../text/json.js';

/** In `components`: the document once more, for what is referred to and lies elsewhere. */
export const ELSEWHERE = 'x-elsewhere';

/** The parts of a reference into the same document, `#/a/b` (RFC 6901, 6); `undefined` where it is none. */
export function pointerOf(reference: string): readonly string[] | undefined {
  if (!reference.startsWith('#/')) return undefined;
  try {
    return reference
      .slice(2)
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
  } catch {
    // A percent sign without two hex digits.
    return undefined;
  }
}

/** What a pointer points to; `undefined` where nothing is. */
export function lookUp(document: unknown, pointer: readonly string[]): unknown {
  let value = document;
  for (const part of pointer) {
    const isThere = (isObject(value) || Array.isArray(value)) && Object.hasOwn(value, part);
    value = isThere ? (value as Readonly<Record<string, unknown>>)[part] : undefined;
  }
  return value;
}
