import { flag, number, text } from './kinds.js';

/** What is made of a run's results. */
export const reportOptions = {
  reporters: {
    ...text(
      'Reports to make: cli (standard output), json, junit, markdown, ndjson (comma-separated or repeated)',
    ),
    array: true,
    default: ['cli'],
  },
  'report-dir': { ...text('Folder for the journal and the reports that are files'), default: 'biotz-report' },
} as const;

/** How a fleet is sent, and what is made of its results. */
export const fleetOptions = {
  concurrency: {
    ...text('Devices at a time: a number, or auto, which follows the server', 'Fleet:'),
    default: 'auto',
  },
  rate: text('Most attempts to begin: 50/s, 600/m, 1000/h', 'Fleet:'),
  retries: {
    ...number(
      'Further attempts after a failure that may pass (no answer, 408, 429, 502-504, 520-524)',
      'Fleet:',
    ),
    default: 2,
  },
  'max-failures': text(
    'End the run at so many failed devices (20, or 5%); without it, when the first 20 are all refused alike',
    'Fleet:',
  ),
  bail: flag('End the run at the first failed device', 'Fleet:'),
  resume: text('Go on from the journal in --report-dir; "--resume failed" tries only what failed', 'Fleet:'),
  shard: text("Send only this part of the fleet: 2/5, or auto for the CI job's own", 'Fleet:'),
  shards: number('How many parts there are, where --shard auto cannot tell', 'Fleet:'),
  quiet: flag('Show no progress', 'Fleet:'),
  ...reportOptions,
} as const;
