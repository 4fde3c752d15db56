import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fillScript } from '../../src/postman/fill-script.js';
import { loadTemplates } from '../../src/postman/templates.js';
import { sandboxes, ScriptRunner } from './sandbox.js';

const { publishDataPrerequest, publishDataTest } = await loadTemplates();
const script = fillScript(publishDataTest);
const accepted = '{"success?":true,"details":{}}';

describe.each(sandboxes)('in %s', (_, module) => {
  let runner: ScriptRunner;
  beforeAll(async () => {
    runner = await ScriptRunner.start(module);
  });
  afterAll(() => runner.stop());

  test('an accepted message passes', async () => {
    const outcome = await runner.run('test', script, { response: { code: 200, body: accepted } });
    expect(outcome).toMatchObject({ passed: ['Message is accepted'], failed: {}, thrown: undefined });
  });

  test.each([
    [404, '{"error":"Authentication required"}', /^publish-unauthorized: .*send "Get token" again first/],
    [401, '', /^publish-unauthorized: /],
    [404, '{"error":"Not found"}', /^publish-refused: .*HTTP 404/],
    [200, '{"success?":false}', /^publish-refused: .*HTTP 200/],
    [200, 'null', /^publish-refused: /],
    [200, '<html>', /^publish-refused: /],
    [201, accepted, /^publish-refused: .*HTTP 201/],
  ])('%i %s is explained', async (code, body, message) => {
    const { failed } = await runner.run('test', script, { response: { code, body } });
    expect(failed['Message is accepted']).toMatch(message);
  });

  test('no answer at all is explained', async () => {
    const { failed } = await runner.run('test', script, {});
    expect(failed['Message is accepted']).toMatch(/^connection-failed: .*ingestion_url/);
  });

  test.each([
    [{}, true],
    [{ message_type: '' }, true],
    [{ message_type: 'weather' }, false],
  ])('with %j the request is skipped: %s', async (environment, requestSkipped) => {
    const outcome = await runner.run('prerequest', publishDataPrerequest, { environment });
    expect(outcome).toMatchObject({ requestSkipped, thrown: undefined });
  });
});
