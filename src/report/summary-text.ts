import { reasonProse } from '../platform/reason.js';
import { type ReportEnd, runEndProse } from './run-end.js';
import type { FailedDevice } from '../result/device-result.js';
import type { RequestLatency } from '../result/latency.js';
import type { FailureGroup, RunCounts } from '../result/summary.js';
import { harmless } from '../text/harmless.js';
import type { Palette } from '../text/palette.js';
import { formatLatency } from '../result/latency.js';

export interface SummaryFacts {
  readonly counts: RunCounts;
  readonly failures: readonly FailureGroup[];
  /** The credentials file's name, for `file:line`. */
  readonly file: string;
  readonly durationMs: number;
  readonly latency?: readonly RequestLatency[];
  /** Absent during the run. */
  readonly end?: ReportEnd;
}

/**
 * A run's summary for people: the failures by reason with the remedy for each, why the run ended early, the latencies, and
 * the counts, which are always the last line.
 */
export function formatSummary(facts: SummaryFacts, paint: Palette): string {
  const { counts, failures, file, durationMs, latency = [] } = facts;
  const lines: string[] = [];
  for (const group of failures) lines.push(...formatGroup(group, file, paint), '');
  lines.push(...formatEnd(facts, paint));
  lines.push(
    ...latency.map((request) => paint.dim(`${harmless(request.request)}: ${formatLatency(request)}`)),
  );
  const seconds = durationMs / 1000;
  const rate = seconds > 0 ? `, ${(counts.attempted / seconds).toFixed(0)}/s` : '';
  const passed = `${counts.passed} passed`;
  lines.push(
    [
      `${counts.read} read`,
      `${counts.skipped} skipped`,
      `${counts.attempted} attempted`,
      (counts.passed > 0 ? paint.good(passed) : passed) +
        (counts.flaky > 0 ? ` (${counts.flaky} flaky)` : ''),
      counts.failed > 0 ? paint.bad(`${counts.failed} failed`) : `${counts.failed} failed`,
      `${counts.notAttempted} not attempted`,
    ].join(', ') + paint.dim(` (${seconds.toFixed(1)} s${rate})`),
  );
  return `${lines.join('\n')}\n`;
}

function formatEnd({ counts, end }: SummaryFacts, paint: Palette): string[] {
  if (end === undefined || counts.notAttempted === 0) return [];
  const { meaning, remedy } = runEndProse[end];
  const devices = `${counts.notAttempted} ${counts.notAttempted === 1 ? 'device' : 'devices'}`;
  return [`${paint.bad('NOT ATTEMPTED')} ${paint.strong(devices)}: ${meaning} [${end}]`, `  ${remedy}`, ''];
}

function formatGroup({ reason, count, examples }: FailureGroup, file: string, paint: Palette): string[] {
  const { meaning, remedy } = reasonProse[reason];
  const lines = [
    `${paint.bad('FAILED')} ${paint.strong(`${count} ${count === 1 ? 'device' : 'devices'}`)}: ${meaning} [${reason}]`,
    `  ${remedy}`,
    ...examples.map((device) => `    ${formatDevice(device, file)}`),
  ];
  if (count > examples.length) lines.push(paint.dim(`    and ${count - examples.length} more`));
  // The server says the same to all of these devices, so one quotation is enough.
  const detail = examples.find((device) => device.detail !== undefined)?.detail;
  if (detail !== undefined) lines.push(paint.dim(`    ${harmless(detail)}`));
  return lines;
}

/** One failed device: the reason, the remedy, and the words of the server. */
export function formatFailure(device: FailedDevice, file: string, paint: Palette): string {
  const { reason } = device;
  return `${formatGroup({ reason, count: 1, examples: [device] }, file, paint).join('\n')}\n`;
}

function formatDevice({ name, deviceId, line, request, requests }: FailedDevice, file: string): string {
  const status = requests.find((sent) => sent.name === request)?.status;
  const where =
    request === undefined ? '' : `, ${harmless(request)}${status === undefined ? '' : ` (HTTP ${status})`}`;
  // A user from the command line has no row in a file.
  const place = file === '' ? '' : `${harmless(file)}:${line} `;
  return `${place}${harmless(name)} ${name === deviceId ? '' : `(${harmless(deviceId)})`}${where}`.replace(
    ' ,',
    ',',
  );
}
