/**
 * Why a device failed, as a stable code. The sentence and the remedy for each are in `prose/reasons.ts`.
 * Codes are part of the public contract: they may be added, never renamed.
 */
export type ReasonCode =
  // The token endpoint refused (see answers.ts for the statuses and bodies behind each)
  | 'invalid-user-credentials'
  | 'form-data-not-read'
  | 'client-unknown'
  | 'client-needs-secret'
  | 'direct-grants-off'
  | 'account-disabled'
  | 'account-not-set-up'
  | 'username-not-received'
  | 'scope-unknown'
  | 'grant-unsupported'
  | 'realm-unknown'
  | 'https-required'
  | 'rate-limited'
  | 'redirected'
  | 'server-error'
  | 'status-unexpected'
  // The token endpoint said yes, but the answer cannot be used
  | 'answer-not-json'
  | 'answer-too-large'
  | 'access-token-missing'
  | 'id-token-missing'
  | 'token-type-unexpected'
  | 'id-token-malformed'
  | 'id-token-encrypted'
  | 'id-token-of-another-kind'
  | 'id-token-expired'
  | 'id-token-of-another-user'
  // The id_token was held against the realm's keys
  | 'id-token-not-yet-valid'
  | 'id-token-algorithm-refused'
  | 'id-token-key-unknown'
  | 'id-token-signature-invalid'
  | 'id-token-issuer-unexpected'
  | 'id-token-audience-unexpected'
  | 'keys-unavailable'
  // The ingestion endpoint refused
  | 'publish-unauthorized'
  | 'publish-refused'
  // No answer
  | 'host-not-found'
  | 'connection-refused'
  | 'connection-reset'
  | 'connection-failed'
  | 'proxy-failed'
  | 'certificate-invalid'
  | 'url-invalid'
  | 'url-insecure'
  | 'timeout'
  // The collection itself
  | 'assertion-failed'
  | 'script-failed'
  | 'script-timeout'
  | 'no-request-sent'
  | 'request-loop'
  | 'worker-died'
  // It was in flight when Newman ended, and may have published
  | 'outcome-unknown';
