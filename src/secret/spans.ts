import { MASK } from './secret.js';

/** A piece of a text that is masked: code units from `start` up to `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Masks pieces of a text, in any order; pieces that overlap get one mask. */
export function maskSpans(text: string, spans: readonly Span[]): string {
  let masked = '';
  let covered = 0;
  for (const { start, end } of spans.toSorted((one, other) => one.start - other.start)) {
    if (start >= covered) masked += text.slice(covered, start) + MASK;
    covered = Math.max(covered, end);
  }
  return masked + text.slice(covered);
}
