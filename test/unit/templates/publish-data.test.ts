import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { explainPublishAnswer } from '../../../src/platform/answers.js';
import { fillScript } from '../../../src/postman/fill-script.js';
import { loadTemplates } from '../../../src/postman/templates.js';
import { publishRows } from '../platform/publish-answer-rows.js';
import { sandboxes, ScriptRunner } from './sandbox.js';

const { publishDataPrerequest, publishDataTest } = await loadTemplates();
const script = fillScript(publishDataTest);

describe.each(sandboxes)('in %s', (_, module) => {
  let runner: ScriptRunner;
  beforeAll(async () => {
    runner = await ScriptRunner.start(module);
  });
  afterAll(() => runner.stop());

  test.each(publishRows)(
    'the script says what the program says of an answer %s (%i)',
    async (_what, code, body, meaning) => {
      const { passed, failed, thrown } = await runner.run('test', script, { response: { code, body } });
      const said = failed['Message is accepted'];
      const reason = explainPublishAnswer(code, body);
      expect([said?.split(': ')[0] ?? 'accepted', reason ?? 'accepted']).toEqual([meaning, meaning]);
      expect({ passed, thrown }).toEqual({
        passed: said === undefined ? ['Message is accepted'] : [],
        thrown: undefined,
      });
    },
  );

  test.each([
    [404, '{"error":"Authentication required"}', /^publish-unauthorized: .*send "Get token" again first/],
    [201, '', /^publish-refused: .*HTTP 201/],
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
