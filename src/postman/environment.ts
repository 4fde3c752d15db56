import sdk from 'postman-collection';
import { type Device, shownName } from '../device/device.js';
import { biotzProfile, type Profile } from '../platform/profile.js';
import type { EnvironmentDocument, VariableName } from './document.js';
import { iterationRow, type IterationRow } from './iteration-row.js';
import { stableId } from '../text/uuid.js';

const secretVariables: ReadonlySet<string> = new Set<VariableName>(['username', 'password', 'id_token']);

/**
 * Values of the credentials in the shared environment: empty, or references to secrets in each user's own Postman Vault.
 * Newman and the Postman CLI do not resolve such references.
 *
 * @see https://learning.postman.com/docs/use/postman-vault/use-vault-secrets
 */
export type SharedSecrets = 'blank' | 'vault';

/** Different names, because a person may have the credentials of both a device and a user. */
const vaultReferences = {
  device: { username: '{{vault:biotz-username}}', password: '{{vault:biotz-password}}' },
  user: { username: '{{vault:biotz-user-username}}', password: '{{vault:biotz-user-password}}' },
} as const;

/** id_token is not included: the script of the token request sets it. */
function sharedCredentials(secrets: SharedSecrets, user: boolean): IterationRow {
  const blank = { username: '', password: '', device_id: '', device_name: '' };
  return secrets === 'blank' ? blank : { ...blank, ...vaultReferences[user ? 'user' : 'device'] };
}

/** Content of an environment beside the profile. */
export interface EnvironmentOptions {
  /** Device whose credentials it holds. Default: none, for a shared environment without secrets. */
  readonly device?: Device;
  /** Whether a shared environment is for users of the Developer API instead of devices. */
  readonly user?: boolean;
  /** Values of the credentials in a shared environment. Default: `blank`. */
  readonly secrets?: SharedSecrets;
  /** Further variables of the collection, such as those of {@link ApiRequests}. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Internal name of the message type that `Publish data` sends. */
  readonly messageType?: string;
  /** A token of the device, and its expiry in ISO 8601. */
  readonly idToken?: { readonly value: string; readonly expiresAt: string };
}

/**
 * Makes a Postman environment with every variable that the collection uses.
 *
 * With a `device` it holds that device's password, and must be written to a private file. Without a device it is safe to
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
    // The device's own values override those of the API, whose paths may use the same names.
    values: Object.entries({ ...own, ...others, ...own }).map(([key, value]) => ({ key, value })),
  });
  return {
    id,
    name,
    // The SDK writes the type `any` for every variable, so that Postman would show secrets on the screen.
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
