import { caseRealm } from './case-realm.js';
import {
  claims,
  everywhere,
  login,
  logout,
  logoutUrl,
  refresh,
  refused,
  seen,
  tokensOf,
  tokenUrl,
} from './conversation.js';
import type { Conversation } from './conversation.js';
import { json, postForm } from './platform.js';

const clientInvalid = refused(401, 'invalid_client', 'Invalid client or Invalid client credentials');
const tokenInvalid = refused(400, 'invalid_grant', 'Invalid refresh token');
const tokenOfAnother = refused(
  400,
  'invalid_grant',
  "Invalid refresh token. Token client and authorized client don't match",
);

const tokens = {
  header: { alg: 'RS256', typ: 'JWT' },
  types: ['ID', 'Bearer'],
  isOfThisClient: true,
  isOfThisSession: true,
  isOfOneSubject: true,
  user: caseRealm.users[0].username,
  lifetimeS: 300,
  refreshExpiresIn: 1800,
  hasRefreshToken: true,
};

/** What tokens say, and what they are good for; measured on Keycloak 26.4.0 and 21.1.2. */
export const keycloakSessions: readonly Conversation[] = [
  {
    name: 'a login with these fields, in this order',
    talk: async (place) => {
      const answer = await login(place);
      const { expires_in: lifetime, token_type: type } = answer;
      return { fields: Object.keys(answer), lifetime, type };
    },
    expected: everywhere({
      fields: [
        'access_token',
        'expires_in',
        'refresh_expires_in',
        'refresh_token',
        'token_type',
        'id_token',
        'not-before-policy',
        'session_state',
        'scope',
      ],
      lifetime: 300,
      type: 'Bearer',
    }),
  },
  {
    name: 'a login with an id token that verifies by the published keys',
    clientId: 'biotz-platform-devices',
    talk: async (place) => tokensOf(place, await login(place)),
    expected: everywhere(tokens),
  },
  {
    name: 'a client that signs with ES256',
    clientId: 'signs-with-es256',
    talk: async (place) => tokensOf(place, await login(place)),
    expected: everywhere({ ...tokens, header: { alg: 'ES256', typ: 'JWT' } }),
  },
  {
    name: 'a client that is given no refresh token',
    clientId: 'no-refresh-tokens',
    talk: async (place) => tokensOf(place, await login(place)),
    expected: everywhere({ ...tokens, refreshExpiresIn: 0, hasRefreshToken: false }),
  },
  {
    name: 'a client without the profile scope: its tokens name the user only when it asks',
    clientId: 'no-profile-scope',
    talk: async (place) => [
      await tokensOf(place, await login(place)),
      await tokensOf(place, await login(place, { scope: 'openid profile' })),
    ],
    expected: everywhere([{ ...tokens, user: undefined }, tokens]),
  },
  {
    name: 'two logins, with one subject and a session each, whatever the case of the username',
    talk: async (place) => {
      const [one, two] = [await login(place), await login(place, { username: 'ONE@DEVICES.EXAMPLE' })];
      const [first, second] = [claims(one, 'id_token'), claims(two, 'id_token')];
      return [second['preferred_username'], first.sub === second.sub, first['sid'] === second['sid']];
    },
    expected: everywhere([caseRealm.users[0].username, true, false]),
  },
  {
    name: 'a session that is refreshed twice with one token',
    talk: async (place) => {
      const { refresh_token: token, session_state: session } = await login(place);
      const answers = [await json(await refresh(place, token)), await json(await refresh(place, token))];
      return answers.map((answer) => [answer['session_state'] === session, 'id_token' in answer]);
    },
    expected: everywhere([
      [true, true],
      [true, true],
    ]),
  },
  {
    name: 'a session that began without openid: no id token after a refresh either',
    talk: async (place) => {
      const { refresh_token: token } = await login(place, { scope: 'email' });
      const answer = await json(await refresh(place, token, { scope: 'openid' }));
      return ['access_token', 'id_token'].map((kind) => kind in answer);
    },
    expected: everywhere([true, false]),
  },
  {
    name: 'a refresh with an unknown scope',
    talk: async (place) => {
      const { refresh_token: token } = await login(place);
      return (await refresh(place, token, { scope: 'x' })).status;
    },
    expected: { ...everywhere(400), 'keycloak-21': 200 },
  },
  {
    name: 'a refresh without a token, or with another',
    talk: async (place) => {
      const { access_token: access, id_token: id } = await login(place);
      const without = { grant_type: 'refresh_token', client_id: place.clientId };
      return [
        await seen(await postForm(tokenUrl(place), without)),
        await seen(await refresh(place, access)),
        await seen(await refresh(place, id)),
        await seen(await refresh(place, 'x')),
      ];
    },
    expected: everywhere([
      refused(400, 'invalid_request', 'No refresh token'),
      tokenInvalid,
      tokenInvalid,
      tokenInvalid,
    ]),
  },
  {
    name: 'a refresh and a logout by other clients',
    talk: async (place) => {
      const { refresh_token: token } = await login(place);
      return [
        await seen(await refresh(place, token, { client_id: 'nobody' })),
        await seen(await refresh(place, token, { client_id: 'no-direct-grants' })),
        await seen(await logout(place, token, { client_id: 'nobody' })),
        await seen(await logout(place, token, { client_id: 'no-direct-grants' })),
      ];
    },
    expected: everywhere([clientInvalid, tokenOfAnother, clientInvalid, tokenOfAnother]),
  },
  {
    name: 'a logout, which ends its own session and no other, and can be repeated',
    talk: async (place) => {
      const [ended, other] = [await login(place), await login(place)];
      return [
        await seen(await logout(place, ended['refresh_token'])),
        await seen(await logout(place, ended['refresh_token'])),
        await seen(await refresh(place, ended['refresh_token'])),
        (await refresh(place, other['refresh_token'])).status,
      ];
    },
    expected: everywhere([[204], [204], refused(400, 'invalid_grant', 'Session not active'), 200]),
  },
  {
    name: 'a logout with an id token, and one in form-data',
    talk: async (place) => {
      const { refresh_token: token, id_token: id } = await login(place);
      const body = new FormData();
      body.append('client_id', place.clientId);
      body.append('refresh_token', String(token));
      return [
        await seen(await logout(place, id)),
        await seen(await fetch(logoutUrl(place), { method: 'POST', body })),
      ];
    },
    expected: {
      gateway: [tokenInvalid, [204]],
      'keycloak-26': [tokenInvalid, clientInvalid],
      'keycloak-21': [tokenInvalid, refused(415, 'RESTEASY003065: Cannot consume content type')],
    },
  },
];
