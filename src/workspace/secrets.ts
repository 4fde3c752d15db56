import { maskStructural } from '../secret/structural.js';
import { type Document, documentsIn, isDocument, textOf } from './document.js';

/** Names under which a value is a secret whatever its type says. */
const secretKeys: ReadonlySet<string> = new Set([
  'password',
  'client_secret',
  'token',
  'id_token',
  'access_token',
  'refresh_token',
]);

/** Nothing, a variable such as `{{password}}` or `{{vault:password}}`, or a placeholder such as `<string>`. */
const isReference = (value: string) => /^\s*(?:\{\{[^{}]+\}\}|<[^<>]*>)?\s*$/.test(value);

/**
 * Where a Postman document holds what must not be shared: a filled value that is typed `secret` or called like
 * one, a JWT, or an Authorization value.
 *
 * @returns places such as `values[6] (password)`, without the values
 */
export function secretsIn(document: unknown): readonly string[] {
  const places: string[] = [];
  const look = (value: unknown, place: string) => {
    if (typeof value === 'string') {
      if (maskStructural(value) !== value) places.push(place);
    } else if (Array.isArray(value)) {
      value.forEach((each, index) => look(each, `${place}[${index}]`));
    } else if (isDocument(value) && isFilledSecret(value)) {
      places.push(`${place} (${textOf(value['key'])})`);
    } else if (isDocument(value)) {
      for (const [key, each] of Object.entries(value)) look(each, place === '' ? key : `${place}.${key}`);
    }
  };
  look(document, '');
  return places;
}

function isFilledSecret({ key, value, type }: Document): boolean {
  if (typeof key !== 'string' || typeof value !== 'string' || isReference(value)) return false;
  return type === 'secret' || secretKeys.has(key.toLowerCase());
}

/**
 * The variables in Postman whose shared value is a secret: to send the others would send these along.
 *
 * @param ours the file's: what is a secret there is one in Postman, whatever its type is by now
 */
export function filledSecrets(theirs: unknown, ours: unknown): readonly string[] {
  const secret = new Set(
    documentsIn(ours)
      .filter(({ type }) => type === 'secret')
      .map(({ key }) => key),
  );
  return documentsIn(theirs)
    .filter((variable) =>
      isFilledSecret(secret.has(variable['key']) ? { ...variable, type: 'secret' } : variable),
    )
    .map(({ key }) => textOf(key));
}
