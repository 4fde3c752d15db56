import { harmless } from '../text/harmless.js';
import type { Palette } from '../text/palette.js';
import { shorten } from '../text/quote.js';
import { shellWords } from '../text/shell-words.js';
import { claimsTable } from './claims-table.js';
import type { DoctorReport, PasteableSettings } from './doctor-report.js';
import { checkProse } from './finding-prose.js';
import { type CheckStatus, type Evidence, statusProse } from './finding.js';

/** Limit on the characters in one line of evidence. */
const LONGEST_EVIDENCE = 400;

const longest = (words: readonly string[]) => Math.max(...words.map(({ length }) => length)) + 2;
const STATUS_WIDTH = longest(Object.values(statusProse));
const CHECK_WIDTH = longest(Object.values(checkProse));
const INDENT = ' '.repeat(STATUS_WIDTH + CHECK_WIDTH);

/**
 * A diagnosis as text.
 *
 * @param devices the DEVICES argument, for command lines to paste
 */
export function formatDoctor(report: DoctorReport, devices: string | undefined, paint: Palette): string {
  const { profile, checks, token, settings } = report;
  const lines = [
    `${paint.strong(harmless(profile.tokenUrl))}, client ${harmless(profile.clientId)}, scope ${harmless(profile.scope)}`,
    '',
  ];
  for (const [at, { check, status, code, meaning, remedy, evidence }] of checks.entries()) {
    const word = painted(status, paint)(statusProse[status].padEnd(STATUS_WIDTH));
    const text = `${harmless(meaning)}${remedy === undefined ? '' : ` [${code}]`}`;
    lines.push(`${word}${checkProse[check].padEnd(CHECK_WIDTH)}${text}`);
    if (remedy !== undefined) lines.push(`${INDENT}${harmless(remedy)}`);
    // Several findings may have the same evidence, which is printed once.
    if (isShownNext(evidence, checks[at + 1]?.evidence)) continue;
    lines.push(...evidenceLines(evidence).map((line) => paint.dim(`${INDENT}${line}`)));
  }
  if (token !== undefined) lines.push('', 'Claims of the id_token:', claimsTable(token.claims).trimEnd());
  lines.push('', ...settingsLines(settings, devices ?? 'DEVICES', paint));
  return `${lines.join('\n')}\n`;
}

function painted(status: CheckStatus, paint: Palette): (text: string) => string {
  if (status === 'pass') return paint.good;
  return status === 'failure' || status === 'warning' ? paint.bad : paint.dim;
}

function isShownNext(evidence: Evidence, next: Evidence | undefined): boolean {
  return next !== undefined && JSON.stringify(evidence) === JSON.stringify(next);
}

function evidenceLines(evidence: Evidence): string[] {
  return Object.entries(evidence).flatMap(([key, value]) => {
    // `validFrom` becomes "valid from"../report/.
    const name = key.replace(/[a-z](?=[A-Z])/g, '$& ').toLowerCase();
    if (typeof value !== 'object') return [`${name}: ${short(String(value))}`];
    if (value.some((item) => item.includes(' '))) return value.map((item) => `${name}: ${short(item)}`);
    return value.length === 0 ? [] : [`${name}: ${short(value.join(', '))}`];
  });
}

const short = (text: string) => harmless(shorten(text, LONGEST_EVIDENCE));

function settingsLines(settings: PasteableSettings | undefined, devices: string, paint: Palette): string[] {
  if (settings === undefined) {
    return ['Fix the failures above to find out which settings work here.'];
  }
  const { isProven, flags, tokenFlags, config, environment } = settings;
  const command = (...words: string[]) => `  biotz-postman ${shellWords(words.map(pasted))}`;
  const exports = Object.entries(environment).map(
    ([name, value]) => `  export ${name}=${shellWords([pasted(value)])}`,
  );
  return [
    paint.strong(
      isProven ? 'Settings that work here:' : 'Settings to try next; run the doctor again with them:',
    ),
    command('run', devices, ...flags),
    command('token', devices, '--all', ...flags, ...tokenFlags),
    '',
    'The same in biotz-postman.config.json:',
    ...JSON.stringify(config, null, 2)
      .split('\n')
      .map((line) => `  ${harmless(line)}`),
    ...(exports.length > 0
      ? ['and in the environment, because a config file may not set where passwords go:', ...exports]
      : []),
  ];
}

/** An address stays as it is, even if it contains "::": a parsed URL is harmless. */
function pasted(word: string): string {
  if (!/^https?:/.test(word) || !URL.canParse(word)) return harmless(word);
  const { href } = new URL(word);
  return href === `${word}/` ? word : href;
}
