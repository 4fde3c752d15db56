import { defineErrors } from '../errors/define-errors.js';

/** A longer list helps no reader. */
const MOST_NAMED = 20;

const list = (items: readonly (string | number)[]) => items.join(', ');

export const reportError = defineErrors({
  /** The merged journals do not cover the whole fleet. */
  REPORT_INCOMPLETE: ({
    missingShards,
    shards,
    devices,
  }: {
    readonly missingShards: readonly number[];
    readonly shards: number;
    /** Devices of the fleet without a result. */
    readonly devices: number;
  }) => {
    const [noun, verb] = missingShards.length === 1 ? ['shard', 'is'] : ['shards', 'are'];
    const named = list(missingShards.slice(0, MOST_NAMED));
    const more = missingShards.length > MOST_NAMED ? ` and ${missingShards.length - MOST_NAMED} more` : '';
    const missing = `${noun} ${named}${more} of ${shards} ${verb} missing, and `;
    return {
      reason: `The fleet is not complete: ${missingShards.length > 0 ? missing : ''}${devices} ${devices === 1 ? 'device was' : 'devices were'} not attempted.`,
      next: 'Run the missing devices (--resume resumes a run that ended early), then merge again.',
    };
  },
});
