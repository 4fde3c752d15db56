import type { Anchor, AnchorKind } from './anchors.js';
import type { LeakCode } from './leak.js';
import { isFilled, isSecretValue, looksRandom, nameKind } from './secret-names.js';

/** Something found around an anchor, by its bytes in the searched text. */
export interface Found {
  readonly code: LeakCode;
  readonly start: number;
  readonly end: number;
  /** What it is replaced with, where that is not for its surroundings to say. */
  readonly blank?: string | undefined;
}

/** How far around an anchor is looked, in bytes: a name and its value; a token; a key. */
const NAME_REACH = 512;
const TOKEN_REACH = 16_384;

/** In code and prose, a shorter value is an example. In characters. */
const SHORTEST_VALUE = 4;

/** How much of a text around a piece has to be known to judge the anchors in it, in bytes. */
export const TEXT_REACH = TOKEN_REACH;

/**
 * Finds secrets in a text of any syntax by what they look like and by the name beside them.
 *
 * @param text the bytes; read as Latin-1, because all that is asked for is ASCII
 * @param low nothing before this belongs together with the anchor
 * @param high nor anything from here on
 */
export function findAround(text: Buffer, { kind, at }: Anchor, low: number, high: number): readonly Found[] {
  return rules[kind](text, at, low, high);
}

type Rule = (text: Buffer, at: number, low: number, high: number) => readonly Found[];

const jwt = /^eyJ[\w-]{8,}\.[\w-]+\.[\w-]*/;
const postmanKey = /^PMAK-[0-9a-f]{16,}-?[0-9a-f]*/;
const ageIdentity = /^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20,}/;

const rules: { readonly [K in AnchorKind]: Rule } = {
  name: aroundName,
  scheme: afterScheme,
  jwt: (text, at, low, high) =>
    // In the middle of a longer word it is no beginning.
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

/** Looks for the header before the dot. */
function beforeJwtPayload(text: Buffer, dot: number, low: number, high: number): readonly Found[] {
  let start = dot;
  while (start > low && start > dot - TOKEN_REACH && isTokenByte(text[start - 1])) start--;
  return matchAt(text, start, high, 'jwt', jwt);
}

/** Letters, digits, `_` and `-`: what base64url is made of. */
function isTokenByte(byte = 0): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x5f ||
    byte === 0x2d
  );
}

/** The credentials in the value of an Authorization header, where they are real ones. */
export function credentialsIn(value: string): string | undefined {
  const [, scheme = 'Bearer', credentials = ''] = /^(?:(\w+)\s+)?(\S+)$/.exec(value.trim()) ?? [];
  return isFilled(credentials) && holdsCredentials(scheme, credentials) ? credentials : undefined;
}

/** Without a header's name, what follows "Bearer" may be prose. */
function afterScheme(text: Buffer, at: number, low: number, high: number): readonly Found[] {
  if (at > low && isTokenByte(text[at - 1])) return [];
  const [match, scheme = '', value = ''] =
    /^(Basic|Bearer)\s+([\w.~+/-]+=*)/i.exec(text.toString('latin1', at, Math.min(high, at + TOKEN_REACH))) ??
    [];
  if (match === undefined || !holdsCredentials(scheme, value)) return [];
  const end = at + match.length;
  return [{ code: 'authorization', start: end - value.length, end }];
}

function holdsCredentials(scheme: string, value: string): boolean {
  return /^basic$/i.test(scheme) ? hasPassword(value) : value.length >= 16 && looksRandom(value);
}

/** RFC 7617, 2: a user name, a colon and a password; a client without a secret has an empty one. */
function hasPassword(value: string): boolean {
  const decoded = Buffer.from(value, 'base64').toString('latin1');
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  const [, password] = /^[^\u0000-\u001f\u007f:]*:([^\u0000-\u001f\u007f]+)$/.exec(decoded) ?? [];
  return password !== undefined && isFilled(password);
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

/** RFC 7468: the label, then base64; a document that only names the label holds no key. */
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

/** A name, and what joins it to a value, e.g. `password=`, `"password": "`, `set('password', '`. */
function aroundName(text: Buffer, at: number, low: number, high: number): readonly Found[] {
  let start = at;
  while (start > low && start > at - NAME_REACH / 8 && isNameByte(text[start - 1])) start--;
  let nameEnd = at;
  while (nameEnd < high && nameEnd < at + NAME_REACH / 8 && isNameByte(text[nameEnd])) nameEnd++;
  const name = text.toString('latin1', start, nameEnd);
  if (name.startsWith('AGE-SECRET-KEY-')) return matchAt(text, start, high, 'age-identity', ageIdentity);
  const kind = nameKind(name);
  if ((kind === undefined && name !== 'secret') || nameEnd === high) return [];
  const before = text.toString('latin1', Math.max(low, start - NAME_REACH), start);
  const after = text.toString('latin1', nameEnd, Math.min(high, nameEnd + NAME_REACH));
  const found = ({ offset, value, blank }: Value, code: LeakCode): Found => ({
    code,
    start: nameEnd + offset,
    end: nameEnd + offset + value.length,
    blank,
  });
  if (name === 'secret') {
    const typed = typedInYaml(before, after, name.length);
    if (typed !== undefined) return [found(typed, 'secret-variable')];
  }
  if (kind === undefined) return [];
  const value = valueAfter(before, after) ?? valueInYaml(before, after, name.length);
  if (value === undefined) return [];
  if (kind !== 'authorization') {
    const text = Buffer.from(value.value, 'latin1').toString();
    const isSecret =
      value.certain === true
        ? isFilled(text)
        : text.length >= SHORTEST_VALUE && !/\s/.test(text) && isSecretValue(text, kind);
    return isSecret ? [found(value, 'secret-in-clear')] : [];
  }
  const credentials = credentialsIn(value.value);
  if (credentials === undefined) return [];
  const offset = value.offset + value.value.length - credentials.length;
  return [found({ offset, value: credentials }, 'authorization')];
}

const isNameByte = (byte: number | undefined) => isTokenByte(byte) || byte === 0x2e;

interface Value {
  readonly offset: number;
  readonly value: string;
  /** Whether nothing but a value can be there. */
  readonly certain?: boolean;
  readonly blank?: string;
}

/** Quoted as in code or JSON; `,` only after a setter: `pm.environment.set("password", "…")`. */
const quoted = /^["'`]?\]?\s*(?::|=>?|,(?=\s*["'`]))\s*(["'`])((?:(?!\1)[^\\\r\n]|\\[^\r\n])*)\1/;
/** The same inside of a JSON string: `\"password\": \"…\"`, `password = \"…\"`. */
const escaped =
  /^(?:\\"(?:\s|\\[nrt])*[:,]|(?:\s|\\[nrt])*(?::|=>?))(?:\s|\\[nrt])*\\"((?:[^\\"]|\\[^"\\]|\\\\(?:\\["\\]|[^\\"]))*)\\"/;
/** An element of XML; and an attribute that names what another one has, as JUnit's properties do. */
const inElement = /^>([^\s<>]+)<\//;
const elementBegins = /<(?:[\w-]+:)?$/;
const inAttribute = /^["']\s[^<>]{0,99}?\bvalue\s*=\s*(["'])((?:(?!\1)[^<>])*)\1/;
const attributeBegins = /\s(?:name|key|id)\s*=\s*["']$/;
/** As in a form or a query. */
const inForm = /^=([^\s&"'`<>(){}[\];,|\\#]+)(&|(?=[\s"'`<#\\]|$))/;
/** A line of its own: a dotenv, properties or YAML file, or a header. */
const onItsLine = /^[ \t]*[:=][ \t]*([^\s"'`<>(){}[\];,|\\]+)[ \t]*(?:[\r\n]|\\[rn]|#|$)/;
const lineBegins = /(?:^|[\r\n]|\\n)[ \t]*(?:-[ \t]+|export[ \t]+|set[ \t]+)?$/i;

function valueAfter(before: string, after: string): Value | undefined {
  // A list of names has the same comma.
  if (/^(?:\\?["'`])?\s*,/.test(after) && !/\.set\w*\(\s*\\?["'`]$/.test(before)) return undefined;
  const [inQuotes, , text] = quoted.exec(after) ?? [];
  if (inQuotes !== undefined && text !== undefined) {
    return { offset: inQuotes.length - 1 - text.length, value: text };
  }
  const [inString, inner] = escaped.exec(after) ?? [];
  if (inString !== undefined && inner !== undefined) {
    return { offset: inString.length - 2 - inner.length, value: inner };
  }
  const [, content] = elementBegins.test(before) ? (inElement.exec(after) ?? []) : [];
  if (content !== undefined) return { offset: 1, value: content };
  const [attributes, , attribute] = attributeBegins.test(before) ? (inAttribute.exec(after) ?? []) : [];
  if (attributes !== undefined && attribute !== undefined) {
    return { offset: attributes.length - 1 - attribute.length, value: attribute };
  }
  const [, field, next] = inForm.exec(after) ?? [];
  if (field !== undefined && (next === '&' || /[&?]$/.test(before))) return { offset: 1, value: field };
  const [line, alone] = onItsLine.exec(after) ?? [];
  if (line !== undefined && alone !== undefined && lineBegins.test(before) && looksRandom(alone)) {
    return { offset: line.indexOf(alone), value: alone };
  }
  return field !== undefined && looksRandom(field) ? { offset: 1, value: field } : undefined;
}

/** Postman's YAML: `key: password`, and `value: …` on one of the lines beside it. */
const lineOfKey = /(?:^|[\r\n])[ \t]*(?:-[ \t]+)?(?:key|name):[ \t]*["']?$/;
const valueBelow =
  /^["']?[ \t]*\r?\n(?:[ \t]+(?!-|value:)\w+:[^\r\n]*\r?\n){0,4}[ \t]+value:[ \t]*(["']?)([^\r\n]*?)\1[ \t]*(?:\r?\n|$)/;
const valueAbove =
  /[\r\n][ \t]*(?:-[ \t]+)?value:[ \t]*(["']?)([^\r\n]*?)\1[ \t]*\r?\n(?:[ \t]+(?!-)\w+:[^\r\n]*\r?\n){0,4}[ \t]+(?:key|name|type):[ \t]*["']?$/;

function valueInYaml(before: string, after: string, between: number): Value | undefined {
  return lineOfKey.test(before) ? beside(before, after, between) : undefined;
}

function typedInYaml(before: string, after: string, between: number): Value | undefined {
  if (!/(?:^|[\r\n])[ \t]*(?:-[ \t]+)?type:[ \t]*["']?$/.test(before)) return undefined;
  const value = beside(before, after, between);
  return value !== undefined && isFilled(value.value) ? value : undefined;
}

function beside(before: string, after: string, between: number): Value | undefined {
  const below = valueBelow.exec(after);
  if (below?.[2] !== undefined) {
    const [line, quote = '', value] = below;
    return {
      offset: line.trimEnd().length - quote.length - value.length,
      value,
      certain: true,
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
    certain: true,
    blank: quote === '' ? '""' : '',
  };
}
