import type { ReasonCode } from '../../../src/platform/reason.js';
import type { Expected, KeycloakCase } from './observe.js';

const everywhere = (expected: Expected): KeycloakCase['expected'] => ({
  gateway: expected,
  'keycloak-26': expected,
  'keycloak-21': expected,
});

/** Form-data: 21 always refuses the body, so only what the others say can differ. */
const formData = (gateway: Expected, keycloak26: Expected): KeycloakCase['expected'] => ({
  gateway,
  'keycloak-26': keycloak26,
  'keycloak-21': {
    status: 415,
    body: { error: 'RESTEASY003065: Cannot consume content type' },
    reason: 'form-data-not-read',
  },
});

const refused = (status: number, error: string, says: string, reason: ReasonCode): Expected => ({
  status,
  body: { error, error_description: says },
  reason,
});

const tokens: Expected = {
  status: 200,
  tokens: ['access_token', 'refresh_token', 'id_token'],
  reason: undefined,
};
const noIdToken: Expected = {
  status: 200,
  tokens: ['access_token', 'refresh_token'],
  reason: 'id-token-missing',
};
const clientInvalid = (reason: ReasonCode) =>
  refused(401, 'invalid_client', 'Invalid client or Invalid client credentials', reason);
const credentialsInvalid = refused(
  401,
  'invalid_grant',
  'Invalid user credentials',
  'invalid-user-credentials',
);
const usernameMissing = refused(
  401,
  'invalid_request',
  'Missing parameter: username',
  'username-not-received',
);
const clientNeedsSecret = refused(
  401,
  'unauthorized_client',
  'Invalid client or Invalid client credentials',
  'client-needs-secret',
);
const directGrantsOff = refused(
  400,
  'unauthorized_client',
  'Client not allowed for direct access grants',
  'direct-grants-off',
);
const accountDisabled = refused(400, 'invalid_grant', 'Account disabled', 'account-disabled');
const notSetUp = refused(400, 'invalid_grant', 'Account is not fully set up', 'account-not-set-up');
const grantUnsupported = refused(
  400,
  'unsupported_grant_type',
  'Unsupported grant_type',
  'grant-unsupported',
);
const grantMissing = refused(
  400,
  'invalid_request',
  'Missing form parameter: grant_type',
  'grant-unsupported',
);
const realmUnknown: Expected = {
  status: 404,
  body: { error: 'Realm does not exist' },
  reason: 'realm-unknown',
};
const scopeUnknown = (scope: string) =>
  refused(400, 'invalid_scope', `Invalid scopes: ${scope}`, 'scope-unknown');

const urlencoded = { bodyMode: 'urlencoded', clientAuth: 'body' } as const;
const guide = { bodyMode: 'formdata', clientAuth: 'body' } as const;
const guideWithBasic = { bodyMode: 'formdata', clientAuth: 'basic' } as const;

/** What a token endpoint answers; measured on Keycloak 26.4.0 and 21.1.2, and the gateway as the guide has it. */
export const keycloakCases: readonly KeycloakCase[] = [
  { name: 'urlencoded', ...urlencoded, expected: everywhere(tokens) },
  {
    name: 'urlencoded, client by Basic',
    bodyMode: 'urlencoded',
    clientAuth: 'basic',
    expected: everywhere(tokens),
  },
  {
    name: 'form-data',
    ...guide,
    expected: formData(tokens, clientInvalid('form-data-not-read')),
  },
  { name: 'form-data, client by Basic', ...guideWithBasic, expected: formData(tokens, tokens) },
  {
    name: 'form-data, client by Basic alone',
    ...guideWithBasic,
    fields: { client_id: undefined },
    expected: formData(tokens, tokens),
  },
  {
    name: 'a wrong password',
    ...urlencoded,
    fields: { password: 'wrong' },
    expected: everywhere(credentialsInvalid),
  },
  {
    name: 'a wrong password in form-data, client by Basic',
    ...guideWithBasic,
    fields: { password: 'wrong' },
    expected: formData(credentialsInvalid, credentialsInvalid),
  },
  {
    name: 'the right password in another case',
    ...urlencoded,
    fields: { password: 'RIGHT &=+%";é' },
    expected: everywhere(credentialsInvalid),
  },
  {
    name: 'no password',
    ...urlencoded,
    fields: { password: undefined },
    expected: everywhere(credentialsInvalid),
  },
  {
    name: 'a user who does not exist',
    ...urlencoded,
    fields: { username: 'ghost@devices.example' },
    expected: everywhere(credentialsInvalid),
  },
  {
    name: 'the username in capitals',
    ...urlencoded,
    fields: { username: 'ONE@DEVICES.EXAMPLE' },
    expected: everywhere(tokens),
  },
  {
    name: 'the username with spaces around it',
    ...urlencoded,
    fields: { username: ' one@devices.example ' },
    expected: everywhere(credentialsInvalid),
  },
  {
    name: 'no username',
    ...urlencoded,
    fields: { username: undefined },
    expected: everywhere(usernameMissing),
  },
  {
    name: 'an empty username',
    ...urlencoded,
    fields: { username: '' },
    expected: everywhere(credentialsInvalid),
  },
  {
    name: 'no username in form-data, client by Basic',
    ...guideWithBasic,
    fields: { username: undefined },
    expected: formData(usernameMissing, usernameMissing),
  },
  {
    name: 'a disabled user',
    ...urlencoded,
    fields: { username: 'off@devices.example', password: 'right' },
    expected: everywhere(accountDisabled),
  },
  {
    name: 'a disabled user with a wrong password',
    ...urlencoded,
    fields: { username: 'off@devices.example', password: 'wrong' },
    expected: everywhere(accountDisabled),
  },
  {
    name: 'a user with a required action',
    ...urlencoded,
    fields: { username: 'new@devices.example', password: 'right' },
    expected: everywhere(notSetUp),
  },
  {
    name: 'a user whose e-mail address is not verified',
    ...urlencoded,
    fields: { username: 'unverified@devices.example', password: 'right' },
    expected: everywhere(notSetUp),
  },
  {
    name: 'a user with a required action and a wrong password',
    ...urlencoded,
    fields: { username: 'new@devices.example', password: 'wrong' },
    expected: everywhere(credentialsInvalid),
  },
  {
    name: 'an unknown client',
    ...urlencoded,
    fields: { client_id: 'nobody' },
    expected: everywhere(clientInvalid('client-unknown')),
  },
  {
    name: 'an unknown client in form-data',
    ...guide,
    fields: { client_id: 'nobody' },
    expected: formData(clientInvalid('form-data-not-read'), clientInvalid('form-data-not-read')),
  },
  {
    name: 'an unknown client by Basic, in form-data',
    ...guideWithBasic,
    fields: { client_id: 'nobody' },
    expected: formData(clientInvalid('client-unknown'), clientInvalid('client-unknown')),
  },
  {
    name: 'a disabled client',
    ...urlencoded,
    fields: { client_id: 'disabled' },
    expected: everywhere(clientInvalid('client-unknown')),
  },
  {
    name: 'a confidential client without its secret',
    ...urlencoded,
    fields: { client_id: 'confidential' },
    expected: everywhere(clientNeedsSecret),
  },
  {
    name: 'a confidential client with a wrong secret',
    ...urlencoded,
    fields: { client_id: 'confidential', client_secret: 'wrong' },
    expected: everywhere(clientNeedsSecret),
  },
  {
    name: 'a confidential client in form-data',
    ...guide,
    fields: { client_id: 'confidential' },
    expected: formData(clientNeedsSecret, clientInvalid('form-data-not-read')),
  },
  {
    name: 'a confidential client by Basic, in form-data',
    ...guideWithBasic,
    fields: { client_id: 'confidential' },
    expected: formData(clientNeedsSecret, clientNeedsSecret),
  },
  {
    name: 'a client without direct access grants',
    ...urlencoded,
    fields: { client_id: 'no-direct-grants' },
    expected: everywhere(directGrantsOff),
  },
  {
    name: 'a client without direct access grants, and a user who does not exist',
    ...urlencoded,
    fields: { client_id: 'no-direct-grants', username: 'ghost@devices.example', scope: 'x' },
    expected: everywhere(directGrantsOff),
  },
  {
    name: 'a client without direct access grants by Basic, in form-data',
    ...guideWithBasic,
    fields: { client_id: 'no-direct-grants' },
    expected: formData(directGrantsOff, directGrantsOff),
  },
  {
    name: 'no client',
    ...urlencoded,
    fields: { client_id: undefined },
    expected: everywhere(clientInvalid('client-unknown')),
  },
  {
    name: 'an unknown scope',
    ...urlencoded,
    fields: { scope: 'openid x' },
    expected: everywhere(scopeUnknown('openid x')),
  },
  {
    name: 'an empty scope',
    ...urlencoded,
    fields: { scope: '' },
    expected: everywhere(scopeUnknown('')),
  },
  {
    name: 'an unknown scope and no username',
    ...urlencoded,
    fields: { scope: 'x', username: undefined },
    expected: everywhere(scopeUnknown('x')),
  },
  { name: 'no scope', ...urlencoded, fields: { scope: undefined }, expected: everywhere(noIdToken) },
  {
    name: 'a scope without openid',
    ...urlencoded,
    fields: { scope: 'email profile' },
    expected: everywhere(noIdToken),
  },
  {
    name: 'several known scopes',
    ...urlencoded,
    fields: { scope: 'openid profile email' },
    expected: everywhere(tokens),
  },
  {
    name: 'no grant',
    ...urlencoded,
    fields: { grant_type: undefined },
    expected: everywhere(grantMissing),
  },
  {
    name: 'an unknown grant',
    ...urlencoded,
    fields: { grant_type: 'passwort' },
    expected: everywhere(grantUnsupported),
  },
  {
    name: 'an unknown grant in form-data',
    ...guide,
    fields: { grant_type: 'passwort' },
    expected: formData(grantUnsupported, grantUnsupported),
  },
  {
    name: 'an unknown grant from an unknown client',
    ...urlencoded,
    fields: { grant_type: 'passwort', client_id: 'nobody' },
    expected: everywhere(grantUnsupported),
  },
  { name: 'an unknown realm', ...urlencoded, realm: 'nope', expected: everywhere(realmUnknown) },
  {
    name: 'an unknown realm, form-data',
    ...guide,
    realm: 'nope',
    expected: everywhere(realmUnknown),
  },
];
