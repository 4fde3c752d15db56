import { isNeverArrived } from '../platform/repeat.js';
import { GET_TOKEN } from '../platform/request-names.js';
import type { DeviceResult } from '../result/device-result.js';

/**
 * Whether `--resume failed` tries a device again: not where its message may have been published, because nobody
 * knows what became of it. A login may be repeated at any time, and so may what a server has refused.
 */
export function mayBeSentAgain(result: DeviceResult): boolean {
  if (result.status === 'passed' || result.reason === 'outcome-unknown') return false;
  const { request, requests, reason, messageUnanswered } = result;
  if (messageUnanswered !== undefined) return !messageUnanswered;
  // Only the name tells in a journal of an older version.
  const last = requests.findLast(({ name }) => name === request);
  const isAnswered = last?.status !== undefined;
  return request === undefined || request === GET_TOKEN || isAnswered || isNeverArrived(reason);
}
