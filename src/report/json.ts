import { reasonProse } from '../platform/reason.js';
import type { ReasonCode } from '../platform/reason.js';
import type { DeviceResult } from '../result/device-result.js';
import type { ReportFacts, ReportText } from './facts.js';

/** `report.json`; docs/report.md describes it, and a change of meaning raises `version`. */
export interface RunReport extends Omit<ReportFacts, 'failures'> {
  readonly version: 1;
  /** By reason, the most frequent first. */
  readonly failures: readonly ReportedFailure[];
  /** In the order in which they finished. */
  readonly devices: readonly DeviceResult[];
}

interface ReportedFailure {
  readonly reason: ReasonCode;
  /** Number of devices. */
  readonly count: number;
  readonly meaning: string;
  readonly remedy: string;
}

/** One object, with one line for each device. */
export function json(facts: ReportFacts): ReportText {
  const failures = facts.failures.map(({ reason, count }) => ({ reason, count, ...reasonProse[reason] }));
  const report: Omit<RunReport, 'devices'> = { version: 1, ...facts, failures };
  let isFirst = true;
  return {
    head: `${JSON.stringify(report, null, 2).slice(0, -'\n}'.length)},\n  "devices": [`,
    device: (result) => {
      const separator = isFirst ? '' : ',';
      isFirst = false;
      return `${separator}\n    ${JSON.stringify(result)}`;
    },
    tail: '\n  ]\n}\n',
  };
}
