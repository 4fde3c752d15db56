import { leakCodes, type Span } from './leak.js';

const precedence = new Map(leakCodes.map((code, index) => [code, index]));

/**
 * Makes one of what was found several times in the same characters: a token that is also the value of a variable, say.
 *
 * @returns in the order of the file; none overlap
 */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else merged[merged.length - 1] = unite(last, span);
  }
  return merged;
}

/** The code that says more, and the place that says more: of an object, which ends after what is in it. */
function unite(first: Span, second: Span): Span {
  const [better, other] = rank(first) <= rank(second) ? [first, second] : [second, first];
  const isWider = second.end > first.end;
  return {
    code: better.code,
    start: first.start,
    end: Math.max(first.end, second.end),
    place: second.place?.includes('"') === true ? second.place : (first.place ?? second.place),
    device: better.device ?? other.device,
    blank: isWider && second.start > first.start ? undefined : (first.blank ?? second.blank),
  };
}

const rank = ({ code }: Span) => precedence.get(code) ?? leakCodes.length;
