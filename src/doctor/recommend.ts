import type { TokenRequestShape } from '../platform/answers.js';
import { biotzProfile, type Profile } from '../platform/profile.js';
import type { Finding, FindingCode } from './finding.js';

/** Where and how to log in. */
export interface Settings {
  /** What a command has to be told: what differs from the Biotz platform's values, and always how logins are sent. */
  readonly profile: Partial<Profile>;
  /** Whether a login has shown that they work; otherwise they are the next thing to try. */
  readonly isProven: boolean;
}

/** Refusals that another client may not meet. */
const ofTheClient: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'client-unknown',
  'client-needs-secret',
  'direct-grants-off',
]);

/**
 * Says with what settings devices can log in here, as far as that follows from what was found.
 *
 * @param shape what the server reads; `undefined`: it takes no login of this client
 * @returns `undefined` where no setting would help, or nobody can tell which
 */
export function recommend(
  profile: Profile,
  shape: TokenRequestShape | undefined,
  findings: readonly Finding[],
): Settings | undefined {
  const has = (code: FindingCode) => findings.some((found) => found.code === code);
  if (shape !== undefined) {
    const isProven = !has('scope-without-openid') && !has('id-token-missing');
    // Said also where it is the platform's own: whatever it was now comes from somewhere.
    const scope = has('scope-without-openid') ? { scope: withOpenid(profile.scope) } : {};
    return { profile: { ...differences(profile), ...scope, ...shape }, isProven };
  }
  // Every server reads it.
  const readable = { bodyMode: 'urlencoded', clientAuth: 'body' } as const;
  if (has('scope-unknown') && profile.scope !== biotzProfile.scope) {
    const { scope } = biotzProfile;
    return { profile: { ...differences(profile), scope, ...readable }, isProven: false };
  }
  if (findings.some(({ code }) => ofTheClient.has(code)) && profile.clientId !== biotzProfile.clientId) {
    const { clientId } = biotzProfile;
    return { profile: { ...differences(profile), clientId, ...readable }, isProven: false };
  }
  return undefined;
}

function withOpenid(scope: string): string {
  return ['openid', ...scope.split(' ').filter((name) => name !== '')].join(' ');
}

/** Everything that is not the Biotz platform's own. */
function differences(profile: Profile): Partial<Profile> {
  const own: Readonly<Record<string, string>> = { ...biotzProfile };
  return Object.fromEntries(Object.entries(profile).filter(([key, value]) => value !== own[key]));
}
