import { describe, expect, test } from '@jest/globals';
import { readShard } from '../../../src/fleet/shard.js';

const gitlab = { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '5' };
const kubernetes = { JOB_COMPLETION_INDEX: '0' };

test.each([
  ['a shard by its numbers', '2/5', undefined, {}, { index: 2, count: 5 }],
  ["GitLab's, which counts from 1", 'auto', undefined, gitlab, { index: 2, count: 5 }],
  ["Kubernetes', which counts from 0", 'auto', 3, kubernetes, { index: 1, count: 3 }],
  ['none, where none was asked for', undefined, undefined, gitlab, undefined],
] as const)('reads %s', (_what, shard, shards, environment, expected) => {
  expect(readShard(shard, shards, environment)).toEqual(expected);
});

describe('refuses', () => {
  test.each([
    ['0/5', undefined, {}],
    ['6/5', undefined, {}],
    ['2', undefined, {}],
    ['2/x', undefined, {}],
    ['-1/5', undefined, {}],
    ['1.5/5', undefined, {}],
    ['auto', undefined, {}],
    ['auto', undefined, kubernetes],
    ['auto', 3, { JOB_COMPLETION_INDEX: '3' }],
    ['auto', undefined, { CI_NODE_INDEX: '6', CI_NODE_TOTAL: '5' }],
    ['2/5', 4, {}],
    [undefined, 4, {}],
  ] as const)('--shard %s with --shards %s and %j', (shard, shards, environment) => {
    expect(() => readShard(shard, shards, environment)).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });
});
