import { structuredPatch, type StructuredPatchHunk } from 'diff';
import { harmless } from '../prose/harmless.js';
import type { Palette } from './summary-text.js';

/** More changed lines than anybody compares by eye; without a bound, two long and unlike texts take minutes. */
const MOST_CHANGES = 2000;

/** What differs between two texts, as a unified difference, each line indented. */
export function formatDifference(before: string, after: string, paint: Palette): string {
  const patch = structuredPatch('', '', before, after, undefined, undefined, {
    context: 2,
    maxEditLength: MOST_CHANGES,
  });
  if (patch === undefined) return '    (they differ in more lines than can be shown)\n';
  return patch.hunks.map((hunk) => formatHunk(hunk, paint)).join('');
}

function formatHunk({ oldStart, newStart, lines }: StructuredPatchHunk, paint: Palette): string {
  const title = paint.dim(`@@ line ${oldStart}, now ${newStart} @@`);
  return `    ${title}\n${lines.map((line) => `    ${paintLine(line, paint)}\n`).join('')}`;
}

function paintLine(line: string, paint: Palette): string {
  const text = harmless(line.replace(/\r$/, ''));
  if (line.startsWith('+')) return paint.good(text);
  return line.startsWith('-') ? paint.bad(text) : text;
}
