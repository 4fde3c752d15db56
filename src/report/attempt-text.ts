import { harmless } from '../text/harmless.js';
import type { ReasonCode } from '../platform/reason.js';

/** What `--verbose` says of a device: `devices.csv:3 pump 7: passed`, or its reason, and whether it is tried again. */
export function formatAttempt(
  file: string,
  { line, name }: { readonly line: number; readonly name: string },
  outcome: 'passed' | ReasonCode,
  { again }: { readonly again: boolean },
): string {
  return `${harmless(file)}:${line} ${harmless(name)}: ${outcome}${again ? ', will be tried again' : ''}`;
}
