import { MASK } from './secret.js';

/**
 * Below this length a secret's occurrences cannot be told from chance, so a text in which it occurs is
 * masked whole.
 */
const SHORTEST_TO_REPLACE = 6;

/** A JWT (RFC 7519): base64url of `{"…`, and two more parts. */
const jwt = /eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;
/** An Authorization value (RFC 6750, RFC 7617). */
const authorization = /\b(Basic|Bearer)\s+[\w.~+/=-]{6,}/gi;

/**
 * Takes secrets out of a text that somebody else wrote: a server's answer, a script's error. Every writer
 * passes such text through here.
 *
 * Known secrets are found raw, percent- and form-encoded, JSON-, XML- and HTML-escaped, in any mixture of
 * these, and in base64, alone or inside a longer value such as Basic credentials. JWTs and Authorization
 * values are always masked.
 *
 * @param text any length; it is cheap to call with none of the secrets in it
 * @param secrets passwords and tokens that may occur in it
 */
export function redact(text: string, secrets: Iterable<string> = []): string {
  let redacted = text;
  for (const secret of secrets) {
    if (secret === '') continue;
    const spelling = anySpelling(secret);
    if (secret.length >= SHORTEST_TO_REPLACE) redacted = redacted.replace(spelling, MASK);
    else if (spelling.test(redacted)) return MASK;
  }
  return redacted.replace(jwt, MASK).replace(authorization, `$1 ${MASK}`);
}

/** Matches a secret however it is written; case is ignored, because `%c3` equals `%C3`. */
function anySpelling(secret: string): RegExp {
  const characters = Array.from(
    secret,
    (character) => `(?:${spellings(character).map(literally).join('|')})`,
  );
  return new RegExp([characters.join(''), ...base64Forms(secret).map(literally)].join('|'), 'giu');
}

const entities: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/** The ways in which one character of a secret may be written, the longer ones first. */
function spellings(character: string): readonly string[] {
  const point = character.codePointAt(0) ?? 0;
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const entity = entities[character];
  return [
    Buffer.from(character, 'utf8').toString('hex').replace(/../g, '%$&'),
    units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join(''),
    `&#${point};`,
    `&#0${point};`,
    `&#x${point.toString(16)};`,
    ...(entity === undefined ? [] : [`&${entity};`]),
    JSON.stringify(character).slice(1, -1),
    ...(character === '/' ? ['\\/'] : []),
    ...(character === ' ' ? ['+'] : []),
    character,
  ];
}

/**
 * Base64 of the secret at each of the three places where it can start in a group of three bytes, without
 * the characters at the ends that depend on its neighbours: so it is found inside `user:password` too.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const own = encoded.slice(Math.ceil((offset * 4) / 3), Math.floor(((offset + bytes.length) * 4) / 3));
    if (own.length < SHORTEST_TO_REPLACE) return [];
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
