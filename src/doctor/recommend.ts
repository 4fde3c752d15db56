import type { TokenRequestShape } from '../platform/answers.js';
import { biotzProfile, type Profile } from '../platform/profile.js';
import type { Finding, FindingCode } from './finding.js';

/** Settings for logins. */
export interface Settings {
  /** The values to pass to a command: those that differ from the Biotz platform's, and always how logins are sent. */
  readonly profile: Partial<Profile>;
  /** Whether a login has shown that they work. Otherwise they are the next to try. */
  readonly isProven: boolean;
}

/** Refusals that may not happen to another client. */
const clientRefusals: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'client-unknown',
  'client-needs-secret',
  'direct-grants-off',
]);

/**
 * Derives from the findings with which settings devices can log in.
 *
 * @param shape what the server reads; `undefined` if it does not accept logins of this client
 * @returns `undefined` if no setting would help, or if it is unknown which
 */
export function recommend(
  profile: Profile,
  shape: TokenRequestShape | undefined,
  findings: readonly Finding[],
): Settings | undefined {
  const has = (code: FindingCode) => findings.some((found) => found.code === code);
  if (shape !== undefined) {
    const isProven = !has('scope-without-openid') && !has('id-token-missing');
    // The scope is passed even if it is the platform's own: the present one was set on purpose.
    const scope = has('scope-without-openid') ? { scope: withOpenid(profile.scope) } : {};
    return { profile: { ...differences(profile), ...scope, ...shape }, isProven };
  }
  // Every server reads this shape.
  const readable = { bodyMode: 'urlencoded', clientAuth: 'body' } as const;
  if (has('scope-unknown') && profile.scope !== biotzProfile.scope) {
    const { scope } = biotzProfile;
    return { profile: { ...differences(profile), scope, ...readable }, isProven: false };
  }
  if (findings.some(({ code }) => clientRefusals.has(code)) && profile.clientId !== biotzProfile.clientId) {
    const { clientId } = biotzProfile;
    return { profile: { ...differences(profile), clientId, ...readable }, isProven: false };
  }
  return undefined;
}

function withOpenid(scope: string): string {
  return ['openid', ...scope.split(' ').filter((name) => name !== '')].join(' ');
}

/** The values that differ from the Biotz platform's. */
function differences(profile: Profile): Partial<Profile> {
  const own: Readonly<Record<string, string>> = { ...biotzProfile };
  return Object.fromEntries(Object.entries(profile).filter(([key, value]) => value !== own[key]));
}
