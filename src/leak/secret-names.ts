import { MASK } from '../secret/secret.js';

/**
 * - `strong`: nothing else is ever called so
 * - `weak`: also something harmless may be called so (`token: id`); its value decides
 * - `authorization`: a scheme and credentials
 */
export type NameKind = 'strong' | 'weak' | 'authorization';

const strong =
  /(?:^|_)(?:password|passwd|passphrase|(?:client|consumer|token|app|shared)_secret|secret_(?:access_)?key|(?:access|refresh|id|auth|session|client|bearer|security)_token|(?:api|auth|private|subscription)_?key)$/;
/** Postman's own header against caches holds a random number of no use to anybody. */
const harmlessNames = /(?:^|_)postman_token$/;
const weak = /(?:^|_)(?:secret|token)$/;

/**
 * Whether a name is that of a secret.
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

/** A report has the same few names again and again. */
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
  return /(?:^|_)authorization$/.test(words) ? 'authorization' : undefined;
}

/** A reference in the place of a value: of Postman, a shell, GitHub Actions, Windows. */
const references: readonly RegExp[] = [/\{\{[^{}]*\}\}/g, /\$\{[^{}]*\}/g];

/** What stands for a whole value: a mask, a word in brackets, a variable of a shell, an ellipsis. */
const standIns: readonly RegExp[] = [
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

/** Whether a value is filled: not empty, and no reference, mask or placeholder. */
export function isFilled(value: string): boolean {
  const rest = references.reduce((text, reference) => text.replace(reference, ''), value).trim();
  return rest !== '' && rest !== MASK && !standIns.some((standIn) => standIn.test(rest));
}

/** Words that stand beside such a name without being its secret. */
const harmlessWords =
  /^(?:null|nil|none|undefined|true|false|string|text|secret|pass(?:w(?:or)?d)?|pwd|token|bearer|basic|your[\w-]*|example[\w-]*|changeme)$/i;

/** Whether a value beside a name of a secret is one; unlike a typed variable's it may be prose or code. */
export function isSecretValue(value: string, kind: NameKind): boolean {
  if (!isFilled(value) || harmlessWords.test(value)) return false;
  // The name of a secret is none: `"id-token": "id_token"`.
  if (isProse(value) || (!/\d/.test(value) && nameKind(value) !== undefined)) return false;
  return kind === 'strong' || (value.length >= 8 && looksRandom(value));
}

/** Several words: a label, a description. */
export const isProse = (value: string) =>
  /[a-z,.:;]\s+[a-z]/i.test(value) && (!/\d/.test(value) || /(?:[a-z'’]+[,.:;]?\s+){2}[a-z]/i.test(value));

/** Long enough, and with a digit or with both cases inside: no word. */
export const looksRandom = (value: string) =>
  !/\s/.test(value) && (/\d/.test(value) ? /[a-z]/i.test(value) : /[a-z][A-Z]/.test(value));
