import type { RunEnd } from '../journal/record.js';
import type { ReasonProse } from '../platform/reason.js';

/**
 * Why the reported run ended, with two reasons that a journal does not have:
 * - `killed`: the journal has no end; the run was killed, or is still running
 * - `shards-missing`: all merged shards completed, and other shards are missing
 */
export type ReportEnd = RunEnd | 'killed' | 'shards-missing';

const resume = 'Resume with --resume.';
const afterFailures =
  'Fix the failures above, then resume with --resume. To retry the failed devices, use --resume failed.';

/** Why a run ended before every device was attempted, and what to do about it. */
export const runEndProse: { readonly [E in ReportEnd]: ReasonProse } = {
  completed: {
    meaning: 'the run finished, but it covered only part of the devices',
    remedy: 'Send the other devices with --resume.',
  },
  interrupted: { meaning: 'the run was interrupted', remedy: resume },
  bail: { meaning: 'the run ended at the first failure (--bail)', remedy: afterFailures },
  'max-failures': {
    meaning: 'the run reached --max-failures',
    remedy: afterFailures,
  },
  'refused-alike': {
    meaning: 'the first devices were all refused for the same reason',
    remedy:
      'Fix the options or the platform before you run again: the cause is not in each device. With other options, omit --resume.',
  },
  'server-gone': {
    meaning: 'no server answered any more',
    remedy: 'Check that the servers run and can be reached, then resume with --resume.',
  },
  'engine-failed': {
    meaning: 'Newman could not continue',
    remedy:
      'Resume with --resume. If the run ends like this again, run it with --verbose and report the output.',
  },
  killed: { meaning: 'the run was killed, or is still running', remedy: resume },
  'shards-missing': {
    meaning: 'the results of some shards are missing',
    remedy: 'Run those shards, then merge again.',
  },
};
