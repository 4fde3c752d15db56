import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCollection } from '../../../src/postman/collection.js';
import { loadTemplates } from '../../../src/postman/templates.js';
import { sandboxes, ScriptRunner } from './sandbox.js';

const { getTokenPrerequest: script } = await loadTemplates();
const { item } = await createCollection();
const { request } = item.find(({ name }) => name === 'Get token') ?? {};
const credentials = {
  username: 'ü',
  password: 'x{{client_id}}&é "',
  client_id: 'a b',
  scope: 'openid',
  id_token: 'stale',
};

describe.each(sandboxes)('in %s', (_, module) => {
  let runner: ScriptRunner;
  beforeAll(async () => {
    runner = await ScriptRunner.start(module);
  });
  afterAll(() => runner.stop());

  const run = (switches: Readonly<Record<string, string>>) =>
    runner.run('prerequest', script, {
      environment: { ...credentials, ...switches },
      ...(request && { request }),
    });

  test.each([{}, { body_mode: '', client_auth: '' }, { body_mode: 'formdata', client_auth: 'body' }])(
    'the request stays as it is with %j',
    async (switches) => {
      const { body, headers, thrown } = await run(switches);
      expect(thrown).toBeUndefined();
      expect(body).toEqual(request?.body);
      expect(headers).toEqual({});
    },
  );

  test('urlencoded sends the same fields percent-encoded, so that variables in them are not replaced', async () => {
    const { body, headers } = await run({ body_mode: 'urlencoded' });
    expect(headers).toEqual({ 'Content-Type': 'application/x-www-form-urlencoded' });
    expect(body).toMatchObject({
      mode: 'raw',
      raw: 'username=%C3%BC&password=x%7B%7Bclient_id%7D%7D%26%C3%A9%20%22&grant_type=password&client_id=a%20b&scope=openid',
    });
  });

  test("urlencoded keeps a reference to Postman's vault for Postman to resolve", async () => {
    const vault = { username: '{{vault:biotz-username}}', password: '{{vault:biotz-password}}' };
    const { body } = await run({ body_mode: 'urlencoded', ...vault });
    expect(body).toMatchObject({
      mode: 'urlencoded',
      urlencoded: [
        { key: 'username', value: vault.username },
        { key: 'password', value: vault.password },
        { key: 'grant_type', value: 'password' },
        { key: 'client_id', value: 'a b' },
        { key: 'scope', value: 'openid' },
      ],
    });
  });

  test('a body that was made urlencoded by hand stays unchanged', async () => {
    const own = { mode: 'urlencoded', urlencoded: [{ key: 'username', value: '{{username}}' }] };
    const { body, headers } = await runner.run('prerequest', script, {
      environment: { ...credentials, body_mode: 'urlencoded' },
      request: { ...request, body: own },
    });
    expect(body).toMatchObject(own);
    expect(headers).toEqual({});
  });

  test('basic names the client in the Authorization header and keeps the five fields', async () => {
    const { body, headers } = await run({ client_auth: 'basic' });
    expect(headers).toEqual({ Authorization: `Basic ${btoa('a%20b:')}` });
    expect(body).toEqual(request?.body);
  });

  test.each([
    [{ body_mode: 'json' }, 'body_mode is "json"; it must be "formdata" or "urlencoded".'],
    [{ client_auth: 'Basic' }, 'client_auth is "Basic"; it must be "body" or "basic".'],
  ])('%j is refused with the allowed values, and nothing is sent', async (switches, message) => {
    const outcome = await run(switches);
    expect(outcome.failed['Settings are known']).toContain(message);
    expect(outcome).toMatchObject({ requestSkipped: true, nextRequest: null });
    expect(outcome.environment).not.toHaveProperty('id_token');
  });
});
