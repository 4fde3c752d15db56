import { namedSecretsIn } from '../secret/named-secrets.js';

interface Variable {
  readonly value?: string | number | boolean | null;
  readonly type?: unknown;
}

/** Scripts, and texts for people: in them a name is not followed by a secret. */
const prose = new Set(['event', 'description', 'response']);

/**
 * Secrets that the files of a run bring along, such as an API key: variables of Postman's type `secret`, and whatever has
 * the name of a secret. Any server or script may repeat them.
 *
 * @param environment as `overrideValues` makes it
 */
export function planSecrets(environment: object, collection: object): readonly string[] {
  const { values = [] } = environment as { values?: readonly Variable[] };
  const { variable: own } = collection as { variable?: unknown };
  const variables = [...values, ...(Array.isArray(own) ? (own as readonly (Variable | null)[]) : [])];
  const typed = variables.filter((variable) => variable?.type === 'secret').map((secret) => secret?.value);
  const sent: unknown = JSON.parse(
    JSON.stringify(collection, (name, value: unknown) => (prose.has(name) ? undefined : value)),
  );
  const found = [...typed.map((value) => String(value ?? '')), ...namedSecretsIn([values, sent])];
  // A reference to a variable is no secret.
  return [...new Set(found)].filter((secret) => secret !== '' && !secret.includes('{{'));
}
