import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import type { Plan, Step } from './plan.js';
import type { Outcome } from './push.js';
import { uidOf } from './push-text.js';

/** What of an error may be told; `undefined` where the push was interrupted. */
type ErrorReader = (error: unknown) => Pick<BiotzPostmanError, 'code' | 'message'> | undefined;

/**
 * A push for machines; docs/push.md describes it.
 *
 * @param outcomes `undefined` for a dry run
 */
export function pushDocument(
  { user, workspace, steps }: Plan,
  outcomes: readonly Outcome[] | undefined,
  errorOf: ErrorReader,
): object {
  const results = steps.map((step, index) => [
    keys[step.source.role],
    resultOf(step, outcomes?.[index], errorOf),
  ]);
  return { user, workspace, dryRun: outcomes === undefined, ...Object.fromEntries(results) };
}

const keys = {
  collection: 'collection',
  environment: 'environment',
  'user-environment': 'userEnvironment',
} as const;

function resultOf(step: Step, outcome: Outcome | undefined, errorOf: ErrorReader): object {
  const uid = outcome === undefined ? (step.action === 'create' ? undefined : step.uid) : uidOf(outcome);
  return {
    name: step.name,
    action: step.action,
    ...(outcome && { state: outcome.state }),
    ...(uid !== undefined && { uid }),
    // Without the texts: a script is nothing to read here.
    changes: changesOf(step).map((change) =>
      change.kind === 'changed' ? { kind: change.kind, path: change.path, part: change.part } : change,
    ),
    ...(step.action !== 'create' && {
      keptEdits: step.merge.keptEdits,
      ofOthers: step.merge.ofOthers,
      noLongerMade: step.merge.noLongerMade,
    }),
    ...(outcome?.state === 'failed' && { written: outcome.written, error: errorOf(outcome.error) }),
  };
}

const changesOf = (step: Step) => (step.action === 'create' ? step.changes : step.merge.changes);
