import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { explainRefusal, tokenAnswers, type TokenRequestShape } from '../../src/platform/answers.js';
import { fillScript } from '../../src/postman/fill-script.js';
import { loadTemplates } from '../../src/postman/templates.js';
import { reasonProse } from '../../src/prose/reasons.js';
import { device, future, idToken } from '../postman/fixture.js';
import { sandboxes, ScriptRunner, type Situation } from './sandbox.js';

const { getTokenTest } = await loadTemplates();
const script = fillScript(getTokenTest);

const { username } = device(1);
const password = 'Correct-Horse';
const environment = {
  token_url: 'http://127.0.0.1/token',
  username,
  password,
  id_token: 'stale',
  id_token_expires_at: 'stale',
};
const formData = { body: { mode: 'formdata', formdata: [] } };
const good = () => ({
  access_token: 'access',
  refresh_token: 'refresh',
  token_type: 'Bearer',
  id_token: idToken({ exp: future(), preferred_username: username.toLowerCase() }),
});
const answer = (code: number, body: unknown) => ({
  code,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe.each(sandboxes)('in %s', (_, module) => {
  let runner: ScriptRunner;
  beforeAll(async () => {
    runner = await ScriptRunner.start(module);
  });
  afterAll(() => runner.stop());

  const run = (situation: Situation) =>
    runner.run('test', script, { environment, request: formData, ...situation });

  test('a good answer passes every test and stores the token with its expiry', async () => {
    const exp = future();
    const token = idToken({ exp, preferred_username: username.toUpperCase() });
    const outcome = await run({ response: answer(200, { ...good(), id_token: token }) });
    expect(outcome).toMatchObject({ failed: {}, skipped: [], thrown: undefined, nextRequest: undefined });
    expect(outcome.passed).toHaveLength(8);
    expect(outcome.environment).toMatchObject({
      id_token: token,
      id_token_expires_at: new Date(exp * 1000).toISOString(),
    });
  });

  const accepted: readonly (readonly [string, object])[] = [
    ['without a refresh_token', { refresh_token: undefined }],
    ['with a token_type in lower case', { token_type: 'bearer' }],
    ['whose id_token names no user', { id_token: idToken({ exp: future() }) }],
    ['whose id_token expired less than a minute ago', { id_token: idToken({ exp: future() - 330 }) }],
  ];
  test.each(accepted)('an answer %s passes', async (_, parts) => {
    const outcome = await run({ response: answer(200, { ...good(), ...parts }) });
    expect(outcome.failed).toEqual({});
    expect(outcome.environment['id_token']).toMatch(/^ey/);
  });

  const rejected: readonly (readonly [string, unknown, string])[] = [
    ['that is a login page', '<html>', 'answer-not-json'],
    ['that is empty', '', 'answer-not-json'],
    ['that is a list', [good()], 'answer-not-json'],
    ['that is null', 'null', 'answer-not-json'],
    ['without an access_token', { ...good(), access_token: undefined }, 'access-token-missing'],
    ['with an empty access_token', { ...good(), access_token: '' }, 'access-token-missing'],
    ['of another token type', { ...good(), token_type: 'DPoP' }, 'token-type-unexpected'],
    ['with an object for a token type', { ...good(), token_type: { toString: 1 } }, 'token-type-unexpected'],
    ['without an id_token', { ...good(), id_token: undefined }, 'id-token-missing'],
    ['with a number for an id_token', { ...good(), id_token: 12 }, 'id-token-missing'],
    ['with an opaque id_token', { ...good(), id_token: 'opaque' }, 'id-token-malformed'],
    ['with an id_token of two parts', { ...good(), id_token: 'e30.e30' }, 'id-token-malformed'],
    ['with an id_token of no JSON', { ...good(), id_token: 'eyJ.eyJ.sig' }, 'id-token-malformed'],
    ['with an id_token of unusual characters', { ...good(), id_token: 'e30.e+0.sig' }, 'id-token-malformed'],
    ['whose id_token never expires', { ...good(), id_token: idToken({}) }, 'id-token-malformed'],
    ['whose expiry is no date', { ...good(), id_token: idToken({ exp: 1e300 }) }, 'id-token-malformed'],
    [
      'with an expired id_token',
      { ...good(), id_token: idToken({ exp: future() - 400 }) },
      'id-token-expired',
    ],
    [
      'with the id_token of another device',
      { ...good(), id_token: idToken({ exp: future(), preferred_username: device(2).username }) },
      'id-token-of-another-user',
    ],
    [
      'whose id_token has no text for a user',
      { ...good(), id_token: idToken({ exp: future(), preferred_username: { toString: 1 } }) },
      'id-token-of-another-user',
    ],
  ];
  test.each(rejected)('a 200 %s fails, and no token is left', async (_, body, reason) => {
    const outcome = await run({ response: answer(200, body) });
    expect(Object.values(outcome.failed)).toEqual([expect.stringMatching(`^${reason}: `)]);
    expect(outcome).toMatchObject({ thrown: undefined, nextRequest: null });
    expect(outcome.environment).not.toHaveProperty('id_token');
    expect(outcome.environment).not.toHaveProperty('id_token_expires_at');
    expect(outcome.passed.length + 1 + outcome.skipped.length).toBe(8);
  });

  const refusals = [
    ...tokenAnswers.map(({ status, error, says }) => ({
      status,
      body: { error: error ?? says ?? 'other', error_description: says ?? 'no more is said' },
    })),
    { status: 302, body: undefined },
    { status: 418, body: { error: 'teapot' } },
    { status: 500, body: undefined },
    { status: 503, body: { error: { toString: 1 } } },
  ];
  const requests: readonly (readonly [string, TokenRequestShape, object])[] = [
    ['form-data', { bodyMode: 'formdata', clientAuth: 'body' }, formData],
    [
      'form-data with a Basic client',
      { bodyMode: 'formdata', clientAuth: 'basic' },
      { ...formData, header: [{ key: 'Authorization', value: 'Basic YTo=' }] },
    ],
    ['urlencoded', { bodyMode: 'urlencoded', clientAuth: 'body' }, { body: { mode: 'raw', raw: 'a=b' } }],
  ];
  test.each(requests)(
    'every refusal of %s is explained as the program explains it',
    async (_, shape, request) => {
      for (const { status, body } of refusals) {
        const outcome = await run({ request, response: answer(status, body ?? 'no JSON') });
        const plain = typeof body?.error === 'object' ? {} : body;
        const reason = explainRefusal(status, plain, shape);
        const { meaning, remedy } = reasonProse[reason];
        expect(Object.entries(outcome.failed)).toEqual([
          ['Status is 200', expect.stringContaining(`${reason}: ${meaning}. ${remedy}`)],
        ]);
        expect(outcome).toMatchObject({ thrown: undefined, nextRequest: null });
        expect(outcome.environment).not.toHaveProperty('id_token');
      }
    },
  );

  test('no answer at all is a failure with a reason', async () => {
    const outcome = await run({});
    expect(outcome.failed['Status is 200']).toMatch(/^connection-failed: /);
    expect(outcome).toMatchObject({ thrown: undefined, nextRequest: null });
    expect(outcome.environment).not.toHaveProperty('id_token');
  });

  test('without an environment the message says to select one', async () => {
    const outcome = await run({ environment: {} });
    expect(outcome.failed['Status is 200']).toMatch(/^url-invalid: .*environment/);
  });

  test('an empty username is named, not the password', async () => {
    const response = answer(401, { error: 'invalid_grant', error_description: 'Invalid user credentials' });
    const outcome = await run({ environment: { token_url: 'http://127.0.0.1/' }, response });
    expect(outcome.failed['Status is 200']).toMatch(/^username-not-received: /);
  });

  test("the server's own words about an unknown refusal are passed on", async () => {
    const response = answer(418, { error: 'teapot', error_description: 'Short and stout' });
    const outcome = await run({ response });
    expect(outcome.failed['Status is 200']).toMatch(/ \(HTTP 418, "teapot, Short and stout"\)$/);
  });

  test.each([
    ['the password', `wrong: ${password}`],
    ['the password in other letters', `wrong: ${password.toUpperCase()}`],
    ['something encoded', `wrong: ${Buffer.from(password).toString('base64')}`],
    ['something percent-encoded', 'wrong: %43orrect'],
    ['a control character', 'wrong \u001b[31m'],
  ])('words that hold %s are not', async (_, error_description) => {
    const outcome = await run({ response: answer(418, { error: 'teapot', error_description }) });
    expect(outcome.failed['Status is 200']).toMatch(/ \(HTTP 418\)$/);
  });
});
