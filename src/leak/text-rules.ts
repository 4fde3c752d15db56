import { basicPassword, secretPatterns } from '../secret/patterns.js';
import { findAnchors, type Anchor, type AnchorKind } from './anchors.js';
import {
  decodeName,
  endOfName,
  isWordByte,
  isFilled,
  isPlainWord,
  isSecretValue,
  looksRandom,
  nameKind,
} from './secret-names.js';
import type { LeakCode } from './leak.js';
import { mayJoinValue, valueBeside } from './value-shapes.js';

/** A secret around an anchor, by its bytes in the searched text. */
export interface Found {
  readonly code: LeakCode;
  readonly start: number;
  readonly end: number;
  /** Its replacement, if the surrounding text does not decide that. */
  readonly blank?: string | undefined;
}

/** Bytes around an anchor that a rule reads: for a name with its value, and for a token or key. */
const NAME_REACH = 512;
const TOKEN_REACH = 16_384;

/** Length of the shortest value, in characters; in code and prose, a shorter value is an example. */
const SHORTEST_VALUE = 4;

/** Bytes of context that are needed around a piece to judge its anchors. */
export const TEXT_REACH = TOKEN_REACH;

/**
 * Finds secrets in a text of any syntax, by their shape and by the name beside them.
 *
 * @param text read as Latin-1, because the rules only concern ASCII
 * @param low text before this place does not belong to the anchor
 * @param high text from this place on does not belong to the anchor
 */
export function findAround(text: Buffer, { kind, at }: Anchor, low: number, high: number): readonly Found[] {
  return rules[kind](text, at, low, high);
}

type Rule = (text: Buffer, at: number, low: number, high: number) => readonly Found[];

const jwt = new RegExp(`^${secretPatterns.jwt}`);
const postmanKey = new RegExp(`^${secretPatterns.postmanKey}`);
const ageIdentity = new RegExp(`^${secretPatterns.ageIdentity}`);
const authorization = new RegExp(`^${secretPatterns.authorization}`, 'i');

const rules: { readonly [K in AnchorKind]: Rule } = {
  name: aroundName,
  'escaped-name': aroundName,
  base64: inBase64,
  scheme: afterScheme,
  jwt: (text, at, low, high) =>
    // In the middle of a longer word, these letters do not begin a token.
    at > low && isTokenByte(text[at - 1]) ? [] : matchAt(text, at, high, 'jwt', jwt),
  'jwt-payload': beforeJwtPayload,
  'postman-key': (text, at, _low, high) => matchAt(text, at, high, 'postman-api-key', postmanKey),
  pem: aroundPrivateKey,
  url: inUserinfo,
};

function matchAt(text: Buffer, at: number, high: number, code: LeakCode, pattern: RegExp): readonly Found[] {
  const [match] = pattern.exec(text.toString('latin1', at, Math.min(high, at + TOKEN_REACH))) ?? [];
  return match === undefined ? [] : [{ code, start: at, end: at + match.length }];
}

/** Finds the token whose payload begins after a dot. */
function beforeJwtPayload(text: Buffer, dot: number, low: number, high: number): readonly Found[] {
  let start = dot;
  while (start > low && start > dot - TOKEN_REACH && isTokenByte(text[start - 1])) start--;
  return matchAt(text, start, high, 'jwt', jwt);
}

/** Characters of base64url: letters, digits, `_` and `-`. */
const isTokenByte = (byte: number | undefined) => byte !== 0x2e && isWordByte(byte);

/** The credentials in the value of an Authorization header, if they are real. */
export function credentialsIn(value: string): string | undefined {
  const [, scheme, credentials = ''] = /^(?:(\w+)\s+)?(\S+)$/.exec(value.trim()) ?? [];
  // Docker and npm leave out the scheme.
  const schemes = scheme === undefined ? ['Bearer', 'Basic'] : [scheme];
  const isReal = isFilled(credentials) && schemes.some((each) => holdsCredentials(each, credentials));
  return isReal ? credentials : undefined;
}

/** Finds credentials after a scheme. Without a header's name, the text after "Bearer" may be prose. */
function afterScheme(text: Buffer, at: number, low: number, high: number): readonly Found[] {
  if (at > low && isTokenByte(text[at - 1])) return [];
  const [match, scheme = '', , value = ''] =
    authorization.exec(text.toString('latin1', at, Math.min(high, at + TOKEN_REACH))) ?? [];
  if (match === undefined || !holdsCredentials(scheme, value)) return [];
  const end = at + match.length;
  return [{ code: 'authorization', start: end - value.length, end }];
}

function holdsCredentials(scheme: string, value: string): boolean {
  if (!/^basic$/i.test(scheme)) return value.length >= 16 && looksRandom(value);
  // A client without a secret has an empty password.
  const password = basicPassword(value) ?? '';
  return password !== '' && isFilled(password);
}

/** RFC 3986, 3.2.1: a user name, a colon and a password before the host. */
const userinfo = /^(\w+:\/\/[^\s/?#@:"'`<>\\]*:)([^\s/?#@"'`<>\\]+)@[\w.[{$-]/;

function inUserinfo(text: Buffer, at: number, _low: number, high: number): readonly Found[] {
  const url = text.toString('latin1', at, Math.min(high, at + NAME_REACH));
  const [, before, password] = userinfo.exec(url) ?? [];
  if (before === undefined || password === undefined) return [];
  if (!isSecretValue(Buffer.from(password, 'latin1').toString(), 'strong')) return [];
  const start = at + before.length;
  return [{ code: 'url-password', start, end: start + password.length }];
}

/** RFC 7468: the label, then base64. A document that only mentions the label holds no key. */
function aroundPrivateKey(text: Buffer, at: number, low: number, high: number): readonly Found[] {
  const before = text.toString('latin1', Math.max(low, at - 40), at);
  const [label] = /-----BEGIN [A-Z0-9 ]*$/.exec(before) ?? [];
  if (label === undefined) return [];
  const after = text.toString('latin1', at, Math.min(high, at + TOKEN_REACH));
  const [body] = /^PRIVATE KEY-----(?:\s|\\[rn])*[\w+/]{40,}[\w+/=\s\\]*/.exec(after) ?? [];
  if (body === undefined) return [];
  const ending = after.slice(body.length).match(/^-----END [A-Z0-9 ]*PRIVATE KEY-----/)?.[0] ?? '';
  return [{ code: 'private-key', start: at - label.length, end: at + body.length + ending.length }];
}

/** Finds the value beside a name, e.g. in `password=`, `"password": "`, `set('password', '`. */
function aroundName(text: Buffer, at: number, low: number, high: number): readonly Found[] {
  // Only in `AGE-SECRET-KEY-1…` does a capital S after a dash begin the name.
  if (at >= low + 4 && text[at] === 0x53 && text[at - 1] === 0x2d) {
    const identity = matchAt(text, at - 4, high, 'age-identity', ageIdentity);
    if (identity.length > 0) return identity;
  }
  const nameEnd = endOfName(text, at, Math.min(high, at + NAME_REACH / 8));
  // Most names end a string or stand in prose, and need no string and no pattern.
  if (nameEnd === high || !mayJoinValue(text[nameEnd])) return [];
  let start = at;
  while (start > low && start > at - NAME_REACH / 8 && isNameByte(text[start - 1])) start--;
  const written = text.toString('latin1', start, nameEnd);
  const name = decodeName(written);
  const kind = nameKind(name);
  if (kind === undefined && name !== 'secret') return [];
  if (written.endsWith(name)) start = nameEnd - name.length;
  const before = text.toString('latin1', Math.max(low, start - NAME_REACH), start);
  const after = text.toString('latin1', nameEnd, Math.min(high, nameEnd + NAME_REACH));
  const found = (offset: number, value: string, code: LeakCode, blank?: string): Found => ({
    code,
    start: nameEnd + offset,
    end: nameEnd + offset + value.length,
    blank,
  });
  if (name === 'secret') {
    const typed = typedInYaml(before, after, name.length);
    if (typed !== undefined) return [found(typed.offset, typed.value, 'secret-variable', typed.blank)];
  }
  if (kind === undefined) return [];
  const listed = valueInYaml(before, after, name.length);
  if (kind === 'authorization') {
    const { offset, value } = listed ?? valueBeside(before, after) ?? { offset: 0, value: '' };
    const credentials = credentialsIn(value);
    if (credentials === undefined) return [];
    return [found(offset + value.length - credentials.length, credentials, 'authorization')];
  }
  if (listed !== undefined)
    return isFilled(utf8(listed.value))
      ? [found(listed.offset, listed.value, 'secret-in-clear', listed.blank)]
      : [];
  const beside = valueBeside(before, after);
  if (beside === undefined) return [];
  const value = utf8(beside.trust === 'block' ? (beside.value.split(/[\r\n]/)[0] ?? '') : beside.value);
  const isWord = beside.trust === 'random' && (!looksRandom(value) || isPlainWord(value));
  if (isWord || value.length < SHORTEST_VALUE || /\s/.test(value) || !isSecretValue(value, kind)) return [];
  return [found(beside.offset, beside.value, 'secret-in-clear')];
}

const utf8 = (latin1: string) => Buffer.from(latin1, 'latin1').toString();

/** Finds base64 of a text that holds a secret, as in files of Kubernetes and variables of CI systems. */
function inBase64(text: Buffer, at: number, low: number, high: number): readonly Found[] {
  let start = at;
  while (start > low && start > at - TOKEN_REACH && isBase64Byte(text[start - 1])) start--;
  let end = at;
  while (end < high && end < at + TOKEN_REACH && isBase64Byte(text[end])) end++;
  // The payload of a JWT lies between dots.
  if (text[start - 1] === 0x2e || text[end] === 0x2e) return [];
  const decoded = Buffer.from(text.toString('latin1', start, end), 'base64');
  const hasSecret = findAnchors(decoded, 0, 0, decoded.length).some(
    (anchor) => anchor.kind !== 'base64' && findAround(decoded, anchor, 0, decoded.length).length > 0,
  );
  if (!hasSecret) return [];
  while (text[end] === 0x3d) end++;
  return [{ code: 'secret-in-clear', start, end }];
}

const isBase64Byte = (byte = 0) => isTokenByte(byte) || byte === 0x2b || byte === 0x2f;

/** Bytes of a name and its escapes: `pass\\u0077ord`, `pass%77ord`. */
const isNameByte = (byte: number | undefined) => isWordByte(byte) || byte === 0x5c || byte === 0x25;

/** A value in YAML on another line than its name. */
interface ListedValue {
  readonly offset: number;
  readonly value: string;
  readonly blank: string;
}

/** Postman's YAML: `key: password`, and `value: …` on a line above or below. */
const lineOfKey = /(?:^|[\r\n])[ \t]*(?:-[ \t]+)?(?:key|name):[ \t]*["']?$/;
const valueBelow =
  /^["']?[ \t]*\r?\n(?:[ \t]+(?!-|value:)\w+:[^\r\n]*\r?\n){0,4}[ \t]+value:[ \t]*(["']?)([^\r\n]*?)\1[ \t]*(?:\r?\n|$)/;
const valueAbove =
  /[\r\n][ \t]*(?:-[ \t]+)?value:[ \t]*(["']?)([^\r\n]*?)\1[ \t]*\r?\n(?:[ \t]+(?!-)\w+:[^\r\n]*\r?\n){0,4}[ \t]+(?:key|name|type):[ \t]*["']?$/;

function valueInYaml(before: string, after: string, between: number): ListedValue | undefined {
  const isLineEnd = /^["']?[ \t]*(?:[\r\n#]|$)/.test(after);
  return isLineEnd && lineOfKey.test(before) ? beside(before, after, between) : undefined;
}

function typedInYaml(before: string, after: string, between: number): ListedValue | undefined {
  if (!/(?:^|[\r\n])[ \t]*(?:-[ \t]+)?type:[ \t]*["']?$/.test(before)) return undefined;
  const value = beside(before, after, between);
  return value !== undefined && isFilled(value.value) ? value : undefined;
}

function beside(before: string, after: string, between: number): ListedValue | undefined {
  const below = valueBelow.exec(after);
  if (below?.[2] !== undefined) {
    const [line, quote = '', value] = below;
    return {
      offset: line.trimEnd().length - quote.length - value.length,
      value,
      blank: quote === '' ? '""' : '',
    };
  }
  const above = valueAbove.exec(before);
  if (above?.[2] === undefined) return undefined;
  const [line, quote = '', value] = above;
  const inLine = line.indexOf('value:') + 'value:'.length;
  const offset = line.indexOf(quote + value, inLine) + quote.length;
  return {
    offset: above.index + offset - before.length - between,
    value,
    blank: quote === '' ? '""' : '',
  };
}
