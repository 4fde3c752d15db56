import sdk from 'postman-collection';
import { type Device, shownName } from '../device/device.js';
import { biotzProfile, type Profile } from '../platform/profile.js';
import type { EnvironmentDocument, VariableName } from './document.js';
import { iterationRow, type IterationRow } from './iteration-row.js';
import { stableId } from '../text/uuid.js';

const secretVariables: ReadonlySet<string> = new Set<VariableName>(['username', 'password', 'id_token']);

/**
 * What stands for the credentials in the shared environment: nothing, or references to secrets of each person's own
 * Postman Vault. Newman and the Postman CLI resolve no such reference.
 *
 * @see https://learning.postman.com/docs/use/postman-vault/use-vault-secrets
 */
export type SharedSecrets = 'blank' | 'vault';

/** A person may have both a device's credentials and a user's. */
const vaultReferences = {
  device: { username: '{{vault:biotz-username}}', password: '{{vault:biotz-password}}' },
  user: { username: '{{vault:biotz-user-username}}', password: '{{vault:biotz-user-password}}' },
} as const;

/** id_token is no credential: the script of the token request sets it. */
function sharedCredentials(secrets: SharedSecrets, user: boolean): IterationRow {
  const blank = { username: '', password: '', device_id: '', device_name: '' };
  return secrets === 'blank' ? blank : { ...blank, ...vaultReferences[user ? 'user' : 'device'] };
}

/** What an environment holds beside the profile. */
export interface EnvironmentOptions {
  /** Whose credentials it holds. Without one it is a shared environment, which has no secret in it. */
  readonly device?: Device;
  /** Without a device: whether a user of the Developer API fills it in, rather than an owner of a device. */
  readonly user?: boolean;
  /** What a shared environment has in the place of credentials. Default: `blank`. */
  readonly secrets?: SharedSecrets;
  /** What else the collection reads, such as the variables of {@link ApiRequests}. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The message type's internal name, where `Publish data` sends to. */
  readonly messageType?: string;
  /** A token that the device has got already, and its expiry in ISO 8601. */
  readonly idToken?: { readonly value: string; readonly expiresAt: string };
}

/**
 * Makes a Postman environment with every variable that the collection uses.
 *
 * With a `device` it holds that device's password, and belongs into a private file; without, it is safe to
 * commit and to send.
 *
 * @example
 * const shared = createEnvironment(biotzProfile);
 * await writeFile('biotz.shared.postman_environment.json', JSON.stringify(shared, null, 2));
 */
export function createEnvironment(
  profile: Profile = biotzProfile,
  {
    device,
    user = false,
    secrets = 'blank',
    variables: others = {},
    messageType = '',
    idToken,
  }: EnvironmentOptions = {},
): EnvironmentDocument {
  const credentials = device ? iterationRow(device) : sharedCredentials(secrets, user);
  const own: Readonly<Record<VariableName, string>> = {
    token_url: profile.tokenUrl,
    client_id: profile.clientId,
    scope: profile.scope,
    body_mode: profile.bodyMode,
    client_auth: profile.clientAuth,
    ...credentials,
    ingestion_url: profile.ingestionUrl,
    message_type: messageType,
    id_token: idToken?.value ?? '',
    id_token_expires_at: idToken?.expiresAt ?? '',
  };
  const {
    id,
    name,
    values = [],
  } = new sdk.VariableScope({
    ...identityOf(device, user),
    // A device's own id stays where a path of the API has it too.
    values: Object.entries({ ...own, ...others, ...own }).map(([key, value]) => ({ key, value })),
  });
  return {
    id,
    name,
    // The SDK writes the type `any` for every variable, and would show a secret on the screen.
    values: values.map(({ key = '', value }) => ({
      key,
      value: String(value),
      type: secretVariables.has(key) ? 'secret' : 'default',
      enabled: true,
    })),
    _postman_variable_scope: 'environment',
  };
}

function identityOf(
  device: Device | undefined,
  user: boolean,
): { readonly id: string; readonly name: string } {
  if (device)
    return { id: stableId(`environment/device/${device.deviceId}`), name: `Biotz: ${shownName(device)}` };
  return user
    ? { id: stableId('environment/user'), name: 'Biotz user (shared)' }
    : { id: stableId('environment/shared'), name: 'Biotz (shared)' };
}
