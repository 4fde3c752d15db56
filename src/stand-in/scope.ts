import type { Behaviour } from './behaviour.js';

/** Scopes that a realm has in stock (`scopes_supported`, without the `service_account` that 26 names and refuses). */
const stockScopes: readonly string[] = [
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

/** Those of them that came after Keycloak 21. */
const newerScopes: ReadonlySet<string> = new Set(['basic', 'organization']);

/** Scopes that take effect but are not shown in a token answer. */
const unseenScopes: ReadonlySet<string> = new Set(['roles', 'web-origins', 'acr', 'basic']);

/** The scopes that such a server has in stock. */
export function knownScopes(behaviour: Behaviour): readonly string[] {
  return behaviour === 'keycloak-21' ? stockScopes.filter((scope) => !newerScopes.has(scope)) : stockScopes;
}

/**
 * The scopes granted to a request. A client has `email` and `profile` by default, asked for or not.
 *
 * @param requested the request's `scope`; `undefined` where it was not sent
 * @param realm.profileByDefault false: `profile` is granted only when asked for
 * @returns `undefined` where a scope is unknown; an empty scope is (spaces are taken as literally as Keycloak does)
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
