import { PatternIndex, Patterns } from './pattern-index.js';

/** What an anchor may be part of. */
export type AnchorKind =
  'name' | 'escaped-name' | 'base64' | 'scheme' | 'jwt' | 'jwt-payload' | 'postman-key' | 'pem' | 'url';

/** What can follow the name of a value. */
const delimiters = ['"', "'", '`', '=', ':', ' ', ']', '\\', '\n', '\r', '\t'];

/**
 * Text that a secret, or the name of one, always has in it, in lower case. The shortest one decides how fast all are
 * found: at least six bytes each.
 */
const words: readonly (readonly [string, AnchorKind])[] = [
  ...['password', 'passwd', 'passphrase', 'secret', 'authorization'].map(name),
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
  // Schemes whose URLs are found with passwords in them; to look for the `://` of all would be slow.
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
  // Of an encrypted one (RFC 7516) only the header is JSON; these are its usual first members.
  ...['alg', 'enc', 'kid', 'typ', 'cty', 'zip'].map((member): [string, AnchorKind] => [
    Buffer.from(`{"${member}":"`).toString('base64url').slice(0, 10).toLowerCase(),
    'jwt',
  ]),
];

function name(text: string): [string, AnchorKind] {
  return [text, 'name'];
}

/** A name with one of its letters escaped, or all. */
function escaped(text: string): [string, AnchorKind][] {
  const letters = text.split('');
  return [(hex: string) => `\\u00${hex}`, (hex: string) => `\\x${hex}`, (hex: string) => `%${hex}`].flatMap(
    (escape) => {
      const escapes = letters.map((letter) => escape(letter.charCodeAt(0).toString(16)));
      const once = letters.map((_, at) =>
        letters.map((letter, index) => (index === at ? escapes[at] : letter)).join(''),
      );
      return [...once, escapes.join('')].map((word): [string, AnchorKind] => [word, 'escaped-name']);
    },
  );
}

/** What base64 of a text always has in it, at each of the three places where the text may begin in a group. */
function inBase64(text: string): [string, AnchorKind][] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from('\0'.repeat(offset) + text).toString('base64');
    const whole = encoded.slice(offset === 0 ? 0 : offset + 1, Math.floor(((offset + text.length) * 8) / 6));
    return [whole.toLowerCase(), 'base64'];
  });
}

/** Base64url of `{"` and the first letter of a claim, behind a dot (RFC 7519, 3.1), in lower case. */
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

/** A place to look at more closely. */
export interface Anchor {
  readonly kind: AnchorKind;
  /** Where it begins in the searched text. */
  readonly at: number;
}

/** Finds the anchors in a piece of a text, in their order. */
export function findAnchors(text: Buffer, base: number, from: number, to: number): readonly Anchor[] {
  const found: Anchor[] = [];
  index.search(text, base, from, to, (pattern, at) => {
    const kind = words[pattern]?.[1];
    if (kind !== undefined) found.push({ kind, at });
  });
  return found.toSorted((a, b) => a.at - b.at);
}
