import type { Device } from '../device/device.js';
import type { Profile } from '../platform/profile.js';
import { createEnvironment } from '../postman/environment.js';
import { stringify } from '../postman/document.js';
import type { Secret } from '../secret/secret.js';
import type { TokenSet } from './engine.js';

export type TokenName = 'id' | 'access' | 'refresh';

export type TokenFormat = 'raw' | 'header' | 'json' | 'dotenv' | 'postman-environment';

/** The token of this kind; `undefined` if the server did not give one. */
export function tokenCalled(name: TokenName, tokens: TokenSet): Secret | undefined {
  return { id: tokens.idToken, access: tokens.accessToken, refresh: tokens.refreshToken }[name];
}

/** A device and its tokens, with the names of RFC 6749 and OpenID Connect. It holds secrets. */
export function tokenRecord(device: Pick<Device, 'deviceId' | 'name' | 'username'>, tokens: TokenSet) {
  const { deviceId, name, username } = device;
  const { idToken, accessToken, refreshToken, expiresAt } = tokens;
  return {
    device_id: deviceId,
    device_name: name,
    username,
    id_token: idToken.reveal(),
    access_token: accessToken.reveal(),
    ...(refreshToken !== undefined && { refresh_token: refreshToken.reveal() }),
    token_type: 'Bearer',
    id_token_expires_at: new Date(expiresAt).toISOString(),
  };
}

/**
 * Formats a device's tokens for a program or tool; the text ends with a line break and holds secrets.
 *
 * @param token the requested token; `json` and `postman-environment` contain all tokens
 */
// oxlint-disable-next-line typescript/consistent-return -- every format returns; switch-exhaustiveness-check sees to it
export function formatToken(
  format: TokenFormat,
  token: { readonly name: TokenName; readonly value: Secret },
  {
    device,
    tokens,
    profile,
  }: { readonly device: Device; readonly tokens: TokenSet; readonly profile: Profile },
): string {
  const value = token.value.reveal();
  switch (format) {
    case 'raw':
      return `${value}\n`;
    case 'header':
      return `Authorization: Bearer ${value}\n`;
    case 'dotenv':
      // A token has no character that a shell or a dotenv parser would take for something else.
      return `${token.name.toUpperCase()}_TOKEN=${value}\n`;
    case 'json':
      return `${JSON.stringify(tokenRecord(device, tokens), null, 2)}\n`;
    case 'postman-environment': {
      const expiresAt = new Date(tokens.expiresAt).toISOString();
      return stringify(
        createEnvironment(profile, { device, idToken: { value: tokens.idToken.reveal(), expiresAt } }),
      );
    }
  }
}
