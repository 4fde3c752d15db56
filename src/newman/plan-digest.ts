import { digestOf } from '../journal/digest-of.js';
import type { RunPlan } from './plan.js';

interface Variable {
  readonly key?: unknown;
  readonly value?: unknown;
  readonly type?: unknown;
}

/**
 * What a journal knows a run's plan by, so that a run is only resumed with the same one: SHA-256 in hex. Values
 * that Postman calls secret are left out; somebody could guess a short one by its digest.
 */
export function planDigests({ collection, environment, requests, tokenUrl, ingestionUrl }: RunPlan): {
  readonly collection: string;
  readonly options: string;
} {
  const { values = [] } = environment as { readonly values?: readonly Variable[] };
  const variables = values
    .filter(({ type }) => type !== 'secret')
    .map(({ key, value }) => [String(key), String(value)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    collection: digestOf(collection),
    options: digestOf({ requests, tokenUrl, ingestionUrl, variables }),
  };
}
