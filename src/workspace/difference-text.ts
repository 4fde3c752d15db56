import { structuredPatch } from 'diff';
import { harmless } from '../text/harmless.js';
import { shorten } from '../text/quote.js';
import type { Palette } from '../text/palette.js';

/** Limit on changed lines. Without it, comparing two long and different texts takes minutes. */
const MOST_CHANGES = 2000;
/** Limit on the lines that are shown. */
const MOST_LINES = 200;
const LONGEST_LINE = 160;
/** Unchanged lines before and after a difference. */
const CONTEXT = 2;

/** The difference between two texts, as the lines of a unified diff. */
export function formatDifference(before: string, after: string, paint: Palette): readonly string[] {
  const patch = structuredPatch('', '', ended(before), ended(after), undefined, undefined, {
    context: CONTEXT,
    maxEditLength: MOST_CHANGES,
  });
  if (patch === undefined) return [paint.dim('(they differ in too many lines to show)')];
  const lines = patch.hunks.flatMap(({ oldStart, newStart, lines: found }) =>
    [paint.dim(`@@ line ${oldStart}, now ${newStart} @@`)].concat(
      found.map((line) => paintLine(line, paint)),
    ),
  );
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), paint.dim(`and ${lines.length - MOST_LINES} more lines`)];
}

/** A diff would mention that the last line has no newline, which does not matter here. */
const ended = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

function paintLine(line: string, paint: Palette): string {
  const text = harmless(shorten(line.replace(/\r$/, ''), LONGEST_LINE));
  if (line.startsWith('+')) return paint.good(text);
  return line.startsWith('-') ? paint.bad(text) : text;
}
