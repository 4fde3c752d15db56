import { caseRealm } from '../unit/stand-in/case-realm.js';
import { disabled, fleet, guarded, notSetUp } from './devices.js';

/** A realm as Keycloak imports it: a RealmRepresentation, of which it fills in what is missing. */
export interface Realm {
  readonly realm: string;
  readonly [setting: string]: unknown;
}

/** A realm in which two wrong passwords within a second lock an account, as the protection has it by default. */
export const guardedRealm = 'guarded';

/** A realm that is only there for HTTPS. */
export const httpsRealm = 'https-only';

/** A user that Keycloak 26 takes for one whose profile is incomplete; 21 does not look at it. */
export const incomplete = { username: 'incomplete@devices.example', password: 'right' };

const client = (clientId: string, changes: object = {}) => ({
  clientId,
  publicClient: true,
  directAccessGrantsEnabled: true,
  ...changes,
});

const user = (realm: string, account: { username: string; password: string }, changes: object = {}) => ({
  username: account.username,
  email: account.username,
  emailVerified: true,
  firstName: 'A',
  lastName: 'Device',
  enabled: true,
  credentials: [{ type: 'password', value: account.password }],
  // What a user who is not imported has from the start; among others it allows offline_access.
  realmRoles: [`default-roles-${realm}`],
  ...changes,
});

const signsWithEs256 = {
  attributes: { 'access.token.signed.response.alg': 'ES256', 'id.token.signed.response.alg': 'ES256' },
};
const noRefreshTokens = { attributes: { 'use.refresh.tokens': 'false' } };
/** What a client has by default, without `profile`. Keycloak 21 has no `basic`, and passes over it. */
const noProfileScope = {
  defaultClientScopes: ['web-origins', 'acr', 'roles', 'basic', 'email'],
  optionalClientScopes: ['profile'],
};

const { realm: main, clientId } = caseRealm;

/** The realm of the tables in test/stand-in/, with a fleet in it, and two realms for what a realm can be set to. */
export const realms: readonly Realm[] = [
  {
    realm: main,
    enabled: true,
    verifyEmail: true,
    clients: [
      client(clientId),
      client('signs-with-es256', signsWithEs256),
      client('no-refresh-tokens', noRefreshTokens),
      client('no-profile-scope', noProfileScope),
      client('confidential', { publicClient: false, secret: 'of the client' }),
      client('no-direct-grants', { directAccessGrantsEnabled: false }),
      client('disabled', { enabled: false }),
    ],
    users: [
      ...caseRealm.users.map((account) =>
        user(main, account, {
          enabled: !('disabled' in account),
          ...('imported' in account && account.imported),
        }),
      ),
      user(main, incomplete, { firstName: undefined, lastName: undefined, email: undefined }),
      ...fleet.map((account) => user(main, account)),
      user(main, disabled, { enabled: false }),
      user(main, notSetUp, { requiredActions: ['UPDATE_PASSWORD'] }),
    ],
  },
  {
    realm: guardedRealm,
    enabled: true,
    bruteForceProtected: true,
    clients: [client(clientId)],
    users: guarded.map((account) => user(guardedRealm, account)),
  },
  { realm: httpsRealm, enabled: true, sslRequired: 'all', clients: [client(clientId)] },
];
