import { PatternIndex, Patterns } from './pattern-index.js';

/** What an anchor may be part of. */
export type AnchorKind = 'name' | 'scheme' | 'jwt' | 'postman-key' | 'pem';

/** Text that a secret, or the name of one, always has in it, in lower case. At least five bytes each. */
const words: readonly (readonly [string, AnchorKind])[] = [
  ...['password', 'passwd', 'passphrase', 'secret', 'token', 'authorization'].map(name),
  ...['api', 'auth', 'private', 'subscription'].flatMap((first) =>
    ['key', '_key', '-key', '.key'].map((last) => name(first + last)),
  ),
  ['basic ', 'scheme'],
  ['bearer ', 'scheme'],
  ['pmak-', 'postman-key'],
  ['private key-----', 'pem'],
  ...jwtBeginnings().map((beginning): [string, AnchorKind] => [beginning, 'jwt']),
];

function name(text: string): [string, AnchorKind] {
  return [text, 'name'];
}

/** Base64 of `{"` and the first letter of a member (RFC 7519, 3.1: the header is a JSON object), in lower case. */
function jwtBeginnings(): readonly string[] {
  const beginnings = new Set<string>();
  for (let first = 0x40; first < 0x80; first++) {
    for (let second = 0x20; second < 0x80; second++) {
      const encoded = Buffer.from([0x7b, 0x22, first, second]).toString('base64');
      beginnings.add(encoded.slice(0, 5).toLowerCase());
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
