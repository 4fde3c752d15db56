// Refuses phrases that are not plain English, in sources, templates, tests and documents (`npm run lint:words`).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Regular expressions, in which a space is also a line break within a comment, and what to write instead. */
const phrases = [
  ['(?:leav(?:e|es|ing)|left) (?:it |them |that |this )?away', 'leave out, omit, drop'],
  ['(?:something|anything|nothing) else than', '… other than'],
  ['go(?:es)? before (?:it|them|both|the)', 'takes precedence over'],
  ['supposed', 'assumed; must'],
  ['an own', 'its own, your own'],
  ['truth values?', 'boolean'],
  ['look(?:s|ed|ing)? into', 'scan, examine'],
  ['(?:go|goes|went|gone|going) on (?:from|with)', 'resume, continue'],
  ['h(?:old|olds|olding|eld) (?:[^\\s.;:]+ ){0,6}against', 'verify with, compare with'],
  ['(?:at|after) so many', 'after this many'],
  ['(?:what|all) there is(?! to)', 'everything'],
  ['c[oa]me through', 'passed'],
  ['in (?:the )?clear', 'in plain text'],
  ['(?:is|are) said', 'is reported'],
  ['(?:that|which) (?:is|are) none', 'not a …, an invalid …'],
  ['(?:is|are|was|were) to be', 'must be'],
  ["(?<!')(?:no|some|any|every)body(?!')", 'the actor: the user, other users, the server, …'],
  ['whoever', 'the actor: the user, other users, the server, …'],
  ['(?:tak(?:e|es|en|ing)|took) out', 'remove'],
  ['at a time', 'at once, concurrently'],
  ['(?:is|are|was|were) there(?: already| twice|(?=[.,;:]))', 'exists'],
  ['(?:is|are|was|were) not there', 'does not exist'],
  ['dear(?:er|est)?', 'expensive'],
];

const places = [
  'src',
  'templates',
  'docs',
  'test',
  'bench',
  '.ci',
  '.github',
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'package.json',
];
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
