import { type KnownColumn, knownColumns } from './diagnostic.js';
import { editDistance } from './edit-distance.js';
import type { Findings } from './diagnostic.js';

/** Without these a device cannot log in. */
const required: ReadonlySet<KnownColumn> = new Set(['Created', 'Device ID', 'HTTP Username', 'Password']);

/** The columns that have a place of their own in a `Device`; every other one goes to `otherColumns`. */
const ownPlace: ReadonlySet<KnownColumn> = new Set([...required, 'Name']);

/** As a key of an object these reach its prototype. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Indexes of the values in a row; -1 if the header has no such column. */
export interface Columns {
  /** How many fields a row has. */
  readonly width: number;
  readonly created: number;
  readonly name: number;
  readonly deviceId: number;
  readonly username: number;
  readonly password: number;
  readonly others: readonly { readonly index: number; readonly title: string }[];
}

/**
 * Finds the columns by the header's names, in any order, case and spacing, and reports what is missing,
 * misspelt, there twice or reserved.
 *
 * A column without a name is ignored; at the end of the header it does not even count.
 */
export function readHeader(header: readonly string[], line: number, findings: Findings): Columns {
  const titles = header.slice(0, header.findLastIndex((title) => title.trim() !== '') + 1);
  const known = new Map<KnownColumn, number>();
  const unknown = new Map<string, number>();
  const others: { index: number; title: string }[] = [];
  const twice: { firstColumn: number; column: number }[] = [];

  for (const [index, title] of titles.entries()) {
    const column = index + 1;
    const name = knownByKey.get(key(title));
    const first = name === undefined ? unknown.get(title) : known.get(name);
    if (title.trim() === '') continue;
    if (first !== undefined) {
      twice.push({ firstColumn: first + 1, column });
    } else if (reserved.has(title.trim())) {
      findings.error('column-reserved', { column: title.trim() }, { line, column });
    } else {
      if (name === undefined) unknown.set(title, index);
      else known.set(name, index);
      if (name === undefined || !ownPlace.has(name)) others.push({ index, title });
    }
  }
  for (const { firstColumn, column } of twice) {
    findings.error('column-duplicated', { firstColumn }, { line, column });
  }
  // Without a header the first line is a device, none of whose values is a misspelt name.
  reportMissing(known, known.size < 2 ? new Map() : unknown, line, findings);

  const at = (name: KnownColumn) => known.get(name) ?? -1;
  return {
    width: titles.length,
    created: at('Created'),
    name: at('Name'),
    deviceId: at('Device ID'),
    username: at('HTTP Username'),
    password: at('Password'),
    others,
  };
}

/** How many of these titles are columns of the platform; the best delimiter of a header gives the most. */
export function countKnownColumns(titles: readonly string[]): number {
  return titles.filter((title) => knownByKey.has(key(title))).length;
}

/** Whether these titles have every column that a device needs. */
export function hasRequiredColumns(titles: readonly string[]): boolean {
  const keys = new Set(titles.map(key));
  return [...required].every((name) => keys.has(key(name)));
}

const key = (title: string) => title.toLowerCase().replace(/[\s_\u2010-\u2015-]/g, '');

const knownByKey: ReadonlyMap<string, KnownColumn> = new Map(knownColumns.map((name) => [key(name), name]));

function reportMissing(
  known: ReadonlyMap<KnownColumn, number>,
  unknown: Map<string, number>,
  line: number,
  findings: Findings,
): void {
  for (const name of knownColumns) {
    if (known.has(name)) continue;
    const found = likely(name, [...unknown.keys()]);
    if (found !== undefined) {
      const place = { line, column: (unknown.get(found) ?? 0) + 1 };
      unknown.delete(found);
      if (required.has(name)) findings.error('column-misspelt', { column: name }, place);
      else findings.warning('column-misspelt', { column: name }, place);
    } else if (required.has(name)) {
      findings.error('column-missing', { column: name }, { line });
    }
  }
}

/** The title that is probably meant: the closest within two edits, else a shortened one such as `HTTP User`. */
function likely(name: KnownColumn, titles: readonly string[]): string | undefined {
  const wanted = key(name);
  let best: string | undefined;
  let least = wanted.length > 5 ? 2 : 1;
  for (const title of titles) {
    const distance = editDistance(key(title), wanted, least);
    if (distance > least || (distance === least && best !== undefined)) continue;
    best = title;
    least = distance;
  }
  return (
    best ??
    titles.find((title) => {
      const short = key(title);
      return short.length >= 4 && (wanted.startsWith(short) || wanted.endsWith(short));
    })
  );
}
