import { expect, test } from '@jest/globals';
import { tokenAnswers } from '../../../src/platform/answers.js';
import { fillScript } from '../../../src/postman/fill-script.js';
import { reasonProse } from '../../../src/platform/reason.js';

test('a script without a placeholder stays unchanged', () => {
  const script = "// generate: reasons\nconst list = /* mine */ [];\n'timeout'; $& $1";
  expect(fillScript(script)).toBe(script);
});

test('a table replaces its placeholder, as equivalent JavaScript', () => {
  const script = fillScript('const answers = /* generate: tokenAnswers */ [];');
  expect(JSON.parse(script.slice('const answers = '.length, -1).replace(',\n]', ']'))).toEqual(tokenAnswers);
});

test('only the reasons that the script names are injected', () => {
  const script = fillScript(`x = /* generate: reasons */ {}; 'timeout'; "redirected"; // server-error`);
  for (const code of ['timeout', 'redirected'] as const)
    expect(script).toContain(JSON.stringify(reasonProse[code]));
  expect(script).not.toContain(reasonProse['server-error'].meaning);
});

test('a script that reads the table gets the reasons of its rows', () => {
  const script = fillScript('a = /* generate: tokenAnswers */ []; b = /* generate: reasons */ {};');
  for (const { reason } of tokenAnswers) expect(script).toContain(`"${reason}": {`);
});
