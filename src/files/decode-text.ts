import { isUtf8 } from 'node:buffer';
import { encodingOf, recogniseContent } from './content.js';
import type { FileProblem } from './file-problem.js';

/**
 * The text that some bytes hold, without its byte order marks. Nothing is ever replaced: what is not valid in its
 * encoding, such as Windows-1252, is refused.
 */
export function decodeText(bytes: Buffer): { readonly text: string } | { readonly problem: FileProblem } {
  const content = recogniseContent(bytes.subarray(0, 4096));
  if (content.kind === 'zip') return { problem: { code: 'no-text', kind: 'zip' } };
  if (content.kind === 'age') return { problem: { code: 'no-text', kind: 'age' } };
  if (content.kind === 'binary') return { problem: { code: 'no-text', kind: content.binary } };
  const text = unicodeOf(bytes);
  if (text === undefined) return { problem: { code: 'no-unicode' } };
  return text.includes('\0') ? { problem: { code: 'no-text', kind: 'unknown' } } : { text };
}

/** The same for bytes whose content is known; `undefined` for what is not valid in its encoding. */
export function unicodeOf(bytes: Buffer): string | undefined {
  const { encoding, bomBytes } = encodingOf(bytes.subarray(0, 4096));
  const rest = bytes.subarray(bomBytes);
  if (encoding === 'utf-8') return isUtf8(rest) ? rest.toString() : undefined;
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(rest);
  } catch {
    return undefined;
  }
}
