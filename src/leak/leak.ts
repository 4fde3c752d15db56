import { harmless } from '../text/harmless.js';

interface LeakProse {
  /** A noun phrase. */
  readonly meaning: string;
  readonly remedy: string;
}

const change = 'If it was already pushed or sent, change it, because it is no longer secret.';

/**
 * Kinds of secrets, in order of importance: if the same characters match two kinds, the first one is reported. Codes may be
 * added and are never renamed.
 */
export const leakProse = {
  /** A password of the given credentials file, plain or encoded. */
  'device-password': {
    meaning: 'the password of a device',
    remedy: `Remove it with "biotz-postman share clean". ${change}`,
  },
  /** A private key in PEM (RFC 7468). */
  'private-key': {
    meaning: 'a private key',
    remedy: `Remove it, and keep it in a file that git ignores. ${change}`,
  },
  /** An age identity, which decrypts an encrypted credentials file. */
  'age-identity': {
    meaning: 'an age identity, which decrypts files',
    remedy: `Remove it, and keep it in a file that git ignores. ${change}`,
  },
  'postman-api-key': {
    meaning: 'a Postman API key',
    remedy: `Remove it, and set it in the environment (POSTMAN_API_KEY). ${change}`,
  },
  /** A JSON Web Token (RFC 7519). */
  jwt: {
    meaning: 'a JSON Web Token',
    remedy:
      'Remove it with "biotz-postman share clean". Until it expires, it gives access to everyone who has it.',
  },
  /** Credentials of an Authorization header, Basic (RFC 7617) or Bearer (RFC 6750). */
  authorization: {
    meaning: 'the credentials of an Authorization header',
    remedy: `Use a variable instead, such as {{id_token}}. ${change}`,
  },
  /** A password before the host of a URL (RFC 3986, 3.2.1). */
  'url-password': {
    meaning: 'a password in a URL',
    remedy: `Use a variable instead, such as {{password}}. ${change}`,
  },
  /** A variable of Postman's type `secret` that has a value. */
  'secret-variable': {
    meaning: 'a variable of type secret that has a value',
    remedy: `Empty it with "biotz-postman share clean". ${change}`,
  },
  /** A value with the name of a secret: `password`, `client_secret`, `X-API-Key`, ... */
  'secret-in-clear': {
    meaning: 'a value that is named like a secret',
    remedy: `Use a variable instead, such as {{password}}. ${change}`,
  },
  /** A credentials file that contains at least one password. */
  'credentials-file': {
    meaning: 'a credentials file with passwords',
    remedy: 'Move it out of this folder, or encrypt it with "biotz-postman share".',
  },
} as const satisfies Readonly<Record<string, LeakProse>>;

export type LeakCode = keyof typeof leakProse;

const leakCodes = Object.keys(leakProse) as readonly LeakCode[];

/** A secret that was found. It holds nothing of the secret itself. */
export interface Leak {
  readonly code: LeakCode;
  /** The file's name as the user gave it. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** In characters, counted from 1. */
  readonly column: number;
  /** Its place in a JSON document, e.g. `values[5] "password"`. */
  readonly place?: string;
  /** Id of the device that the password belongs to. */
  readonly device?: string;
}

/** A {@link Leak} by its bytes, before lines are counted. */
export interface Span {
  readonly code: LeakCode;
  /** Beginning of the secret in its file, in bytes. */
  readonly start: number;
  /** The first byte after it. */
  readonly end: number;
  readonly place?: string | undefined;
  readonly device?: string | undefined;
  /** Its replacement. Default: nothing or a mask, depending on the text around it. */
  readonly blank?: string | undefined;
}

/** A leak as one line: place, meaning and code. */
export function formatLeak({ code, file, line, column, place, device }: Leak): string {
  const whose = device === undefined ? '' : ` (device ${harmless(device)})`;
  const where = place === undefined ? '' : `, ${harmless(place)}`;
  return `${harmless(file)}:${line}:${column}: ${leakProse[code].meaning}${whose}${where} [${code}]`;
}

const precedence = new Map(leakCodes.map((code, index) => [code, index]));

/** Merges spans that overlap, e.g. a token that is also the value of a variable. @returns spans in the order of the file */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else merged[merged.length - 1] = unite(last, span);
  }
  return merged;
}

/** Keeps the more important code, and the more precise place, which names an object's `key`. */
function unite(first: Span, second: Span): Span {
  const [better, other] = rank(first) <= rank(second) ? [first, second] : [second, first];
  const isWider = second.end > first.end;
  return {
    code: better.code,
    start: first.start,
    end: Math.max(first.end, second.end),
    place: second.place?.includes('"') === true ? second.place : (first.place ?? second.place),
    device: better.device ?? other.device,
    blank: isWider && second.start > first.start ? undefined : (first.blank ?? second.blank),
  };
}

const rank = ({ code }: Span) => precedence.get(code) ?? leakCodes.length;
