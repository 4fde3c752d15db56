import { plainWords } from '../text/plain-words.js';
import { SHORTEST_TO_REPLACE } from './forms.js';

/** Names of members, fields, elements and headers whose values let their holder in, as letters and digits only. */
const secretName =
  /(?:token|jwt|secret|password|passwd|pwd|passcode|passphrase|(?:access|api|auth|private|secret|session|shared|signing)key|authcode|session|sessionid|sid|ticket|bearer|credential|assertion|cookie|authorization)s?(?:value|string)?$/;
/** Members of an object that has such a name, which hold the secret itself. */
const sameSecret = /^(?:value|raw|id|key|data|string|text)$/i;
/** Postman's own header against caches. */
const notSecret = /postmantoken$/;

const isSecretName = (name: string) => {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return secretName.test(letters) && !notSecret.test(letters);
};

/** Characters of a text that are searched for names if it is not JSON. */
const LONGEST_TEXT = 100_000;

/** A hostile server can send any number of them. */
const MOST_SECRETS = 100;

/** `name=value`, `"name": "value"`, `<name>value`, `name="access_token" value="…"`: forms, XML, HTML, JavaScript. */
const pair =
  /(?<![\w.:-])([\w.:-]{3,64})["']?(?=(?:\s{0,9}[=:>]\s{0,9}|\s{1,9}value=)["']?([^\s"'<>&;,]{6,4096}))/g;

const LONGEST_SENTENCE = 200;
const words: ReadonlySet<string> = new Set(plainWords.split(' '));

/** Not a word or sentence, such as `invalid` in `{"token":"invalid"}`: to mask that would hide what is wrong. */
const isSecretValue = (value: string) =>
  value.length >= SHORTEST_TO_REPLACE &&
  (value.length > LONGEST_SENTENCE ||
    (value.toLowerCase().match(/[a-z]+|\d+/g) ?? []).some((part) => !words.has(part)));

/**
 * Finds the tokens and other secrets in an answer by their names, in any case and at any depth: `access_token`,
 * `accessToken`, `data.session.id-token`, `{"name": "token", "value": …}`. Opaque tokens have no shape of their own.
 *
 * @param text JSON, a form, XML or HTML
 */
export function namedSecrets(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    addPairs(found, text);
    return found;
  }
  addMembers(found, value);
  return found;
}

/** As {@link namedSecrets}, of what JSON was parsed to. */
export function namedSecretsIn(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  addMembers(found, value);
  return found;
}

/** Finds the secrets in an answer's headers: tokens by the header's name, and the values of cookies. */
export function headerSecrets(
  headers: Iterable<{ readonly key: string; readonly value: unknown }>,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { key, value } of headers) {
    const text = String(value).slice(0, LONGEST_TEXT);
    // RFC 6265, 4.1.1: one cookie, and its attributes.
    if (/^set-cookie2?$/i.test(key)) add(found, /^[^=;]*=\s*"?([^";]*)/.exec(text)?.[1] ?? '');
    else if (isSecretName(key)) add(found, text.trim());
    // An address may hold a token in its query or fragment (RFC 6749, 4.2.2).
    else if (/^(?:location|link|refresh)$/i.test(key)) addPairs(found, text);
  }
  return found;
}

function addMembers(found: Set<string>, root: unknown): void {
  // Not by recursion: JSON may be nested deeper than the stack.
  const open: { readonly value: unknown; readonly named: boolean }[] = [{ value: root, named: false }];
  for (let next = open.pop(); next !== undefined && found.size < MOST_SECRETS; next = open.pop()) {
    const { value, named } = next;
    if (typeof value === 'object' && value !== null) {
      const { name, key = name, value: paired } = value as Readonly<Record<string, unknown>>;
      if (typeof key === 'string' && isSecretName(key)) open.push({ value: paired, named: true });
      for (const [member, inside] of Object.entries(value)) {
        const isSame = named && (Array.isArray(value) || sameSecret.test(member));
        open.push({ value: inside, named: isSame || isSecretName(member) });
      }
    } else if (named && (typeof value === 'string' || typeof value === 'number')) {
      add(found, String(value));
    } else if (typeof value === 'string' && value.length > 2 * SHORTEST_TO_REPLACE) {
      addPairs(found, value);
    }
  }
}

function addPairs(found: Set<string>, text: string): void {
  let left = MOST_SECRETS;
  for (const [, name = '', value = ''] of text.slice(0, LONGEST_TEXT).matchAll(pair)) {
    if (!isSecretName(name)) continue;
    add(found, decoded(value));
    if (--left === 0) return;
  }
}

/** A scheme may stand before the credentials (RFC 9110, 11.4). */
function add(found: Set<string>, value: string): void {
  const secret = value.replace(/^(?:basic|bearer|dpop|token)\s+/i, '');
  if (isSecretValue(secret)) found.add(secret);
}

/** A redactor that knows the value itself finds it however it is escaped. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
