import { afterEach } from '@jest/globals';
import { Secret } from '../../../src/secret/secret.js';
import { startStandIn, type StandIn, type StandInOptions } from '../../../src/stand-in/server.js';
import { caseRealm } from './case-realm.js';

const running: StandIn[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((platform) => platform.close()));
});

/** Starts a stand-in with the users of the case table; it is closed after the test. */
export async function start(options: Partial<StandInOptions> = {}): Promise<StandIn> {
  const devices = caseRealm.users.map((user) => ({ ...user, password: new Secret(user.password) }));
  // A key pair for ES256 takes a millisecond, one for RS256 up to a second.
  const platform = await startStandIn({
    devices,
    behaviour: 'keycloak-26',
    refusedClients: new Map(Object.entries(caseRealm.refusedClients)),
    signingAlg: 'ES256',
    ...options,
  });
  running.push(platform);
  return platform;
}

/** The guide's five fields for the user who may log in, with changes. */
export function loginFields(changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { username, password } = caseRealm.users[0];
  return {
    grant_type: 'password',
    client_id: caseRealm.clientId,
    scope: 'openid',
    username,
    password,
    ...changes,
  };
}

export function postForm(url: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields) });
}

/** The fields of a JSON object. */
export async function json(answer: Pick<Response, 'text'>): Promise<Record<string, unknown>> {
  const body: unknown = JSON.parse(await answer.text());
  if (typeof body !== 'object' || body === null) throw new TypeError('the answer is no JSON object');
  return Object.fromEntries(Object.entries(body));
}

/** A login's answer, of which every test needs a token or two. */
export async function login(
  { tokenUrl }: StandIn,
  changes?: Readonly<Record<string, string>>,
): Promise<Record<'access_token' | 'refresh_token' | 'id_token', string>> {
  const answer = await json(await postForm(tokenUrl, loginFields(changes)));
  return {
    access_token: String(answer['access_token']),
    refresh_token: String(answer['refresh_token']),
    id_token: String(answer['id_token']),
  };
}
