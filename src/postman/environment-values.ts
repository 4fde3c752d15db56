import { postmanError } from './errors.js';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import type { Profile } from '../platform/profile.js';
import { isObject } from '../text/json.js';
import { isSwitchedOff } from './document.js';

/** An enabled variable, with its one value. */
interface Variable {
  readonly key: string;
  readonly value: string | number | boolean | null;
  readonly type: 'any' | 'secret';
}

/** A profile as the environment's variables. */
export function profileVariables(profile: Partial<Profile>): Readonly<Record<string, string>> {
  const variables: Readonly<Record<string, string | undefined>> = {
    token_url: profile.tokenUrl,
    client_id: profile.clientId,
    scope: profile.scope,
    body_mode: profile.bodyMode,
    client_auth: profile.clientAuth,
    ingestion_url: profile.ingestionUrl,
  };
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/**
 * The enabled variables of an environment, each with its one text. Checks and runs both use this result.
 *
 * @param file its name, for the error
 * @throws {BiotzPostmanError} ENVIRONMENT_INVALID if it is not an environment
 */
export function environmentValues(environment: object, file = 'environment'): ReadonlyMap<string, string> {
  return new Map(variablesOf(environment, file).map(({ key, value }) => [key, String(value)]));
}

/** The enabled variables of a collection. */
export function collectionValues(collection: object): ReadonlyMap<string, string> {
  const { variable } = collection as { variable?: unknown };
  const variables = enabledVariables(Array.isArray(variable) ? variable : []);
  return new Map(variables.map(({ key, value }) => [key, String(value)]));
}

/**
 * Makes an environment for Newman from the enabled variables, with some values set. Newman's own postman-collection
 * ignores `enabled: false`, and resolves an object as `[object Object]`.
 *
 * @param file its name, for the error
 * @throws {BiotzPostmanError} ENVIRONMENT_INVALID if it is not an environment
 */
export function overrideValues(
  environment: object,
  overrides: Readonly<Record<string, string>>,
  file = 'environment',
): object {
  const variables = new Map(variablesOf(environment, file).map((variable) => [variable.key, variable]));
  for (const [key, value] of Object.entries(overrides)) variables.set(key, { key, value, type: 'any' });
  requireNoPrototype(variables, file);
  const { id, name } = unwrapped(environment);
  return { id, name, values: [...variables.values()], _postman_variable_scope: 'environment' };
}

/** The Postman API wraps an environment in an object; Newman accepts that in a file as well. */
function unwrapped(environment: object): {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly values?: unknown;
} {
  if (Array.isArray(environment)) return { values: environment };
  const { environment: inner } = environment as { environment?: unknown };
  return typeof inner === 'object' && inner !== null ? inner : environment;
}

function variablesOf(environment: object, file: string): readonly Variable[] {
  const { values } = unwrapped(environment);
  if (!Array.isArray(values)) throw invalid(file, 'this is not a Postman environment');
  return enabledVariables(values);
}

/**
 * The enabled variables of a list. If several have the same name, the last one counts, as in Postman and Newman. A value
 * that is not a text is written as Newman does (`4711`, `true`, `null`), an object as JSON.
 */
function enabledVariables(list: readonly unknown[]): readonly Variable[] {
  const found = new Map<string, Variable>();
  for (const entry of list) {
    if (!isObject(entry) || isSwitchedOff(entry)) continue;
    const { key, value = '', type } = entry;
    if (typeof key !== 'string' && typeof key !== 'number') continue;
    // Deleted first, so that the variable takes the place of its last definition.
    found.delete(String(key));
    found.set(String(key), {
      key: String(key),
      value: isPlain(value) ? value : JSON.stringify(value),
      type: type === 'secret' ? 'secret' : 'any',
    });
  }
  return [...found.values()];
}

function isPlain(value: unknown): value is Variable['value'] {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** Newman keeps variables in a plain object, where names such as `constructor` have values already, or make it fail. */
function requireNoPrototype(variables: ReadonlyMap<string, unknown>, file: string): void {
  const name = [...variables.keys()].find((key) => key in {});
  if (name !== undefined) throw invalid(file, `a variable must not have the name ${name}`);
}

function invalid(file: string, problem: string): BiotzPostmanError {
  return postmanError('ENVIRONMENT_INVALID', { file, problem });
}
