import type { Behaviour } from './behaviour.js';

/** The default scopes of a realm (`scopes_supported`, without `service_account`, which 26 names and refuses). */
const defaultScopes: readonly string[] = [
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'roles',
  'web-origins',
  'acr',
  'basic',
  'microprofile-jwt',
  'organization',
  'offline_access',
];

/** Default scopes that Keycloak 21 does not have. */
const newerScopes: ReadonlySet<string> = new Set(['basic', 'organization']);

/** Scopes that take effect but do not appear in a token answer. */
const unseenScopes: ReadonlySet<string> = new Set(['roles', 'web-origins', 'acr', 'basic']);

/** The default scopes of a server. */
export function knownScopes(behaviour: Behaviour): readonly string[] {
  return behaviour === 'keycloak-21'
    ? defaultScopes.filter((scope) => !newerScopes.has(scope))
    : defaultScopes;
}

/**
 * The scopes granted to a request. A client always has `email` and `profile`, even if they are not requested.
 *
 * @param requested the request's `scope`; `undefined` if it was not sent
 * @param realm.profileByDefault false: `profile` is granted only on request
 * @returns `undefined` if a scope is unknown. As in Keycloak, spaces are taken literally and an empty scope is unknown
 */
export function grantScopes(
  requested: string | undefined,
  { behaviour, profileByDefault }: { readonly behaviour: Behaviour; readonly profileByDefault: boolean },
): readonly string[] | undefined {
  const asked = requested?.replace(/ +$/, '').split(' ') ?? [];
  const known = knownScopes(behaviour);
  if (!asked.every((scope) => known.includes(scope))) return undefined;
  const granted = new Set([
    ...asked.filter((scope) => scope === 'openid'),
    'email',
    ...(profileByDefault ? ['profile'] : []),
    ...asked.filter((scope) => !unseenScopes.has(scope)),
  ]);
  return [...granted];
}
