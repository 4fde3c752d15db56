import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ReasonCode } from '../../../src/platform/reason.js';
import { explainTokenAnswer } from '../../../src/platform/answers.js';
import { fillScript } from '../../../src/postman/fill-script.js';
import { loadTemplates } from '../../../src/postman/templates.js';
import { reasonProse } from '../../../src/platform/reason.js';
import { answerRows, formData, username } from '../platform/token-answer-rows.js';
import { sandboxes, ScriptRunner } from './sandbox.js';

const { getTokenTest } = await loadTemplates();
const script = fillScript(getTokenTest);

/** What the assertion's message holds. */
const prose = (reason: ReasonCode): unknown =>
  expect.stringContaining(`${reason}: ${reasonProse[reason].meaning}. ${reasonProse[reason].remedy}`);

describe.each(sandboxes)('in %s', (_, module) => {
  let runner: ScriptRunner;
  beforeAll(async () => {
    runner = await ScriptRunner.start(module);
  });
  afterAll(() => runner.stop());

  test.each(answerRows)(
    'the script says what the program says of an answer %s (%i)',
    async (_what, status, make, meaning, asked = {}) => {
      const made = make();
      const body = typeof made === 'string' ? made : JSON.stringify(made);
      const { shape = formData, username: user = username } = asked;

      const outcome = await runner.run('test', script, {
        environment: {
          token_url: 'http://127.0.0.1/token',
          username: user,
          id_token: 'stale',
          id_token_expires_at: 'stale',
        },
        request: {
          body:
            shape.bodyMode === 'formdata' ? { mode: 'formdata', formdata: [] } : { mode: 'raw', raw: 'a=b' },
          header: shape.clientAuth === 'basic' ? [{ key: 'Authorization', value: 'Basic YTo=' }] : [],
        },
        response: { code: status, body },
      });

      const reason = explainTokenAnswer({ status, body, username: user, shape, now: Date.now() });
      const messages = Object.values(outcome.failed);
      expect([messages[0]?.split(': ')[0] ?? 'accepted', reason ?? 'accepted']).toEqual([meaning, meaning]);
      const { nextRequest, environment, thrown } = outcome;
      const stored = 'id_token' in environment && 'id_token_expires_at' in environment;
      const forgotten = !('id_token' in environment) && !('id_token_expires_at' in environment);
      expect({ messages, nextRequest, stored, forgotten, thrown }).toEqual(
        reason === undefined
          ? { messages: [], nextRequest: undefined, stored: true, forgotten: false }
          : { messages: [prose(reason)], nextRequest: null, stored: false, forgotten: true },
      );
      expect(environment['id_token']).not.toBe('stale');
      expect(outcome.passed.length + messages.length + outcome.skipped.length).toBe(8);
    },
  );
});
