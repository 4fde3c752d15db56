import { harmless } from '../text/harmless.js';

/** What was found, as a clause, and what to do. */
interface LeakProse {
  readonly meaning: string;
  readonly remedy: string;
}

const change = 'If it was pushed or sent already, change it: it is no secret any more.';

/**
 * What can be found, in the order of importance: if two are found in the same characters, the first of them is reported. Codes may
 * be added and are never renamed.
 */
export const leakProse = {
  /** A password of the credentials file that was given, as it is or encoded. */
  'device-password': {
    meaning: 'the password of a device',
    remedy: `Take it out with "biotz-postman share clean". ${change}`,
  },
  /** A private key in PEM (RFC 7468). */
  'private-key': {
    meaning: 'a private key',
    remedy: `Take it out, and keep it in a file that git ignores. ${change}`,
  },
  /** An age identity: what decrypts an encrypted credentials file. */
  'age-identity': {
    meaning: 'an age identity, which decrypts what was encrypted for it',
    remedy: `Take it out, and keep it in a file that git ignores. ${change}`,
  },
  'postman-api-key': {
    meaning: 'a Postman API key',
    remedy: `Take it out, and give it in the environment (POSTMAN_API_KEY). ${change}`,
  },
  /** A JSON Web Token (RFC 7519). */
  jwt: {
    meaning: 'a JSON Web Token',
    remedy: 'Take it out with "biotz-postman share clean". Until it expires, whoever has it is let in.',
  },
  /** Credentials of an Authorization header, Basic (RFC 7617) or Bearer (RFC 6750). */
  authorization: {
    meaning: 'the credentials of an Authorization header',
    remedy: `Use a variable in its place, such as {{id_token}}. ${change}`,
  },
  /** A password before the host of a URL (RFC 3986, 3.2.1). */
  'url-password': {
    meaning: 'a password in a URL',
    remedy: `Use a variable in its place, such as {{password}}. ${change}`,
  },
  /** A variable of Postman's type `secret` that has a value. */
  'secret-variable': {
    meaning: 'a variable of type secret that has a value',
    remedy: `Empty it with "biotz-postman share clean". ${change}`,
  },
  /** A value whose name says that it is a secret: `password`, `client_secret`, `X-API-Key`, ... */
  'secret-in-clear': {
    meaning: 'a value that is named like a secret',
    remedy: `Use a variable in its place, such as {{password}}. ${change}`,
  },
  /** A credentials file with at least one password in it. */
  'credentials-file': {
    meaning: 'a credentials file, with passwords in it',
    remedy: 'Keep it out, or encrypt it with "biotz-postman share".',
  },
} as const satisfies Readonly<Record<string, LeakProse>>;

export type LeakCode = keyof typeof leakProse;

const leakCodes = Object.keys(leakProse) as readonly LeakCode[];

/** A secret where it does not belong. It holds nothing of the secret itself. */
export interface Leak {
  readonly code: LeakCode;
  /** The file's name as the user gave it. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** In characters, counted from 1. */
  readonly column: number;
  /** Where it is in a JSON document, e.g. `values[5] "password"`. */
  readonly place?: string;
  /** The id of the device whose password it is. */
  readonly device?: string;
}

/** A {@link Leak} by the bytes that it takes up, before lines are counted. */
export interface Span {
  readonly code: LeakCode;
  /** Where the secret begins in its file, in bytes. */
  readonly start: number;
  /** And where it ends: the first byte after it. */
  readonly end: number;
  readonly place?: string | undefined;
  readonly device?: string | undefined;
  /** What it is replaced with; without it, with nothing or a mask, as its surroundings ask for. */
  readonly blank?: string | undefined;
}

/** One line: where, what, and the code to look it up by. */
export function formatLeak({ code, file, line, column, place, device }: Leak): string {
  const whose = device === undefined ? '' : ` (device ${harmless(device)})`;
  const where = place === undefined ? '' : `, ${harmless(place)}`;
  return `${harmless(file)}:${line}:${column}: ${leakProse[code].meaning}${whose}${where} [${code}]`;
}

const precedence = new Map(leakCodes.map((code, index) => [code, index]));

/**
 * Makes one of what was found several times in the same characters: a token that is also the value of a variable, say.
 *
 * @returns in the order of the file; none overlap
 */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else merged[merged.length - 1] = unite(last, span);
  }
  return merged;
}

/** The code that says more, and the place that says more: of an object, which ends after what is in it. */
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
