import { tokenAnswers } from '../platform/answers.js';
import { reasonProse } from '../platform/reason.js';
import { plainWords } from '../text/plain-words.js';
import { loadTemplates, readTemplate } from './templates.js';

/**
 * A placeholder in a script for a table of the program: a comment before an empty literal, so that the template itself
 * is a valid script.
 */
const PLACEHOLDER = /\/\* generate: (tokenAnswers|reasons|plainWords) \*\/ (?:\[\]|\{\}|'')/g;

/** Reasons of the answers' table, which the token script uses without naming them in its text. */
const tableReasons = new Set<string>(tokenAnswers.map(({ reason }) => reason));

/**
 * Fills the program's own tables into a script, so that Postman and the program use the same sentences. A script without
 * placeholders is returned unchanged.
 *
 * `generate: tokenAnswers` becomes the table of `platform/answers.ts`; `generate: reasons` becomes the
 * sentences of every reason that the script names in quotes, and of those in the table if the script has the table;
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
  return template.replaceAll(PLACEHOLDER, (_, table: keyof typeof tables) => tables[table]());
}

/** The package's own scripts, as in the generated collection. */
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
