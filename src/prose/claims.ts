/**
 * What the claims of an id_token say, as far as they are known.
 *
 * @see https://www.iana.org/assignments/jwt/jwt.xhtml
 */
export const claimProse: Readonly<Record<string, string>> = {
  acr: 'how strongly the user was authenticated',
  at_hash: 'ties it to its access token',
  aud: 'whom it is for',
  auth_time: 'when the user logged in',
  azp: 'the client that asked for it',
  email: 'e-mail address',
  email_verified: 'whether that was verified',
  exp: 'until when it is valid',
  family_name: 'last name',
  given_name: 'first name',
  iat: 'when it was issued',
  iss: 'who issued it: the realm',
  jti: 'the number of this token',
  name: 'full name',
  nbf: 'from when it is valid',
  preferred_username: 'whose it is: the HTTP username',
  session_state: 'the session at the server',
  sid: 'the session at the server',
  sub: "whose it is: the realm's own number",
  typ: 'kind of token, as Keycloak has it',
};

/** Claims that are a time in seconds since 1970 (RFC 7519, 2). */
export const claimsOfTime: ReadonlySet<string> = new Set(['auth_time', 'exp', 'iat', 'nbf', 'updated_at']);
