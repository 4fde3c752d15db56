import { tokenAnswers } from '../platform/answers.js';
import { reasonProse } from '../platform/reason.js';
import { plainWords } from '../text/plain-words.js';
import { loadTemplates, readTemplate } from './templates.js';

/**
 * A place that a script leaves for a table of the program: a comment before an empty literal, so that the
 * template itself is a valid script.
 */
const MARKER = /\/\* generate: (tokenAnswers|reasons|plainWords) \*\/ (?:\[\]|\{\}|'')/g;

/** The reasons that the token script gives without naming them in its text: those of the answers' table. */
const tableReasons = new Set<string>(tokenAnswers.map(({ reason }) => reason));

/**
 * Puts the program's own tables into a script, so that what Postman says and what the program says have one
 * source. A script without markers comes back as it is.
 *
 * `generate: tokenAnswers` becomes the table of `platform/answers.ts`; `generate: reasons` becomes the prose
 * of every reason that the script names in quotes, or that the table names where the script has that too;
 * `generate: plainWords` becomes the words of `text/plain-words.ts`.
 */
export function fillScript(template: string): string {
  const readsTable = template.includes('generate: tokenAnswers');
  const named = Object.entries(reasonProse).filter(
    ([code]) => new RegExp(`['"]${code}['"]`).test(template) || (readsTable && tableReasons.has(code)),
  );
  const tables = {
    tokenAnswers: () => `[\n${tokenAnswers.map((row) => `  ${JSON.stringify(row)},\n`).join('')}]`,
    plainWords: () => JSON.stringify(plainWords),
    reasons: () =>
      `{\n${named.map(([code, prose]) => `  ${JSON.stringify(code)}: ${JSON.stringify(prose)},\n`).join('')}}`,
  };
  return template.replaceAll(MARKER, (_, table: keyof typeof tables) => tables[table]());
}

/** The package's own scripts, as the generated collection has them. */
export async function ownScripts(): Promise<ReadonlySet<string>> {
  const texts = await loadTemplates();
  return new Set(
    [
      texts.getTokenPrerequest,
      texts.getTokenTest,
      texts.publishDataPrerequest,
      texts.publishDataTest,
      await readTemplate('openapi/end-of-run.js'),
      await readTemplate('openapi/folder.js'),
    ].map(fillScript),
  );
}
