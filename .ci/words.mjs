// Refuses phrases that are not plain English, in sources, templates, tests and documents (`npm run lint:words`).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Regular expressions, in which a space is also a line break within a comment, and what to write instead. */
const phrases = [
  ['(?:anything|nothing) else than', '… other than'],
  ['go(?:es)? before (?:it|them|both|the)', 'takes precedence over'],
  ['truth values?', 'boolean'],
  ['(?:at|after) so many', 'after this many'],
  ['what there is(?! to)', 'everything'],
  ['c[oa]me through', 'passed'],
  ['dear(?:er|est)?', 'expensive'],
];

const places = ['src', 'templates', 'docs', 'test', 'bench', '.ci', '.github', '*.md', 'package.json'];
const files = execFileSync('git', ['ls-files', '-z', '--', ...places], { encoding: 'utf8' })
  .split('\0')
  .filter((file) => /\.(?:[jt]s|mjs|md|sh|ya?ml|json)$|^\.ci\/run$/.test(file))
  .filter((file) => !/fixtures\/|__golden__\/|^\.ci\/words\.mjs$/.test(file));
const space = String.raw`(?:\s|//|[*#>])+`;
const refused = phrases.map(([phrase, instead]) => ({
  pattern: new RegExp(String.raw`\b(?:${phrase.replaceAll(' ', space)})\b`, 'gi'),
  instead,
}));
const findings = files.flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  return refused.flatMap(({ pattern, instead }) =>
    [...text.matchAll(pattern)].map(({ 0: phrase, index }) => {
      const line = text.slice(0, index).split('\n').length;
      return `${file}:${line}: "${phrase.replaceAll(/\s+/g, ' ')}". Write: ${instead}`;
    }),
  );
});
for (const finding of findings) process.stderr.write(`${finding}\n`);
if (findings.length > 0) process.exitCode = 1;
