import type { TokenRequestShape } from '../platform/answers.js';
import type { ClientAuth, Profile } from '../platform/profile.js';
import type { Connections } from '../http/connections.js';
import { type Probe, probe } from '../token/probe.js';
import { type Evidence, type Finding, finding, reasonFinding } from './finding.js';

export interface ClientCheck {
  readonly findings: readonly Finding[];
  /** How to send logins; absent if the server does not accept logins of this client. */
  readonly shape?: TokenRequestShape;
}

/** The guide's way, and the default of the collection. */
const guide: TokenRequestShape = { bodyMode: 'formdata', clientAuth: 'body' };

/**
 * Tests the client and each way to send a login, by logging in a user who cannot exist.
 *
 * @param wanted the requested way; `undefined`: any way that works
 */
export async function checkClient(
  connections: Connections,
  profile: Profile,
  wanted: TokenRequestShape | undefined,
): Promise<ClientCheck> {
  const found = await probe(connections, profile);
  const findings = [...judgeClient(found, profile), ...judgeScope(profile.scope)];
  const { recommended } = found;
  if (recommended === undefined) return { findings };
  const encoding = judgeEncoding(found, recommended, wanted);
  const works = encoding.code === 'encoding-read' || encoding.code === 'encoding-unclear';
  return { findings: [...findings, encoding], shape: works ? (wanted ?? recommended) : recommended };
}

function judgeClient(found: Probe, { clientId }: Profile): readonly Finding[] {
  const evidence = evidenceOf(found);
  return found.client === 'accepted'
    ? [finding('client', 'pass', 'client-accepted', { clientId }, evidence)]
    : [reasonFinding('client', 'failure', found.client, evidence)];
}

/** Without this scope, a login succeeds but gets no id_token (OpenID Connect Core, 3.1.2.1). The probe cannot see that. */
function judgeScope(scope: string): readonly Finding[] {
  if (scope.split(' ').includes('openid')) return [];
  return [finding('client', 'failure', 'scope-without-openid', { scope })];
}

function judgeEncoding(
  { formData }: Probe,
  recommended: TokenRequestShape,
  wanted: TokenRequestShape | undefined,
): Finding {
  const shape = wanted ?? guide;
  const verdict = reads(formData, shape);
  if (verdict === true) return finding('encoding', 'pass', 'encoding-read', shape);
  if (verdict === undefined) return finding('encoding', 'unknown', 'encoding-unclear', {});
  if (wanted === undefined) return finding('encoding', 'warning', 'encoding-differs', recommended);
  return finding('encoding', 'failure', 'encoding-refused', { ...wanted, instead: recommended });
}

/** Whether the server reads this way; `undefined` if it was not tried or the answer does not say. */
function reads(
  formData: Probe['formData'],
  { bodyMode, clientAuth }: TokenRequestShape,
): boolean | undefined {
  if (bodyMode === 'formdata') return readsFormData[formData][clientAuth];
  // With Basic, the client is in the body as well, which RFC 6749, 2.3, allows a server to refuse.
  return clientAuth === 'body' ? true : undefined;
}

const readsFormData: {
  readonly [F in Probe['formData']]: { readonly [A in ClientAuth]: boolean | undefined };
} = {
  read: { body: true, basic: undefined },
  'read-with-basic': { body: false, basic: true },
  'not-read': { body: false, basic: false },
  unknown: { body: undefined, basic: undefined },
};

function evidenceOf({ evidence, logins }: Probe): Evidence {
  return {
    logins,
    answers: evidence.map(({ bodyMode, clientAuth, status, error, description, reason }) => {
      const way = `${bodyMode === 'formdata' ? 'form-data' : bodyMode}${clientAuth === 'basic' ? ' with Basic' : ''}`;
      const words = [status ?? 'no answer', error, description, reason && `[${reason}]`];
      return `${way}: ${words.filter((word) => word !== undefined).join(' ')}`;
    }),
  };
}
