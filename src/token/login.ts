import type { WarningCode } from '../platform/warning.js';
import type { Attempt } from '../result/attempt.js';
import type { Secret } from '../secret/secret.js';

/** One attempt to log a device in. Only `tokens` holds secrets. */
export interface Login extends Attempt {
  /** Absent if the device failed. */
  readonly tokens?: TokenSet;
  /** Problems that are not failures; mostly empty. */
  readonly warnings: readonly WarningCode[];
}

export interface TokenSet {
  /** What authorizes later requests. */
  readonly idToken: Secret;
  readonly accessToken: Secret;
  /** Absent where the client is given none. */
  readonly refreshToken?: Secret;
  /** When the id_token expires, in milliseconds since 1970. */
  readonly expiresAt: number;
}
