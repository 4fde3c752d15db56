import { describe, expect, test } from '@jest/globals';
import { fleetOptions } from '../../../src/cli/options/fleet-arguments.js';

const given = { concurrency: 'auto', retries: 2 };
const bounds = { devices: 100, most: 256 };

test.each([
  ['7%', 7],
  ['14%', 14],
  ['55%', 55],
  ['0.5%', 1],
  ['1', 1],
  ['100%', Number.POSITIVE_INFINITY],
])('--max-failures %s of 100 devices are %s', (maxFailures, failures) => {
  expect(fleetOptions({ ...given, maxFailures }, bounds).maxFailures).toBe(failures);
});

test.each([
  ['50/s', 50],
  ['50', 50],
  ['600/m', 10],
  ['3600/h', 1],
  ['0.5/s', 0.5],
])('--rate %s are %s a second', (rate, ratePerSecond) => {
  expect(fleetOptions({ ...given, rate }, bounds).ratePerSecond).toBe(ratePerSecond);
});

describe('refuses', () => {
  test.each([
    { rate: '0' },
    { rate: '50/day' },
    { rate: '-1/s' },
    { maxFailures: '0' },
    { maxFailures: '101%' },
    { maxFailures: 'x' },
    { concurrency: '0' },
    { concurrency: '257' },
    { concurrency: '1.5' },
    { retries: -1 },
    { retries: 1.5 },
  ])('%j', (wrong) => {
    expect(() => fleetOptions({ ...given, ...wrong }, bounds)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
