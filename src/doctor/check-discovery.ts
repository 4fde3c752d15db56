import type { Profile } from '../platform/profile.js';
import type { Connections } from '../http/connections.js';
import { discoverRealm, type Realm } from '../token/discovery.js';
import { tokenError } from '../token/errors.js';
import { type Evidence, type Finding, finding, reasonFinding } from './finding.js';

/** Reads the realm's description of itself, and compares it with the profile. */
export async function checkDiscovery(
  connections: Connections,
  { tokenUrl, scope }: Pick<Profile, 'tokenUrl' | 'scope'>,
): Promise<{ readonly realm?: Realm; readonly findings: readonly Finding[] }> {
  try {
    const realm = await discoverRealm(connections, tokenUrl);
    return { realm, findings: compare(realm, tokenUrl, scope) };
  } catch (error) {
    if (tokenError.is(error, 'REALM_UNKNOWN')) {
      return { findings: [finding('discovery', 'warning', 'realm-not-recognised', {})] };
    }
    if (tokenError.is(error, 'DISCOVERY_FAILED')) {
      const { reason, url } = error.args;
      return { findings: [reasonFinding('discovery', 'failure', reason, { url })] };
    }
    if (tokenError.is(error, 'DISCOVERY_REFUSED')) {
      const { problem, url } = error.args;
      return { findings: [finding('discovery', 'failure', 'discovery-refused', { problem }, { url })] };
    }
    throw error;
  }
}

function compare(realm: Realm, tokenUrl: string, scope: string): readonly Finding[] {
  const { issuer, grants, scopes } = realm;
  const findings: Finding[] = [];
  if (realm.tokenUrl !== undefined && !isSame(realm.tokenUrl, tokenUrl)) {
    findings.push(finding('discovery', 'warning', 'token-url-differs', { tokenUrl: realm.tokenUrl }));
  }
  if (grants !== undefined && !grants.includes('password')) {
    findings.push(finding('discovery', 'warning', 'password-grant-unlisted', {}, { grants }));
  }
  const unlisted = scope.split(' ').filter((name) => name !== '' && scopes?.includes(name) === false);
  if (unlisted.length > 0) {
    const evidence = { scopes: scopes ?? [] };
    findings.push(finding('discovery', 'warning', 'scopes-unlisted', { scopes: unlisted }, evidence));
  }
  if (findings.length > 0) return findings;
  return [finding('discovery', 'pass', 'discovery-agrees', { issuer }, evidenceOf(realm))];
}

function evidenceOf({ tokenUrl, jwksUrl, grants, scopes }: Realm): Evidence {
  return {
    ...(tokenUrl !== undefined && { tokenUrl }),
    jwksUrl,
    ...(grants !== undefined && { grants }),
    ...(scopes !== undefined && { scopes }),
  };
}

/** A slash at the end does not matter, as for Keycloak. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)].map(({ origin, pathname }) => origin + pathname);
  return a?.replace(/\/$/, '') === b?.replace(/\/$/, '');
}
