import { PatternIndex, Patterns } from './pattern-index.js';

/** Kinds of secrets, or of their names, that an anchor may belong to. */
export type AnchorKind =
  'name' | 'escaped-name' | 'base64' | 'scheme' | 'jwt' | 'jwt-payload' | 'postman-key' | 'pem' | 'url';

/** Characters that can follow the name of a value. */
const delimiters = ['"', "'", '`', '=', ':', ' ', ']', '\\', '\n', '\r', '\t'];

/** A text in lower case, its kind, and the offset at which the name begins in it. */
type Word = readonly [text: string, kind: AnchorKind, nameAt?: number];

/** Length of the shortest word, in bytes. It decides how fast all words are found. */
const LONG_ENOUGH = 6;

/** Texts of which every secret, or its name, contains at least one. */
const words: readonly Word[] = [
  ...['password', 'passwd', 'passphrase', 'secret', 'authorization'].map(name),
  ...['passwort', 'kennwort', 'contrase', 'mot de passe', 'mot_de_passe', 'motdepasse', 'wachtwoord'].map(
    name,
  ),
  ...['accountkey', 'account_key', 'accesskey=', 'access_key='].map(name),
  ...shortName('pwd'),
  ...delimiters.map((delimiter) => name(`token${delimiter}`)),
  ...['"', "'", '=', ':', ' '].map((delimiter) => name(`_pass${delimiter}`)),
  ...['api', 'auth', 'private', 'subscription'].flatMap((first) =>
    ['key', '_key', '-key', '.key'].map((last) => name(first + last)),
  ),
  ...['password', 'passwd', 'secret', 'token'].flatMap(escaped),
  ...[
    'password',
    'passwd',
    'passphrase',
    'secret',
    'token"',
    'api_key',
    'PASSWORD',
    'SECRET',
    'API_KEY',
  ].flatMap(inBase64),
  ...['auth":', 'auth" :', '_auth='].map(name),
  ['basic ', 'scheme'],
  ['bearer ', 'scheme'],
  ...Array.from('0123456789abcdef').map((digit): [string, AnchorKind] => [`pmak-${digit}`, 'postman-key']),
  ['private key-----', 'pem'],
  // Schemes of URLs that often hold passwords; searching for every `://` would be slow.
  ...[
    'http',
    'https',
    'ftp',
    'mqtt',
    'mqtts',
    'amqp',
    'amqps',
    'redis',
    'mysql',
    'mongodb',
    'postgres',
    'postgresql',
  ].map((scheme): [string, AnchorKind] => [`${scheme}://`, 'url']),
  ...jwtPayloads().map((beginning): [string, AnchorKind] => [beginning, 'jwt-payload']),
  // An encrypted token (RFC 7516) has JSON only in its header; these are the usual first members.
  ...['alg', 'enc', 'kid', 'typ', 'cty', 'zip'].map((member): [string, AnchorKind] => [
    Buffer.from(`{"${member}":"`).toString('base64url').slice(0, 10).toLowerCase(),
    'jwt',
  ]),
];

function name(text: string): Word {
  return [text, 'name'];
}

/** A name of three letters, with enough of the text that may surround it. */
function shortName(text: string): Word[] {
  const values = 'abcdefghijklmnopqrstuvwxyz0123456789!#*+@^~.';
  const assigned = [';', '"', "'", '_', '&', '?', ' ', '\n'].flatMap((before) =>
    Array.from(values, (value): Word => [`${before}${text}=${value}`, 'name', before.length]),
  );
  const separated = ['"', "'", '_', '-', ' ', '\n'].map((before): Word => [
    `${before}${text}: `,
    'name',
    before.length,
  ]);
  const quoted = ['_', ';', ' ', '\n', '\t'].flatMap((before) =>
    ['="', "='"].map((joint): Word => [before + text + joint, 'name', before.length]),
  );
  const joints = ['":"', '": ', '" :', "':'", "': ", "' :", "' =", ' = ', ' :=', ':="', ': "', ": '", '\\":'];
  const listed = ['","', '", ', '",\n', '",\r', "', ", '&quot;', '%3d', '%22'];
  return [...assigned, ...separated, ...quoted, ...[...joints, ...listed].map((after) => name(text + after))];
}

/** A name with some of its letters escaped: the text between two neighboring escapes, or around the only one. */
function escaped(text: string): Word[] {
  const letters = text.split('');
  return [(hex: string) => `\\u00${hex}`, (hex: string) => `\\x${hex}`, (hex: string) => `%${hex}`].flatMap(
    (escape) => {
      const escapes = letters.map((letter) => escape(letter.charCodeAt(0).toString(16)));
      const single = letters.map((_, at) => around(letters, escapes, at));
      const pairs = escapes.flatMap((first, at) =>
        escapes
          .slice(at + 1)
          .map((last, between): Word => [
            first + letters.slice(at + 1, at + 1 + between).join('') + last,
            'escaped-name',
          ]),
      );
      return single.concat(pairs);
    },
  );
}

/** An escaped letter with the letters after it, and enough letters before it to be long enough. */
function around(letters: readonly string[], escapes: readonly string[], at: number): Word {
  const behind = [escapes[at], ...letters.slice(at + 1)].join('');
  const missing = Math.max(0, LONG_ENOUGH - behind.length);
  return [letters.slice(Math.max(0, at - missing), at).join('') + behind, 'escaped-name'];
}

/** The stable part of a text in base64, for each of the three offsets at which the text may begin in a group. */
function inBase64(text: string): [string, AnchorKind][] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + text).toString('base64');
    const whole = encoded.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + text.length) * 8) / 6));
    return [whole.toLowerCase(), 'base64'];
  });
}

/** A dot, then base64url of `{"` and the first letter of a claim (RFC 7519, 3.1), in lower case. */
function jwtPayloads(): readonly string[] {
  const beginnings = new Set<string>();
  for (let first = 0x20; first < 0x80; first++) {
    for (let second = 0x20; second < 0x80; second++) {
      const encoded = Buffer.from([0x7b, 0x22, first, second]).toString('base64url');
      beginnings.add(`.${encoded.slice(0, 5)}`.toLowerCase());
    }
  }
  return [...beginnings];
}

const patterns = new Patterns();
for (const [word] of words) patterns.add(Buffer.from(word));
const index = new PatternIndex(patterns, { foldCase: true });

/** A place that may belong to a secret. */
export interface Anchor {
  readonly kind: AnchorKind;
  /** Its beginning in the searched text. */
  readonly at: number;
}

/** Finds the anchors in a piece of a text, in the order of the text. */
export function findAnchors(text: Buffer, base: number, from: number, to: number): readonly Anchor[] {
  const found: Anchor[] = [];
  index.search(text, base, from, to, (pattern, at) => {
    const [, kind, nameAt = 0] = words[pattern] ?? [];
    if (kind !== undefined) found.push({ kind, at: at + nameAt });
  });
  return found.toSorted((a, b) => a.at - b.at);
}
