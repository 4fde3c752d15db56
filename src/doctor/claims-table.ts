import { getBorderCharacters, table } from 'table';
import { harmless } from '../text/harmless.js';
import { shorten } from '../text/quote.js';

/**
 * Meanings of known claims of an id_token.
 *
 * @see https://www.iana.org/assignments/jwt/jwt.xhtml
 */
const claimProse: Readonly<Record<string, string>> = {
  acr: 'how strongly the user was authenticated',
  at_hash: 'digest of its access token',
  aud: 'intended receivers',
  auth_time: 'when the user logged in',
  azp: 'the client that requested it',
  email: 'e-mail address',
  email_verified: 'whether the address was verified',
  exp: 'end of its validity',
  family_name: 'last name',
  given_name: 'first name',
  iat: 'when it was issued',
  iss: 'issuer: the realm',
  jti: 'id of this token',
  name: 'full name',
  nbf: 'start of its validity',
  preferred_username: 'the user: the HTTP username',
  session_state: 'the session at the server',
  sid: 'the session at the server',
  sub: "the user: the realm's own id",
  typ: "Keycloak's type of token",
};

/** Claims that are a time in seconds since 1970 (RFC 7519, 2). */
const claimsOfTime: ReadonlySet<string> = new Set(['auth_time', 'exp', 'iat', 'nbf', 'updated_at']);

/** Limit on the claims in the table, above what any realm issues. */
const MOST_CLAIMS = 100;
/** Limit on the characters of one value: a token may have half a megabyte. */
const LONGEST_VALUE = 400;
/** Characters of each column, after which lines wrap. */
const WIDTHS = [32, 64, 36] as const;

/** The claims of a token as a table. Their names and values come from the server and are made harmless. */
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
  // A claim may be called "constructor".
  return Object.hasOwn(claimProse, name) ? (claimProse[name] ?? '') : '';
}

function valueText(name: string, value: unknown): string {
  if (typeof value === 'number' && claimsOfTime.has(name)) return `${value} (${timeText(value)})`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function timeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? 'not a time' : time.toISOString();
}

const cell = (text: string) => harmless(shorten(text, LONGEST_VALUE));
