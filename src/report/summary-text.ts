import { reasonProse } from '../prose/reasons.js';
import type { FailedDevice } from '../result/device-result.js';
import type { FailureGroup, RunCounts } from '../result/summary.js';
import { harmless } from '../prose/harmless.js';

/** Paints a word of a report; a plain terminal is given functions that change nothing. */
export interface Palette {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
}

export const noColors: Palette = {
  good: (text) => text,
  bad: (text) => text,
  dim: (text) => text,
  strong: (text) => text,
};

export interface SummaryFacts {
  readonly counts: RunCounts;
  readonly failures: readonly FailureGroup[];
  /** The credentials file's name, for `file:line`. */
  readonly file: string;
  readonly durationMs: number;
}

/** A run's summary for people: the failures by reason with what to do about each, then the counts. */
export function formatSummary({ counts, failures, file, durationMs }: SummaryFacts, paint: Palette): string {
  const lines = failures.flatMap((group) => [...formatGroup(group, file, paint), '']);
  const seconds = durationMs / 1000;
  const rate = seconds > 0 ? `, ${(counts.attempted / seconds).toFixed(0)}/s` : '';
  lines.push(
    [
      `${counts.read} read`,
      `${counts.skipped} skipped`,
      `${counts.attempted} attempted`,
      counts.passed > 0 ? paint.good(`${counts.passed} passed`) : `${counts.passed} passed`,
      counts.failed > 0 ? paint.bad(`${counts.failed} failed`) : `${counts.failed} failed`,
      `${counts.notAttempted} not attempted`,
    ].join(', ') + paint.dim(` (${seconds.toFixed(1)} s${rate})`),
  );
  return `${lines.join('\n')}\n`;
}

function formatGroup({ reason, count, examples }: FailureGroup, file: string, paint: Palette): string[] {
  const { meaning, remedy } = reasonProse[reason];
  const lines = [
    `${paint.bad('FAILED')} ${paint.strong(`${count} ${count === 1 ? 'device' : 'devices'}`)}: ${meaning} [${reason}]`,
    `  ${remedy}`,
    ...examples.map((device) => `    ${formatDevice(device, file)}`),
  ];
  if (count > examples.length) lines.push(paint.dim(`    and ${count - examples.length} more`));
  // One server says the same to all of them, so one quotation is enough.
  const detail = examples.find((device) => device.detail !== undefined)?.detail;
  if (detail !== undefined) lines.push(paint.dim(`    ${harmless(detail)}`));
  return lines;
}

function formatDevice({ name, deviceId, line, request, requests }: FailedDevice, file: string): string {
  const status = requests.find((sent) => sent.name === request)?.status;
  const where =
    request === undefined ? '' : `, ${harmless(request)}${status === undefined ? '' : ` (HTTP ${status})`}`;
  return `${harmless(file)}:${line} ${harmless(name)} ${name === deviceId ? '' : `(${harmless(deviceId)})`}${where}`.replace(
    ' ,',
    ',',
  );
}
