import { postmanError } from './errors.js';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import type { Profile } from '../platform/profile.js';
import { isObject } from '../text/json.js';
import { isSwitchedOff } from './document.js';

/** A variable as it counts: switched on, with one value. */
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
 * The variables of an environment that count, each with its one text: what is checked here is what a run sends.
 *
 * @param file its name, for the error
 * @throws {BiotzPostmanError} ENVIRONMENT_INVALID if it is not an environment
 */
export function environmentValues(environment: object, file = 'environment'): ReadonlyMap<string, string> {
  return new Map(variablesOf(environment, file).map(({ key, value }) => [key, String(value)]));
}

/** The same of the variables that a collection brings along. */
export function collectionValues(collection: object): ReadonlyMap<string, string> {
  const { variable } = collection as { variable?: unknown };
  const variables = variablesThatCount(Array.isArray(variable) ? variable : []);
  return new Map(variables.map(({ key, value }) => [key, String(value)]));
}

/**
 * An environment made of exactly the variables that count, with some values set. Newman gets this one: the
 * postman-collection inside it takes no notice of `enabled: false`, and resolves an object as `[object Object]`.
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

/** The Postman API answers with an environment inside an object; Newman takes that from a file as well. */
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
  return variablesThatCount(values);
}

/**
 * The variables of a list that are switched on. Of several with the same name the last one counts, as in Postman and
 * Newman. A value that is not a text counts as Newman writes it (`4711`, `true`, `null`), an object as JSON.
 */
function variablesThatCount(list: readonly unknown[]): readonly Variable[] {
  const found = new Map<string, Variable>();
  for (const entry of list) {
    if (!isObject(entry) || isSwitchedOff(entry)) continue;
    const { key, value = '', type } = entry;
    if (typeof key !== 'string' && typeof key !== 'number') continue;
    // Deleted first: the order is that of the ones that count.
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

/** Newman keeps variables as members of an object: it takes what every object has for their values, or breaks. */
function requireNoPrototype(variables: ReadonlyMap<string, unknown>, file: string): void {
  const name = [...variables.keys()].find((key) => key in {});
  if (name !== undefined) throw invalid(file, `a variable must not be called ${name}`);
}

function invalid(file: string, problem: string): BiotzPostmanError {
  return postmanError('ENVIRONMENT_INVALID', { file, problem });
}
