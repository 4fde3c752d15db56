/** The meaning of a reason, and what a user can do about it. */
export interface ReasonProse {
  /** A short clause, for a table's row and a test case's message. */
  readonly meaning: string;
  /** What to do next: one or two sentences. */
  readonly remedy: string;
}

/**
 * Why a device can fail, as a stable code, with what it means and what to do. Codes are part of the public contract: they may
 * be added, never renamed. `generate` copies the sentences of the token request into the collection's test script, so that
 * Postman, plain Newman and `run` say the same.
 */
export const reasonProse = {
  // The token endpoint refused (see answers.ts for the statuses and bodies behind each)
  'invalid-user-credentials': {
    meaning: 'the server refused this username and password',
    remedy:
      'The password is wrong, the account is temporarily locked, or the user does not exist: the server does not say which. Compare both values with the credentials file, character by character, and wait a minute before you try again.',
  },
  'form-data-not-read': {
    meaning: 'the server did not read the form-data body',
    remedy:
      'The password was not checked. Set client_auth to "basic" (--client-auth basic; Keycloak 24 and later) or body_mode to "urlencoded" (--body urlencoded; every Keycloak) and send again. A wrong client_id gets the same answer.',
  },
  'client-unknown': {
    meaning: 'the server does not know this client, or it is disabled',
    remedy: 'Compare client_id (--client-id) and the realm in token_url (--token-url) with the platform.',
  },
  'client-needs-secret': {
    meaning: 'the client is confidential: the server wants a client secret',
    remedy: 'Devices use a public client; check client_id (--client-id).',
  },
  'direct-grants-off': {
    meaning: 'the client may not use the password grant',
    remedy:
      'Check client_id (--client-id). If it is right, an administrator must enable "Direct access grants" for this client.',
  },
  'account-disabled': {
    meaning: 'the account of this device is disabled',
    remedy: 'Enable the device on the platform, or remove it from the credentials file.',
  },
  'account-not-set-up': {
    meaning: 'the account is not fully set up',
    remedy:
      'It has a required action, an unverified e-mail address or an incomplete profile. An administrator must complete it.',
  },
  'username-not-received': {
    meaning: 'the server did not receive a username',
    remedy:
      'Check that an environment with a filled username is selected, and that the request still has its "username" field.',
  },
  'scope-unknown': {
    meaning: 'the server does not know the scope',
    remedy: 'Set scope (--scope) to "openid".',
  },
  'grant-unsupported': {
    meaning: 'the server does not know the grant type',
    remedy: 'The field "grant_type" must be "password".',
  },
  'realm-unknown': {
    meaning: 'the realm in token_url does not exist',
    remedy: 'Correct the part after /realms/ in token_url (--token-url).',
  },
  'https-required': {
    meaning: 'the server answers only over HTTPS',
    remedy: 'Change token_url (--token-url) to an https:// address.',
  },
  'rate-limited': {
    meaning: 'the server asks for fewer requests',
    remedy: 'Wait, then try again with fewer concurrent requests.',
  },
  redirected: {
    meaning: 'the server redirects the request elsewhere',
    remedy:
      'Credentials are not sent after a redirect. If the new address is right, set it as token_url (--token-url).',
  },
  'server-error': {
    meaning: 'the server failed',
    remedy: 'Try again later. If the error stays, report it to the operator of the server.',
  },
  'status-unexpected': {
    meaning: 'the answer has an unexpected status',
    remedy: 'Check token_url (--token-url): it should end in /protocol/openid-connect/token.',
  },
  // The token endpoint accepted the login, but the answer cannot be used
  'answer-not-json': {
    meaning: 'the answer is not a JSON object',
    remedy:
      'Something other than the identity provider answered, such as a proxy or a login page. Check token_url (--token-url).',
  },
  'answer-too-large': {
    meaning: 'the answer, or its head, is too large',
    remedy: 'A token answer has a few kilobytes. Check token_url (--token-url).',
  },
  'access-token-missing': {
    meaning: 'the answer has no access_token',
    remedy: 'Check that token_url (--token-url) is an OpenID Connect token endpoint.',
  },
  'id-token-missing': {
    meaning: 'the answer has no id_token',
    remedy: 'Set scope (--scope) to "openid".',
  },
  'token-type-unexpected': {
    meaning: 'token_type is not Bearer',
    remedy: 'Check that token_url (--token-url) is an OpenID Connect token endpoint.',
  },
  'id-token-malformed': {
    meaning: 'the id_token is not a JWT',
    remedy: 'Check that token_url (--token-url) is an OpenID Connect token endpoint.',
  },
  'id-token-encrypted': {
    meaning: 'the id_token is encrypted (JWE), so it cannot be read or verified',
    remedy: 'An administrator must switch off the encryption of id_tokens for this client.',
  },
  'id-token-of-another-kind': {
    meaning: 'the server gave another kind of token as id_token, such as an access token',
    remedy: 'Do not use it. Tell the operator of the server.',
  },
  'id-token-expired': {
    meaning: 'the id_token has already expired',
    remedy: 'Check the clock of this machine and that of the server.',
  },
  'id-token-of-another-user': {
    meaning: 'the id_token belongs to another user',
    remedy:
      'Do not use it. Tell the operator of the server: it answered one login with the token of another.',
  },
  // The id_token was verified with the realm's keys
  'id-token-not-yet-valid': {
    meaning: 'the id_token is not valid yet',
    remedy: 'Check the clock of this machine and that of the server.',
  },
  'id-token-algorithm-refused': {
    meaning: 'the id_token is signed with an algorithm that its receivers cannot verify',
    remedy:
      'An administrator must let the client sign with RS256, PS256, ES256 or EdDSA. --no-verify skips the check.',
  },
  'id-token-key-unknown': {
    meaning: 'the realm publishes no key that can verify the signature of the id_token',
    remedy:
      'Check that token_url (--token-url) is the address of the realm itself; "biotz-postman doctor" lists its keys. Do not use the token: without a key nothing proves who issued it.',
  },
  'id-token-signature-invalid': {
    meaning: 'the signature of the id_token is not valid',
    remedy: 'Do not use the token: it was altered or forged. Tell the operator of the server.',
  },
  'id-token-issuer-unexpected': {
    meaning: 'the id_token was issued by another realm or server',
    remedy:
      'Use the public address of the realm as token_url (--token-url). The server may use another name for itself.',
  },
  'id-token-audience-unexpected': {
    meaning: 'the id_token is meant for another client',
    remedy: 'Check client_id (--client-id).',
  },
  'keys-unavailable': {
    meaning: "the realm's public keys could not be read, so the id_token could not be verified",
    remedy: 'Try again, or skip the verification with --no-verify.',
  },
  // The ingestion endpoint refused
  'publish-unauthorized': {
    meaning: 'the ingestion endpoint did not accept the id_token',
    remedy:
      'The token may have expired. Check that ingestion_url (--ingestion-url) and token_url (--token-url) belong to the same platform.',
  },
  'publish-refused': {
    meaning: 'the ingestion endpoint refused the message',
    remedy:
      'Compare the message type (--message-type) and the payload (--payload) with the schema on the platform.',
  },
  // No answer
  'host-not-found': {
    meaning: 'the host name does not exist',
    remedy:
      'Check the spelling of the address (--token-url, --ingestion-url) and the network of this machine.',
  },
  'connection-refused': {
    meaning: 'the server refused the connection',
    remedy:
      'Check the host and port of the address (--token-url, --ingestion-url), and that the server runs.',
  },
  'connection-reset': {
    meaning: 'the server closed the connection before it answered',
    remedy: 'Try again. If the error stays, a proxy or firewall on the way may be the cause.',
  },
  'connection-failed': {
    meaning: 'no connection to the server',
    remedy: 'Check the network of this machine and the address (--token-url, --ingestion-url).',
  },
  'proxy-failed': {
    meaning: 'the proxy did not connect to the server',
    remedy:
      'Check HTTPS_PROXY, or name the host in NO_PROXY. HTTP 407 means that the proxy requires a user and a password in HTTPS_PROXY.',
  },
  'certificate-invalid': {
    meaning: "the server's certificate is not trusted",
    remedy:
      'Check the host name. If you use your own certificate authority, set NODE_EXTRA_CA_CERTS. --insecure skips the check and exposes the passwords.',
  },
  'url-invalid': {
    meaning: 'the request has no usable address',
    remedy: 'Check that an environment with a filled token_url is selected.',
  },
  'url-insecure': {
    meaning: 'the address is plain http:// beyond this machine; nothing was sent',
    remedy: 'Use https://, or add --insecure if you accept that anyone on the way can read the passwords.',
  },
  timeout: {
    meaning: 'the server did not answer in time',
    remedy: 'Try again, or allow more time with --timeout-request.',
  },
  // The collection itself
  'assertion-failed': {
    meaning: 'a test of the collection failed',
    remedy: "Read the test's own message.",
  },
  'script-failed': {
    meaning: 'a script of the collection threw an error',
    remedy: 'Correct the script in the collection.',
  },
  'script-timeout': {
    meaning: 'a script of the collection did not end',
    remedy: 'Correct the script in the collection.',
  },
  'no-request-sent': {
    meaning: 'the collection sent no request for this device',
    remedy: 'A script skipped every request; correct it in the collection.',
  },
  'request-loop': {
    meaning: 'the collection sends requests for this device in an endless loop',
    remedy: 'A script calls setNextRequest in a loop; correct it in the collection.',
  },
  'worker-died': {
    meaning: 'Newman ended while it was sending this device',
    remedy: 'A script of the collection may have ended it; correct the script in the collection.',
  },
  // The device was in flight when Newman ended, and may have published
  'outcome-unknown': {
    meaning:
      'the run ended while this device was being sent, so its message may or may not have been published',
    remedy:
      'Check on the platform whether the message arrived. --resume failed does not send it again. If it did not arrive, run this device from a separate file.',
  },
} as const satisfies Readonly<Record<string, ReasonProse>>;

/** Why a device failed. */
export type ReasonCode = keyof typeof reasonProse;

/** Warnings about devices that did not fail, by a stable code. Codes may be added, but never renamed. */
export const warningProse = {
  // Nothing in the id_token says whose it is
  'id-token-names-no-user': {
    meaning: 'the id_token does not say whose it is',
    remedy:
      'Nothing is wrong, but a mix-up at the server would not be noticed. To check the user, add "profile" to the scope (--scope "openid profile").',
  },
  // The server did not end the session that the login opened
  'session-not-ended': {
    meaning: 'the session that the login opened was not ended',
    remedy: 'It ends by itself when the server lets it expire.',
  },
  // The server gave no refresh token, which is what ends a session
  'session-not-endable': {
    meaning: 'the session that the login opened cannot be ended: the server gave no refresh_token',
    remedy: 'It ends by itself when the server lets it expire.',
  },
} as const satisfies Readonly<Record<string, ReasonProse>>;

export type WarningCode = keyof typeof warningProse;
