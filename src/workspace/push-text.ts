import { harmless } from '../text/harmless.js';
import type { Change, KeptEdit, Merge } from './change.js';
import type { Plan, Step } from './plan.js';
import type { FailedOutcome, Outcome } from './push.js';
import { formatDifference } from './difference-text.js';
import type { Palette } from '../text/palette.js';

/** What two values may have together to be shown in one line. */
const LONGEST_LINE = 160;
/** Names of what others added; the rest are counted. */
const MOST_NAMED = 5;

/**
 * What a push would do, for people to agree to: whose key, which workspace, and each difference.
 *
 * @param address of the Postman API
 */
export function formatPlan({ user, workspace, steps }: Plan, address: string, paint: Palette): string {
  const team = user.team === undefined ? '' : `, team ${harmless(user.team)}`;
  const visibility =
    workspace.visibility === 'public'
      ? paint.bad('public: everybody can read it')
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
  const verdict = step.action === 'none' ? 'nothing to change' : paint.good('to be updated');
  const { changes, keptEdits, ofOthers, noLongerMade } = step.merge;
  return [
    `${title} ${paint.dim(harmless(step.uid))}: ${verdict}`,
    ...changes.flatMap((change) => formatChange(change, paint)),
    ...keptEdits.map(
      (edit) => `  = ${formatPlace(edit)} was edited in Postman and is kept (--force replaces it)`,
    ),
    ...formatOthers(ofOthers),
    ...noLongerMade.map((path) => `  = ${harmless(path)} is not in the file any more; it is kept`),
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
  // It says nothing to people.
  if (part === 'marker') return [`${place} (how the next push knows it again)`];
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
    return [`${plural(names.length, what)} (${some}${names.length > MOST_NAMED ? ', …' : ''})`];
  };
  const all = [
    ...named('request', requests),
    ...named('folder', folders),
    ...named('variable', variables),
    ...(examples > 0 ? [plural(examples, 'example')] : []),
  ];
  return all.length === 0 ? [] : [`  = added by others and kept: ${all.join(', ')}`];
}

const plural = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** What became of each, one line each, for people and for `cut`. */
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

/** The uid of one that is there, as far as anybody knows. */
export function uidOf(outcome: Outcome): string | undefined {
  if ('uid' in outcome) return outcome.uid;
  return outcome.step.action === 'create' ? undefined : outcome.step.uid;
}

function stateOf(outcome: Outcome): string {
  if (outcome.state !== 'failed') return outcome.state.replace('-', ' ');
  return failedStates[outcome.written];
}

/** In the order of the text: whether it was written comes first. */
const failedStates: { readonly [W in FailedOutcome['written']]: string } = {
  no: 'not written',
  yes: 'written, not verified',
  unknown: 'perhaps written',
};
