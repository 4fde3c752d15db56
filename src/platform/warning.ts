/**
 * What is worth knowing about a device although it did not fail, as a stable code. The sentences are in
 * `prose/warnings.ts`. Codes may be added, never renamed.
 */
export type WarningCode =
  // Nothing in the id_token says whose it is
  | 'id-token-names-no-user'
  // The server did not end the session that the login opened
  | 'session-not-ended'
  // The server gave no refresh token, which is what ends a session
  | 'session-not-endable';
