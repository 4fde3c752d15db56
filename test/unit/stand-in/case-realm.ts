import type { StandInOptions } from '../../../src/stand-in/server.js';
import type { ClientRefusal } from '../../../src/stand-in/token-endpoint.js';

/** A client as the stand-in, which has only one, has to be started for it. */
type ClientOptions = Pick<StandInOptions, 'signingAlg' | 'refreshTokens' | 'profileScope'>;

/**
 * The realm that every case and conversation supposes. The stand-in is started with it, and a real Keycloak
 * imports it (test/keycloak/realm.ts).
 */
export const caseRealm = {
  realm: 'biotz-platform',
  clientId: 'biotz-platform-devices',
  /** Clients that log devices in. */
  clients: {
    'biotz-platform-devices': {},
    'signs-with-es256': { signingAlg: 'ES256' },
    'no-refresh-tokens': { refreshTokens: false },
    'no-profile-scope': { profileScope: false },
  } satisfies Record<string, ClientOptions>,
  /** Clients that do not. A client that is disabled is refused like one that does not exist. */
  refusedClients: {
    confidential: 'client-needs-secret',
    'no-direct-grants': 'direct-grants-off',
  } satisfies Record<string, ClientRefusal>,
  /** `imported`: by what else a real Keycloak finds that the account is not fully set up. */
  users: [
    { username: 'one@devices.example', password: 'right &=+%";é' },
    { username: 'off@devices.example', password: 'right', disabled: true },
    {
      username: 'new@devices.example',
      password: 'right',
      notSetUp: true,
      imported: { requiredActions: ['UPDATE_PASSWORD'] },
    },
    {
      username: 'unverified@devices.example',
      password: 'right',
      notSetUp: true,
      imported: { emailVerified: false },
    },
  ],
} as const;
