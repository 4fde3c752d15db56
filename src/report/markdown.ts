import { reasonProse } from '../platform/reason.js';
import { runEndProse } from './run-end.js';
import type { FailedDevice } from '../result/device-result.js';
import type { ReportFacts, ReportText } from './facts.js';
import { harmless } from '../text/harmless.js';
import { shorten } from '../text/quote.js';

/** More rows help no reader, and GitHub shows no summary of more than 1 MiB. */
const MOST_DEVICES = 100;

/**
 * A page for a CI run's summary, in GitHub Flavored Markdown: the counts, the reasons with what to do, and the first
 * failed devices.
 *
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary
 */
export function markdown(facts: ReportFacts): ReportText {
  let listed = 0;
  return {
    head: [
      `### ${title(facts)}\n`,
      table(
        ['read', 'skipped', 'attempted', 'passed', 'flaky', 'failed', 'not attempted'],
        [countsOf(facts)],
      ),
      ...notAttempted(facts),
      ...reasons(facts),
    ].join('\n'),
    device: (result) => {
      if (result.status === 'passed' || listed === MOST_DEVICES) return '';
      return `${listed++ === 0 ? `\n${heading(failedColumns)}` : ''}${row(cellsOf(result))}`;
    },
    tail: more(facts.counts.failed),
  };
}

const failedColumns = ['failed device', 'row', 'reason', 'request', 'answer'];

function title({ command, file, shard, counts: { attempted, failed, notAttempted } }: ReportFacts): string {
  const verdict =
    failed === 0 && notAttempted === 0
      ? `all ${attempted} passed`
      : [
          ...(failed > 0 ? [`${failed} failed`] : []),
          ...(notAttempted > 0 ? [`${notAttempted} not attempted`] : []),
        ].join(', ');
  const part = shard === undefined ? '' : `, shard ${shard.index} of ${shard.count}`;
  return `biotz-postman ${command} ${markdownCode(file)}${part}: ${verdict}`;
}

const countsOf = ({
  counts: { read, skipped, attempted, passed, flaky, failed, notAttempted },
}: ReportFacts) => [read, skipped, attempted, passed, flaky, failed, notAttempted].map(String);

function notAttempted({ counts, end }: ReportFacts): readonly string[] {
  if (counts.notAttempted === 0) return [];
  const { meaning, remedy } = runEndProse[end];
  return [`**Not attempted: ${counts.notAttempted}.** ${markdownProse(`${meaning} [${end}]. ${remedy}`)}\n`];
}

function reasons({ failures }: ReportFacts): readonly string[] {
  if (failures.length === 0) return [];
  const rows = failures.map(({ reason, count }) => {
    const { meaning, remedy } = reasonProse[reason];
    return [String(count), `${markdownProse(meaning)} (${markdownCode(reason)})`, markdownProse(remedy)];
  });
  return [table(['failed', 'reason', 'what to do'], rows)];
}

function cellsOf({
  name,
  deviceId,
  line,
  reason,
  request,
  requests,
  detail,
}: FailedDevice): readonly string[] {
  const status = requests.find((sent) => sent.name === request)?.status;
  const sent = request === undefined ? '' : markdownCode(request);
  return [
    name === deviceId ? markdownCode(deviceId) : `${markdownCode(name)} ${markdownCode(deviceId)}`,
    String(line),
    markdownCode(reason),
    status === undefined ? sent : `${sent} HTTP ${status}`,
    detail === undefined ? '' : markdownCode(detail),
  ];
}

function more(failed: number): string {
  const left = failed - MOST_DEVICES;
  return left > 0 ? `\nand ${left} more; \`report.json\` lists all of them.\n` : '';
}

const table = (columns: readonly string[], rows: readonly (readonly string[])[]) =>
  `${heading(columns)}${rows.map(row).join('')}`;

const heading = (columns: readonly string[]) => `${row(columns)}${row(columns.map(() => '---'))}`;

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;

/** Characters of one cell. A hundred rows of this length stay below GitHub's bound. */
const LONGEST = 200;

/**
 * Shows a foreign text (a device's name, a server's answer) as it is, in a code span. A span has neither markup nor HTML,
 * and GitHub makes no links of addresses, `@names` and `#numbers` in it. Characters that would end the span, or the table
 * cell around it, are escaped visibly, like the characters that a terminal obeys.
 *
 * @see https://github.github.com/gfm/#code-spans
 * @see https://github.github.com/gfm/#tables-extension-
 */
export function markdownCode(text: string): string {
  const inside = harmless(shorten(text, LONGEST)).replace(/[`|\p{Surrogate}]/gu, escapeCharacter);
  // Markdown has no empty code span.
  return inside.trim() === '' ? '' : `\`${inside}\``;
}

/** Our own sentences, as plain text. */
export function markdownProse(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|#~&]/g, String.raw`\$&`);
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
