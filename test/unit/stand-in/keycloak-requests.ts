import { everywhere, fieldsAt, login, refused, seen, tokenUrl } from './conversation.js';
import type { Conversation, Place } from './conversation.js';
import { json } from './platform.js';

const post = (
  place: Place,
  body: NonNullable<RequestInit['body']>,
  headers: Readonly<Record<string, string>> = {},
) => fetch(tokenUrl(place), { method: 'POST', body, headers });

const form = (place: Place, changes?: Readonly<Record<string, string>>) =>
  new URLSearchParams(fieldsAt(place, changes));

const basic = (clientId: string) => ({
  authorization: `Basic ${Buffer.from(`${clientId}:`).toString('base64')}`,
});

const notConsumed = refused(415, 'RESTEASY003065: Cannot consume content type');
const grantMissing = refused(400, 'invalid_request', 'Missing form parameter: grant_type');
const realmUnknown = refused(404, 'Realm does not exist');

/** What is granted, in the order of the alphabet; `profile` and `email` are, asked for or not. */
const granted = {
  openid: 'email openid profile',
  profile: 'email profile',
  email: 'email profile',
  address: 'address email profile',
  phone: 'email phone profile',
  roles: 'email profile',
  'web-origins': 'email profile',
  acr: 'email profile',
  basic: 'email profile',
  'microprofile-jwt': 'email microprofile-jwt profile',
  organization: 'email organization profile',
  offline_access: 'email offline_access profile',
  service_account: 'invalid_scope',
  OPENID: 'invalid_scope',
  'openid ': 'email openid profile',
  ' openid': 'invalid_scope',
  'openid openid': 'email openid profile',
  'openid  email': 'invalid_scope',
};

/** 26 lists `service_account` too, and refuses it. */
const usable = Object.keys(granted).filter((scope) => scope !== 'service_account');

const metadata = {
  issuer: '',
  endpoints: ['/protocol/openid-connect/token', '/protocol/openid-connect/auth'],
  logout: '/protocol/openid-connect/logout',
  keys: '/protocol/openid-connect/certs',
  takesPasswords: true,
  takesBasic: true,
};

/** Requests other than the guide's; measured on Keycloak 26.4.0 and 21.1.2, the gateway is assumed to be like 26. */
export const keycloakRequests: readonly Conversation[] = [
  {
    name: 'a field that is sent twice',
    talk: async (place) => {
      const body = form(place);
      body.append('username', 'two@devices.example');
      return seen(await post(place, body));
    },
    expected: everywhere(refused(400, 'invalid_request', 'duplicated parameter')),
  },
  {
    name: 'no body, which is an empty form',
    talk: async (place) => seen(await fetch(tokenUrl(place), { method: 'POST' })),
    expected: everywhere(grantMissing),
  },
  {
    name: 'a JSON body',
    talk: async (place) => {
      const body = JSON.stringify(fieldsAt(place));
      return seen(await post(place, body, { 'content-type': 'application/json' }));
    },
    expected: { ...everywhere(grantMissing), 'keycloak-21': notConsumed },
  },
  {
    name: 'a file in form-data',
    talk: async (place) => {
      const body = new FormData();
      for (const [name, value] of form(place)) body.append(name, value);
      // Small: Keycloak 21 leaves a large body in the connection, and then hears nothing more on it.
      body.set('password', new Blob(['x']), 'password.txt');
      return seen(await post(place, body));
    },
    expected: {
      gateway: refused(400, 'invalid_request', 'Files are not accepted'),
      'keycloak-26': refused(500, 'unknown_error', 'For more on this error consult the server log.'),
      'keycloak-21': notConsumed,
    },
  },
  {
    name: 'a GET',
    talk: async (place) => seen(await fetch(tokenUrl(place))),
    expected: {
      ...everywhere(refused(405, 'HTTP 405 Method Not Allowed')),
      'keycloak-21': refused(
        405,
        'RESTEASY003650: No resource method found for GET, return 405 with Allow header',
      ),
    },
  },
  {
    name: 'a client in an urlencoded body and another in Basic, of which the first counts',
    talk: async (place) => [
      (await post(place, form(place), basic('nobody'))).status,
      (await post(place, form(place, { client_id: 'nobody' }), basic(place.clientId))).status,
    ],
    expected: everywhere([200, 401]),
  },
  {
    name: 'a Basic header that cannot be decoded, whatever the body says',
    talk: async (place) => seen(await post(place, form(place), { authorization: 'Basic !!!' })),
    expected: everywhere(refused(400, 'unauthorized_client', 'Unexpected error when authenticating client')),
  },
  {
    name: 'tokens and a refusal with headers that keep caches from storing them, and no Date',
    talk: async (place) => {
      const answers = [await post(place, form(place)), await post(place, form(place, { password: 'wrong' }))];
      const names = ['content-type', 'cache-control', 'pragma', 'date'];
      return answers.map(({ headers }) => names.map((name) => headers.get(name)));
    },
    expected: everywhere([
      ['application/json', 'no-store', 'no-cache', null],
      ['application/json', 'no-store', 'no-cache', null],
    ]),
  },
  {
    name: 'each scope by itself',
    talk: async (place) => {
      const answers: Record<string, unknown> = {};
      for (const asked of Object.keys(granted)) {
        const { scope, error } = await login(place, { scope: asked });
        answers[asked] = error ?? String(scope).split(' ').toSorted().join(' ');
      }
      return answers;
    },
    expected: {
      ...everywhere(granted),
      'keycloak-21': { ...granted, basic: 'invalid_scope', organization: 'invalid_scope' },
    },
  },
  {
    name: 'the discovery document under the name by which the server was reached',
    talk: async ({ issuer }) => {
      const reached = issuer.replace('127.0.0.1', 'localhost');
      const document = await json(await fetch(`${reached}/.well-known/openid-configuration`));
      const path = (name: string) => String(document[name]).replace(reached, '');
      const lists = (name: string, value: string) => [document[name]].flat().includes(value);
      return {
        issuer: path('issuer'),
        endpoints: [path('token_endpoint'), path('authorization_endpoint')],
        logout: path('end_session_endpoint'),
        keys: path('jwks_uri'),
        takesPasswords: lists('grant_types_supported', 'password'),
        takesBasic: lists('token_endpoint_auth_methods_supported', 'client_secret_basic'),
        scopes: usable.filter((scope) => lists('scopes_supported', scope)).length,
      };
    },
    expected: { ...everywhere({ ...metadata, scopes: 12 }), 'keycloak-21': { ...metadata, scopes: 10 } },
  },
  {
    name: 'an unknown realm, which has no discovery document and no keys',
    talk: async ({ issuer }) => {
      const nowhere = issuer.replace(/[^/]+$/, 'nope');
      return [
        await seen(await fetch(`${nowhere}/.well-known/openid-configuration`)),
        await seen(await fetch(`${nowhere}/protocol/openid-connect/certs`)),
      ];
    },
    expected: everywhere([realmUnknown, realmUnknown]),
  },
];
