import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fillScript } from '../../../src/postman/fill-script.js';
import { loadTemplates } from '../../../src/postman/templates.js';
import { device, future, idToken } from '../postman/fixture.js';
import { plainOrLength } from '../../../src/text/plain-words.js';
import { echoedPasswords, echoes } from '../text/echoes.js';
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

  test("the token's user is not compared with a user name in Postman's vault", async () => {
    const outcome = await run({
      environment: {
        ...environment,
        username: '{{vault:biotz-username}}',
        password: '{{vault:biotz-password}}',
      },
      response: answer(200, good()),
    });
    expect(outcome).toMatchObject({ failed: {}, skipped: [], thrown: undefined });
    const refused = await run({
      environment: { ...environment, password: '{{vault:biotz-password}}' },
      response: answer(418, { error: 'teapot', error_description: password }),
    });
    expect(JSON.stringify(refused.failed)).not.toContain(password);
  });

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

  test("the server's own words about an unknown refusal are shown", async () => {
    const response = answer(418, { error: 'slow_down', error_description: 'The server is busy' });
    const outcome = await run({ response });
    expect(outcome.failed['Status is 200']).toMatch(/ \(HTTP 418, slow_down, The server is busy\)$/);
  });

  test.each([
    ['the password', `wrong: ${password}`],
    ['the password in other letters', `wrong: ${password.toUpperCase()}`],
    ['something encoded', `wrong: ${Buffer.from(password).toString('base64')}`],
    ['something percent-encoded', 'wrong: %43orrect'],
    ['a control character', 'wrong \u001b[31m'],
  ])('words that contain %s are replaced by their length', async (_, error_description) => {
    const outcome = await run({ response: answer(418, { error: 'slow_down', error_description }) });
    const { length } = error_description;
    expect(outcome.failed['Status is 200']).toMatch(
      new RegExp(` \\(HTTP 418, slow_down, \\[not shown, length ${length}\\]\\)$`),
    );
  });

  test('the words of a server are shown or hidden as in the program', async () => {
    const plain = ['Invalid user credentials', 'invalid_grant', 'The server is busy', 'a'];
    for (const secret of [...echoedPasswords, '']) {
      for (const said of [...plain, ...echoes.map(([, echo]) => echo(secret))]) {
        const outcome = await run({
          environment: { ...environment, password: secret },
          response: answer(418, { error: said }),
        });
        const shown = said === '' ? '' : `, ${plainOrLength(said, [secret])}`;
        expect(outcome.failed['Status is 200']).toContain(` (HTTP 418${shown})`);
      }
    }
  });
});
