import { BiotzPostmanError } from '../errors.js';
import type { Profile } from '../platform/profile.js';

interface Variable {
  readonly key?: unknown;
  readonly value?: unknown;
  readonly enabled?: unknown;
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
 * The enabled variables of an exported Postman environment.
 *
 * @param file its name, for the error
 * @throws {BiotzPostmanError} ENVIRONMENT_INVALID where it is none
 */
export function environmentValues(environment: object, file = 'environment'): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { key, value, enabled } of variablesOf(environment, file)) {
    if (typeof key === 'string' && typeof value === 'string' && enabled !== false) found.set(key, value);
  }
  return found;
}

/**
 * A copy of an environment with some values set; variables that it does not have are added.
 *
 * @param file its name, for the error
 * @throws {BiotzPostmanError} ENVIRONMENT_INVALID where it is none
 */
export function overrideValues(
  environment: object,
  overrides: Readonly<Record<string, string>>,
  file = 'environment',
): object {
  const kept = variablesOf(environment, file).filter(
    ({ key }) => typeof key !== 'string' || !Object.hasOwn(overrides, key),
  );
  const added = Object.entries(overrides).map(([key, value]) => ({
    key,
    value,
    type: 'default',
    enabled: true,
  }));
  return { ...environment, values: [...kept, ...added] };
}

function variablesOf(environment: object, file: string): readonly Variable[] {
  const { values } = environment as { values?: unknown };
  const isVariables =
    Array.isArray(values) && values.every((value) => typeof value === 'object' && value !== null);
  if (isVariables) return values as readonly Variable[];
  throw new BiotzPostmanError('ENVIRONMENT_INVALID', { file, problem: 'this is not a Postman environment' });
}
