import { getBorderCharacters, table } from 'table';
import { harmless } from '../text/harmless.js';
import { shorten } from '../text/quote.js';

/**
 * What the claims of an id_token say, as far as they are known.
 *
 * @see https://www.iana.org/assignments/jwt/jwt.xhtml
 */
const claimProse: Readonly<Record<string, string>> = {
  acr: 'how strongly the user was authenticated',
  at_hash: 'ties it to its access token',
  aud: 'whom it is for',
  auth_time: 'when the user logged in',
  azp: 'the client that asked for it',
  email: 'e-mail address',
  email_verified: 'whether that was verified',
  exp: 'until when it is valid',
  family_name: 'last name',
  given_name: 'first name',
  iat: 'when it was issued',
  iss: 'who issued it: the realm',
  jti: 'the number of this token',
  name: 'full name',
  nbf: 'from when it is valid',
  preferred_username: 'whose it is: the HTTP username',
  session_state: 'the session at the server',
  sid: 'the session at the server',
  sub: "whose it is: the realm's own number",
  typ: 'kind of token, as Keycloak has it',
};

/** Claims that are a time in seconds since 1970 (RFC 7519, 2). */
const claimsOfTime: ReadonlySet<string> = new Set(['auth_time', 'exp', 'iat', 'nbf', 'updated_at']);

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
