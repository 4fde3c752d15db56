import { getBorderCharacters, table } from 'table';
import { claimProse, claimsOfTime } from '../prose/claims.js';
import { harmless } from '../text/harmless.js';
import { shorten } from '../text/quote.js';

/** More than any realm puts into a token. */
const MOST_CLAIMS = 100;
/** Of one value; a token may hold half a megabyte. */
const LONGEST_VALUE = 400;
/** Characters of each column, after which a line is broken. */
const WIDTHS = [32, 64, 36] as const;

/** The claims of a token for people. They are foreign: anybody may have chosen a name or value. */
export function claimsTable(claims: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(claims);
  const rows = [
    ['claim', 'value', 'meaning'],
    ...entries
      .slice(0, MOST_CLAIMS)
      .map(([name, value]) => [cell(name), cell(valueText(name, value)), meaningOf(name)]),
  ];
  const text = table(rows, {
    border: getBorderCharacters('norc'),
    drawHorizontalLine: (line, rowCount) => line <= 1 || line === rowCount,
    columns: WIDTHS.map((width, column) =>
      rows.some((row) => (row[column]?.length ?? 0) > width) ? { width } : {},
    ),
  });
  return entries.length > MOST_CLAIMS ? `${text}and ${entries.length - MOST_CLAIMS} more\n` : text;
}

function meaningOf(name: string): string {
  // Not inherited from Object: a claim may be called "constructor".
  return Object.hasOwn(claimProse, name) ? (claimProse[name] ?? '') : '';
}

function valueText(name: string, value: unknown): string {
  if (typeof value === 'number' && claimsOfTime.has(name)) return `${value} (${timeText(value)})`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function timeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? 'no time' : time.toISOString();
}

const cell = (text: string) => harmless(shorten(text, LONGEST_VALUE));
