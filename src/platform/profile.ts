/** How the token request's parameters travel: `multipart/form-data` (the guide's) or `application/x-www-form-urlencoded` (RFC 6749, 4.3.2). */
export type BodyMode = 'formdata' | 'urlencoded';

/** How the client is named: in the body, or by HTTP Basic with an empty secret (RFC 6749, 2.3.1). */
export type ClientAuth = 'body' | 'basic';

/** Where a platform lives and how it is asked for tokens. */
export interface Profile {
  /** The OpenID Connect token endpoint. */
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Space-separated scopes; without `openid` there is no `id_token` (OpenID Connect Core, 3.1.2.1). */
  readonly scope: string;
  readonly bodyMode: BodyMode;
  readonly clientAuth: ClientAuth;
  /** Origin of the data ingestion API, without a path. */
  readonly ingestionUrl: string;
}

/** The client of people and their programs at the same token URL: the Developer API's, not the devices'. */
export const USERS_CLIENT_ID = 'biotz-platform-programmatic-users';

/** The public Biotz platform, as its guide "Getting the token" describes it. */
export const biotzProfile: Profile = {
  tokenUrl: 'https://auth.biotz.io/realms/biotz-platform/protocol/openid-connect/token',
  clientId: 'biotz-platform-devices',
  scope: 'openid',
  bodyMode: 'formdata',
  clientAuth: 'body',
  ingestionUrl: 'https://ingestion-http.biotz.io',
};
