import { type TokenAnswer, tokenAnswers, type TokenRequestShape } from '../../../src/platform/answers.js';
import type { ReasonCode } from '../../../src/platform/reason.js';
import { device, future, idToken } from '../postman/fixture.js';

/** What the server is asked with: the username, and how the request names its client. */
interface Asked {
  readonly username?: string;
  readonly shape?: TokenRequestShape;
}

/** The situation, the status, the body (made when it is needed: tokens age), and what it means. */
export type AnswerRow = readonly [string, number, () => unknown, ReasonCode | 'accepted', Asked?];

export const formData: TokenRequestShape = { bodyMode: 'formdata', clientAuth: 'body' };
const basic: TokenRequestShape = { bodyMode: 'formdata', clientAuth: 'basic' };
const urlencoded: TokenRequestShape = { bodyMode: 'urlencoded', clientAuth: 'body' };

/** The user who logs in, unless a row names another. */
export const { username } = device(1);
const now = () => Date.now() / 1000;
const given = (parts: object) => () => ({
  access_token: 'access',
  token_type: 'Bearer',
  id_token: idToken({ exp: future(), preferred_username: username.toLowerCase() }),
  ...parts,
});
const claims = (parts: object) => () => given({ id_token: idToken({ exp: future(), ...parts }) })();

/** Whether the same answer means something else where it was form-data that was sent. */
const meansElseForFormData = ({ status, error }: TokenAnswer) =>
  tokenAnswers.some((row) => row.formDataOnly && row.status === status && row.error === error);

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

const encrypted = ['a2V5', ''].map((key): AnswerRow => [
  `with an id_token encrypted with the key "${key}"`,
  200,
  given({ id_token: `${part({ alg: 'dir', enc: 'A256GCM', cty: 'JWT' })}.${key}.aXY.Y2lwaGVy.dGFn` }),
  'id-token-encrypted',
]);

const kinds: readonly (readonly [object, object, ReasonCode | 'accepted'])[] = [
  [{ typ: 'at+jwt' }, {}, 'id-token-of-another-kind'],
  [{ typ: 'application/at+JWT' }, {}, 'id-token-of-another-kind'],
  [{ typ: 'logout+jwt' }, {}, 'id-token-of-another-kind'],
  [{ typ: 'dpop+jwt' }, { exp: undefined }, 'id-token-of-another-kind'],
  [{ typ: 'JWT' }, { typ: 'Bearer' }, 'id-token-of-another-kind'],
  [{}, { typ: 'Refresh' }, 'id-token-of-another-kind'],
  [{}, { typ: 'Offline' }, 'id-token-of-another-kind'],
  [{ typ: 'JWT' }, { typ: 'ID' }, 'accepted'],
  [{ typ: 'jwt' }, { typ: 'JWT' }, 'accepted'],
  [{ typ: { toString: 1 } }, { typ: { toString: 1 } }, 'accepted'],
  [{ typ: 7 }, { typ: null }, 'accepted'],
];

const otherKinds = kinds.map(([head, body, meaning]): AnswerRow => [
  `with an id_token of the kind ${JSON.stringify([head, body])}`,
  200,
  () => given({ id_token: `${part({ alg: 'RS256', ...head })}.${part({ exp: future(), ...body })}.c2ln` })(),
  meaning,
]);

function refusal(
  what: string,
  shape: TokenRequestShape,
  { status, error, says, reason }: TokenAnswer,
): AnswerRow {
  const body = () => ({ error: error ?? says ?? 'other', error_description: says ?? 'no details' });
  return [`of "${error ?? says}" to ${what}`, status, body, reason, { shape }];
}

/** Every kind of answer, and what the script, the run in Newman and plain HTTP have to make of it. */
export const answerRows: readonly AnswerRow[] = [
  ['without a refresh_token', 200, given({}), 'accepted'],
  ['with a token_type in lower case', 200, given({ token_type: 'bearer' }), 'accepted'],
  ['after a byte order mark', 200, () => `\ufeff${JSON.stringify(given({})())}`, 'accepted'],
  [
    'of a refusal after a byte order mark',
    401,
    () => '\ufeff{"error":"invalid_grant"}',
    'invalid-user-credentials',
  ],
  ['that is a login page', 200, () => '<html>', 'answer-not-json'],
  ['that is empty', 200, () => '', 'answer-not-json'],
  ['that is a list', 200, () => [given({})()], 'answer-not-json'],
  ['that is null', 200, () => 'null', 'answer-not-json'],
  ['without an access_token', 200, given({ access_token: undefined }), 'access-token-missing'],
  ['with an empty access_token', 200, given({ access_token: '' }), 'access-token-missing'],
  ['without a token type', 200, given({ token_type: undefined }), 'token-type-unexpected'],
  ['of another token type', 200, given({ token_type: 'DPoP' }), 'token-type-unexpected'],
  ['with an object for a token type', 200, given({ token_type: { toString: 1 } }), 'token-type-unexpected'],
  ['without an id_token', 200, given({ id_token: undefined }), 'id-token-missing'],
  ['with a number for an id_token', 200, given({ id_token: 12 }), 'id-token-missing'],
  ['with an opaque id_token', 200, given({ id_token: 'opaque' }), 'id-token-malformed'],
  ['with an id_token of two parts', 200, given({ id_token: 'e30.e30' }), 'id-token-malformed'],
  ['with an id_token of four parts', 200, given({ id_token: 'e30.e30.s.s' }), 'id-token-malformed'],
  [
    'with an unsigned id_token',
    200,
    () => given({ id_token: idToken({ exp: future() }).replace(/[^.]*$/, '') })(),
    'id-token-malformed',
  ],
  ['with an id_token of no JSON', 200, given({ id_token: 'eyJ.eyJ.sig' }), 'id-token-malformed'],
  ['with an id_token of lists', 200, given({ id_token: 'W10.W10.sig' }), 'id-token-malformed'],
  [
    'with an id_token of unusual characters',
    200,
    () => given({ id_token: `${idToken({ exp: future() })}+/=` })(),
    'id-token-malformed',
  ],
  ...encrypted,
  [
    'with an id_token of five parts and no encryption',
    200,
    given({ id_token: 'e30.e30.e30.e30.e30' }),
    'id-token-malformed',
  ],
  ['with an id_token of many parts', 200, given({ id_token: 'e30.'.repeat(50_000) }), 'id-token-malformed'],
  ...otherKinds,
  ['whose id_token has no expiry', 200, claims({ exp: undefined }), 'id-token-malformed'],
  ['whose expiry is a text', 200, () => claims({ exp: String(future()) })(), 'id-token-malformed'],
  ['whose expiry is the last there is', 200, claims({ exp: 8.64e12 }), 'accepted'],
  ['whose expiry is after the end of time', 200, claims({ exp: 8.64e12 + 1 }), 'id-token-malformed'],
  ['whose expiry is before its beginning', 200, claims({ exp: -1e300 }), 'id-token-malformed'],
  ['whose id_token expired 50 s ago', 200, () => claims({ exp: now() - 50 })(), 'accepted'],
  ['whose id_token expired 70 s ago', 200, () => claims({ exp: now() - 70 })(), 'id-token-expired'],
  ['whose id_token expired in 1969', 200, claims({ exp: -1 }), 'id-token-expired'],
  ['whose id_token names no user', 200, claims({}), 'accepted'],
  ['for this user in capitals', 200, claims({ preferred_username: username.toUpperCase() }), 'accepted'],
  [
    'for a user beyond ASCII',
    200,
    claims({ preferred_username: 'pümpé@h' }),
    'accepted',
    { username: 'PÜMPÉ@h' },
  ],
  ['for another device', 200, claims({ preferred_username: device(2).username }), 'id-token-of-another-user'],
  ...[null, 12, '', true, [username], { toString: 1 }].map((owner): AnswerRow => [
    `for the user ${JSON.stringify(owner)}`,
    200,
    claims({ preferred_username: owner }),
    'id-token-of-another-user',
  ]),
  ...tokenAnswers
    .filter((answer) => answer.formDataOnly || !meansElseForFormData(answer))
    .map((answer) => refusal('form-data', formData, answer)),
  ...tokenAnswers
    .filter(({ formDataOnly }) => !formDataOnly)
    .flatMap((answer) => [
      refusal('form-data with a Basic client', basic, answer),
      refusal('a urlencoded form', urlencoded, answer),
    ]),
  ['of Keycloak 21', 415, () => ({ error: 'RESTEASY003065' }), 'form-data-not-read'],
  ['without a body', 302, () => '', 'redirected'],
  ['of no known error', 418, () => ({ error: 'teapot' }), 'status-unexpected'],
  ['of no JSON', 401, () => '<html>', 'status-unexpected'],
  ['of a list', 401, () => [{ error: 'invalid_grant' }], 'status-unexpected'],
  ['with an object for an error', 503, () => ({ error: { toString: 1 } }), 'server-error'],
  ['without tokens', 204, () => '', 'status-unexpected'],
];
