import type { RunEnd } from '../journal/record.js';
import type { ReasonProse } from '../platform/reason.js';

/**
 * How what is reported came to its end, beside what a run itself says:
 * - `killed`: its journal does not say; it was killed, or is still running
 * - `shards-missing`: the shards that are there all completed, and others are missing
 */
export type ReportEnd = RunEnd | 'killed' | 'shards-missing';

const goOn = 'Continue with --resume.';
const afterFailures =
  'Fix the failures above, then continue with --resume; --resume failed retries the failed devices.';

/** Why a run ended before every device was attempted, and what to do about it. */
export const runEndProse: { readonly [E in ReportEnd]: ReasonProse } = {
  completed: {
    meaning: 'the run did what it was asked to do, which was not all of them',
    remedy: 'Attempt the rest with --resume.',
  },
  interrupted: { meaning: 'the run was interrupted', remedy: goOn },
  bail: { meaning: 'the run ended at the first failure (--bail)', remedy: afterFailures },
  'max-failures': {
    meaning: 'as many devices failed as --max-failures allows',
    remedy: afterFailures,
  },
  'refused-alike': {
    meaning: 'the first devices were all refused for the same reason',
    remedy:
      'The cause lies in the options or the platform rather than in each device; see to it before you run again. With other options, begin anew without --resume.',
  },
  'server-gone': {
    meaning: 'no server answered any more',
    remedy: 'Check that the servers run and can be reached, then continue with --resume.',
  },
  'engine-failed': {
    meaning: 'Newman could not go on',
    remedy:
      'Continue with --resume; if it ends like this again, run with --verbose and report what that prints.',
  },
  killed: { meaning: 'the run did not say why it ended: it was killed, or is still running', remedy: goOn },
  'shards-missing': {
    meaning: 'the results of some shards are missing',
    remedy: 'Run those shards, then merge again.',
  },
};
