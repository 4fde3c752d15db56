import type { TokenRequestShape } from '../platform/answers.js';
import type { ClientAuth, Profile } from '../platform/profile.js';
import type { Connections } from '../http/connections.js';
import { type Probe, probe } from '../token/probe.js';
import { type Evidence, type Finding, finding, known } from './finding.js';

export interface ClientCheck {
  readonly findings: readonly Finding[];
  /** What the server is to be sent; absent where it takes no login of this client. */
  readonly shape?: TokenRequestShape;
}

/** As the guide has it, and as the collection sends it where nobody asks for anything else. */
const guide: TokenRequestShape = { bodyMode: 'formdata', clientAuth: 'body' };

/**
 * Asks the server what it makes of this client and of each way to send a login, by logins of a user who cannot exist.
 *
 * @param wanted the way that was asked for; absent: whichever works
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
    : [known('client', 'failure', found.client, evidence)];
}

/** Without it a login succeeds and has no id_token (OpenID Connect Core, 3.1.2.1), which the probe cannot see. */
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

/** Whether the server reads this; `undefined`: nobody tried, or it did not say. */
function reads(
  formData: Probe['formData'],
  { bodyMode, clientAuth }: TokenRequestShape,
): boolean | undefined {
  if (bodyMode === 'formdata') return readsFormData[formData][clientAuth];
  // With Basic beside it, the client is in the body all the same; but RFC 6749, 2.3, lets a server mind.
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
