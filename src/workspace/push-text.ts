import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import { counted } from '../text/counted.js';
import { harmless } from '../text/harmless.js';
import type { Palette } from '../text/palette.js';
import type { Change, KeptEdit, Merge } from './change.js';
import { formatDifference } from './difference-text.js';
import type { Plan, Step } from './plan.js';
import type { FailedOutcome, Outcome } from './push.js';

/** Limit on the length of two values that are shown in one line. */
const LONGEST_LINE = 160;
/** Limit on the names of what other users added; the rest are counted. */
const MOST_NAMED = 5;

/**
 * A plan for a user to confirm: the owner of the key, the workspace, and each difference.
 *
 * @param address of the Postman API
 */
export function formatPlan({ user, workspace, steps }: Plan, address: string, paint: Palette): string {
  const team = user.team === undefined ? '' : `, team ${harmless(user.team)}`;
  const visibility =
    workspace.visibility === 'public'
      ? paint.bad('public: everyone can read it')
      : harmless(workspace.visibility);
  const lines = [
    `${harmless(user.name)}${team} at ${address}`,
    `workspace ${paint.strong(`"${harmless(workspace.name)}"`)} (${visibility === '' ? workspace.id : visibility})`,
    ...steps.flatMap((step) => ['', ...formatStep(step, paint)]),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function formatStep(step: Step, paint: Palette): string[] {
  const title = `${step.source.resource.kind} ${paint.strong(`"${harmless(step.name)}"`)}`;
  if (step.action === 'create') {
    return [
      `${title}: ${paint.good('new')}`,
      ...step.changes.flatMap((change) => formatChange(change, paint)),
    ];
  }
  const verdict = step.action === 'none' ? 'up to date' : paint.good('will be updated');
  const { changes, keptEdits, ofOthers, noLongerMade } = step.merge;
  return [
    `${title} ${paint.dim(harmless(step.uid))}: ${verdict}`,
    ...changes.flatMap((change) => formatChange(change, paint)),
    ...keptEdits.map(
      (edit) => `  = ${formatPlace(edit)} was edited in Postman and is kept (--force replaces it)`,
    ),
    ...formatOthers(ofOthers),
    ...noLongerMade.map((path) => `  = ${harmless(path)} is no longer in the file; it is kept`),
  ];
}

const formatPlace = ({ path, part }: KeptEdit) => (path === '' ? part : `${harmless(path)}: ${part}`);

function formatChange(change: Change, paint: Palette): string[] {
  if (change.kind === 'added') return [paint.good(`  + ${change.what} ${harmless(change.path)}`)];
  if (change.kind === 'removed') {
    const why = change.because === 'disabled' ? 'switched off' : 'without effect';
    return [
      paint.bad(`  - ${change.what} ${harmless(change.path)}`) +
        ` (${why}: another variable has the same name, and the Postman API accepts each name once)`,
    ];
  }
  const { path, part, before, after } = change;
  const place = `  ~ ${formatPlace({ path, part })}`;
  // The digests in a marker mean nothing to people.
  if (part === 'marker') return [`${place} (identifies it for the next push)`];
  const isLine = !/\n/.test(before) && !/\n/.test(after);
  if (isLine && before.length + after.length <= LONGEST_LINE) {
    return [`${place}: ${quoted(before, paint.bad)} → ${quoted(after, paint.good)}`];
  }
  return [place, ...formatDifference(before, after, paint).map((line) => `      ${line}`)];
}

const quoted = (text: string, color: (text: string) => string) =>
  text === '' ? 'none' : color(`"${harmless(text)}"`);

function formatOthers({ requests, folders, variables, examples }: Merge<unknown>['ofOthers']): string[] {
  const named = (what: string, names: readonly string[]) => {
    if (names.length === 0) return [];
    const some = names.slice(0, MOST_NAMED).map(harmless).join(', ');
    return [`${counted(names.length, what)} (${some}${names.length > MOST_NAMED ? ', …' : ''})`];
  };
  const all = [
    ...named('request', requests),
    ...named('folder', folders),
    ...named('variable', variables),
    ...(examples > 0 ? [counted(examples, 'example')] : []),
  ];
  return all.length === 0 ? [] : [`  = added by other users and kept: ${all.join(', ')}`];
}

/** The outcomes, one line each, for people and for `cut`. */
export function formatOutcomes(
  outcomes: readonly Outcome[],
  link: (step: Step, uid: string) => string | undefined,
): string {
  const lines = outcomes.map((outcome) => {
    const { step } = outcome;
    const uid = uidOf(outcome);
    const about =
      uid === undefined ? [] : [harmless(uid), ...[link(step, uid)].filter((url) => url !== undefined)];
    return [stateOf(outcome), step.source.resource.kind, `"${harmless(step.name)}"`, ...about].join('  ');
  });
  return `${lines.join('\n')}\n`;
}

/** The uid of a document in Postman, if it is known. */
function uidOf(outcome: Outcome): string | undefined {
  if ('uid' in outcome) return outcome.uid;
  return outcome.step.action === 'create' ? undefined : outcome.step.uid;
}

function stateOf(outcome: Outcome): string {
  if (outcome.state !== 'failed') return outcome.state.replace('-', ' ');
  return failedStates[outcome.written];
}

const failedStates: { readonly [W in FailedOutcome['written']]: string } = {
  no: 'not written',
  yes: 'written, not verified',
  unknown: 'perhaps written',
};

/** The parts of an error that may be shown; `undefined` if the push was interrupted. */
type ErrorReader = (error: unknown) => Pick<BiotzPostmanError, 'code' | 'message'> | undefined;

/**
 * A push as JSON, which docs/push.md describes.
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
    // Without the texts, such as whole scripts.
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
