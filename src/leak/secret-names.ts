import { MASK } from '../secret/secret.js';

/**
 * - `strong`: the name always means a secret
 * - `weak`: harmless values have such names as well (`token: id`), so the value decides
 * - `authorization`: the value is a scheme with credentials
 */
export type NameKind = 'strong' | 'weak' | 'authorization';

/** In several languages. The `ñ` of the Spanish name may be UTF-8 that is read as Latin-1. */
const strong =
  /(?:^|_)(?:passwords?|passwd|pwd|passphrase|passwort|kennwort|contrase(?:n|\u00f1|\u00e3[\u0091\u00b1])a|mot_?de_?passe|wachtwoord|shared_access_key|account_key|(?:client|consumer|token|app|shared)_secret|secret_(?:access_)?key|(?:access|refresh|id|auth|session|client|bearer|security)_token|(?:api|auth|private|subscription)_?key|(?:db|database|admin|root|user|mysql|pg|postgres|redis|mqtt|smtp|mail|ftp|ssh)_pass)$/;
/** Postman's own header against caches holds a random number that is not secret. */
const harmlessNames = /(?:^|_)postman_token$/;
const weak = /(?:^|_)(?:secret|token)$/;

/**
 * Tells which kind of secret a name stands for, if any.
 *
 * @param name in any spelling: `client_secret`, `clientSecret`, `X-Api-Key`, `auth.password`
 */
export function nameKind(name: string): NameKind | undefined {
  if (!kinds.has(name)) {
    if (kinds.size === MOST_KINDS) kinds.clear();
    kinds.set(name, kindOf(name));
  }
  return kinds.get(name);
}

/** A cache, because a report repeats the same few names. */
const kinds = new Map<string, NameKind | undefined>();
const MOST_KINDS = 1000;

function kindOf(name: string): NameKind | undefined {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[-.\s]/g, '_');
  if (harmlessNames.test(words)) return undefined;
  if (strong.test(words)) return 'strong';
  if (weak.test(words)) return 'weak';
  return /(?:^|_)auth(?:orization)?$/.test(words) ? 'authorization' : undefined;
}

/** References in place of a value: of Postman, shells, GitHub Actions and templates. */
const references: readonly RegExp[] = [/\{\{[^{}]*\}\}/g, /[$#]\{[^{}]*\}/g, /<%.*?%>/g];

/** Placeholders for a whole value: a mask, a word in brackets, a variable of a shell, an ellipsis. */
const placeholders: readonly RegExp[] = [
  /^([*•●x.…_-])\1*$/i,
  /^\[[\w -]+\]$/,
  /^<[\w -]+>$/,
  /^%[\w.-]+%$/,
  /^\$\(.*\)$/,
  /^\$[A-Z_][A-Z0-9_]*$/,
  /(?:…|\.\.\.)$/,
  /^\$$/,
  /^(?:basic|bearer)$/i,
];

/** Whether a value is filled: not empty, and not a reference, mask or placeholder. */
export function isFilled(value: string): boolean {
  const rest = references.reduce((text, reference) => text.replace(reference, ''), value).trim();
  return rest !== '' && rest !== MASK && !placeholders.some((placeholder) => placeholder.test(rest));
}

/** References to a value in code, a configuration or a store of secrets. */
const codeReferences: readonly RegExp[] = [
  /^\$(?:env:)?[A-Z_]+$/i,
  /^\$[a-z_]\w*(?:->|\[|\.)|^\$\w*(?:pass|key|token|secret)\w*$/i,
  /^@[\w.]+@$|^__\w+__$/,
  /^(?:process\.env|import\.meta\.env|os\.(?:environ|getenv)|System\.getenv|Deno\.env|env|secrets|vars?|local|data|module|config|settings|params?|args|argv|options?|opts|this|self|request|req|ctx|context|props|state|values?)\b[.[(]/i,
  /^(?:[a-z_]\w*(?:\.|->|::|\?\.))+[a-z_]\w*(?:\(\))?$/i,
  /^%(?:\([\w.]+\))?[sd@]$|^\{[\w.:!-]*\}$|^[:@][a-z_]+$|^\?$/i,
  /^(?:\$ANSIBLE_VAULT|ENC\[|!(?:Ref|Sub|GetAtt|vault|secret)\b|@Microsoft\.KeyVault|(?:vault|op|arn|ssm|sops|keyvault|awssm|gcp-?sm|ref\+\w+):)/,
  /^(?:\/run\/|\/etc\/|\/var\/|\/mnt\/|\.\.?\/|~\/)|^(?:[a-z]:)?(?:[\\/]+[a-z.][\w.-]{0,24}){2,}[\\/]*$|^\/[a-z]{0,12}$/i,
];

/** Words that often follow the name of a secret but are not the secret. */
const harmlessWords =
  /^(?:null|nil|none|undefined|true|false|string|str|bytes?|int|number|boolean|bool|any|object|(?:var)?char|text|secret|pass(?:w(?:or)?d)?|pwd|token|bearer|basic|n\/?a|your[\w-]*|my[-_]?(?:pass(?:word)?|secret|token|api[-_]?key)|(?:example|sample|fake|dummy|placeholder)[\w-]*|(?:change|replace|insert|enter|fill|set|put)[-_ ]?(?:me|it|this|in|with|your|here)[\w-]*|todo|fixme|redacted|masked|hidden|removed|required|optional|confirmed|nullable|encrypted|unset|unknown)$/i;

/** Whether a value beside the name of a secret is the secret. Unlike the value of a typed variable, it may be prose or code. */
export function isSecretValue(value: string, kind: NameKind): boolean {
  if (!isFilled(value) || harmlessWords.test(value)) return false;
  if (codeReferences.some((reference) => reference.test(value))) return false;
  // The name of a secret is not a secret: `"id-token": "id_token"`.
  if (isProse(value) || (!/\d/.test(value) && nameKind(value) !== undefined)) return false;
  return kind === 'strong' || (value.length >= 8 && looksRandom(value));
}

/** Whether a value is several words: a label, a description. */
export const isProse = (value: string) =>
  /[a-z,.:;]\s+[a-z]/i.test(value) && (!/\d/.test(value) || /(?:[a-z'’]+[,.:;]?\s+){2}[a-z]/i.test(value));

/** Whether a value has a digit among letters, or both cases inside a word. */
export const looksRandom = (value: string) =>
  !/\s/.test(value) && (/\d/.test(value) ? /[a-z]/i.test(value) : /[a-z][A-Z]/.test(value));

/** Whether a value is an identifier of code without a digit: `newValue`. */
export const isPlainWord = (value: string) => /^[a-z]+(?:[A-Z][a-z]+){0,3}$/.test(value);

/** An escape of JSON, JavaScript or URLs that stands for a letter, a digit, `_`, `-` or `.`. */
const letter = String.raw`(?:\\u00|\\x|%)(?:[46][1-9a-f]|[57][0-9a]|5f|2[de]|3[0-9])`;
/** `\u00f1` in Latin-1, or in UTF-8 that is read as Latin-1. */
const tilde = '\\u00f1|\\u00c3[\\u0091\\u00b1]';
const ahead = new RegExp(String.raw`^(?:[\w.-]|${letter}|${tilde})*`, 'i');
const escape = /\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|%([0-9a-f]{2})/gi;

/** Bytes that may continue a name: a backslash, a percent sign, and the first byte of an `ñ`. */
const continuesName: ReadonlySet<number> = new Set([0x5c, 0x25, 0xf1, 0xc3]);

/** End of the name that contains a place. Most names have no escape, and are read without making a string. */
export function endOfName(text: Buffer, at: number, most: number): number {
  let end = at;
  while (end < most && isWordByte(text[end])) end++;
  if (end === most || !continuesName.has(text[end] ?? 0)) return end;
  return at + (ahead.exec(text.toString('latin1', at, most))?.[0].length ?? 0);
}

/** Bytes of a name, except for escapes: letters, digits, `_`, `-` and `.`. */
export const isWordByte = (byte: number | undefined) => byte !== undefined && wordBytes[byte] === 1;

const wordBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(/[\w.-]/.test(String.fromCharCode(byte))),
);

/**
 * Decodes a name. Any of its letters may be escaped (`pass\u0077ord`, `p%61ssword`). Before it may stand an escaped quote
 * or line break (`\npassword`, `%22password`), or the dashes of an option.
 */
export function decodeName(written: string): string {
  if (!/[%\\]/.test(written)) return written.replace(/^[-.]+/, '');
  const decoded = written.replace(escape, (_, unit?: string, byte?: string, percent?: string) =>
    String.fromCharCode(parseInt(unit ?? byte ?? percent ?? '', 16)),
  );
  const words = decoded.replace(/\\[nrtbf"'\\/]/g, ' ').split(/[^\w.-]/);
  return words.at(-1) ?? '';
}
