/** Scopes that a realm has in stock (Keycloak 26.4's `scopes_supported` without `service_account`, which it refuses). */
export const knownScopes = [
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
] as const;

/** Scopes that take effect but are not shown in a token answer. */
const unseenScopes: ReadonlySet<string> = new Set(['roles', 'web-origins', 'acr', 'basic']);

/**
 * The scopes granted to a request. A client has `email` and `profile` by default, asked for or not.
 *
 * @param requested the request's `scope`; `undefined` where it was not sent
 * @param profileByDefault false: `profile` is granted only when asked for
 * @returns `undefined` where a scope is unknown; an empty scope is (spaces are taken as literally as Keycloak does)
 */
export function grantScopes(
  requested: string | undefined,
  profileByDefault: boolean,
): readonly string[] | undefined {
  const asked = requested?.replace(/ +$/, '').split(' ') ?? [];
  const known: readonly string[] = knownScopes;
  if (!asked.every((scope) => known.includes(scope))) return undefined;
  const granted = new Set([
    ...asked.filter((scope) => scope === 'openid'),
    'email',
    ...(profileByDefault ? ['profile'] : []),
    ...asked.filter((scope) => !unseenScopes.has(scope)),
  ]);
  return [...granted];
}
