import type { DeviceResult } from '../result/device-result.js';
import type { ReportFacts } from './facts.js';

/** A report's text in pieces, so that no report of a whole fleet is ever in memory. */
export interface ReportText {
  readonly head: string;
  /** Called once for each device, in the order in which they appear. */
  readonly device: (result: DeviceResult) => string;
  readonly tail: string;
}

export type Reporter = (facts: ReportFacts) => ReportText;
