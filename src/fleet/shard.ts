import { optionError } from '../errors/option-error.js';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import type { Shard } from '../journal/record.js';

/** No pipeline has more jobs. */
const MOST_SHARDS = 10_000;

/**
 * Reads `--shard`: `2/5`, or `auto` to take the shard from the CI job.
 *
 * @param shards `--shards`, for a CI job that does not know the number of shards
 * @param environment variables of the process, which are read only for `auto`
 * @throws {BiotzPostmanError} OPTION_INVALID
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/ CI_NODE_INDEX from 1, CI_NODE_TOTAL
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode JOB_COMPLETION_INDEX from 0
 */
export function readShard(
  shard: string | undefined,
  shards: number | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Shard | undefined {
  if (shard === undefined) {
    if (shards === undefined) return undefined;
    throw invalid('--shards', 'needs --shard auto beside it');
  }
  if (shard !== 'auto') {
    const [, index, count] = /^(\d{1,9})\/(\d{1,9})$/.exec(shard) ?? [];
    if (index === undefined || count === undefined) throw invalid('--shard', 'must be auto, or like 2/5');
    if (shards !== undefined && shards !== Number(count)) throw invalid('--shards', 'contradicts --shard');
    return checked(Number(index), Number(count));
  }
  const { CI_NODE_INDEX: node, CI_NODE_TOTAL: total, JOB_COMPLETION_INDEX: completion } = environment;
  if (isNumber(node) && (isNumber(total) || shards !== undefined))
    return checked(Number(node), shards ?? Number(total));
  if (isNumber(completion)) {
    if (shards === undefined)
      throw invalid(
        '--shard auto',
        'needs --shards N here: JOB_COMPLETION_INDEX is without the number of shards',
      );
    return checked(Number(completion) + 1, shards);
  }
  const problem =
    'finds neither CI_NODE_INDEX and CI_NODE_TOTAL (GitLab) nor JOB_COMPLETION_INDEX (Kubernetes)';
  throw invalid('--shard auto', problem, 'Name the shard, for example --shard 2/5.');
}

function checked(index: number, count: number): Shard {
  if (Number.isInteger(count) && count >= 1 && count <= MOST_SHARDS && index >= 1 && index <= count)
    return { index, count };
  throw invalid('--shard', `must be from 1/N to N/N, with N from 1 to ${MOST_SHARDS}`);
}

const isNumber = (text: string | undefined): text is string => /^\d{1,9}$/.test(text ?? '');

function invalid(option: string, problem: string, next?: string): BiotzPostmanError {
  return optionError('OPTION_INVALID', { option, problem, ...(next !== undefined && { next }) });
}
