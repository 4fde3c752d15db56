import { isSwitchedOff } from '../postman/document.js';
import type { JsonObject } from '../text/json.js';
import type { Change, KeptEdit } from './change.js';
import { textOf, withProperties } from './document.js';
import { decide, digestOf } from './marker.js';

interface VariablesMerge {
  readonly values: readonly JsonObject[];
  readonly changes: readonly Change[];
  /** Their variables that another one of the same name overrides. */
  readonly removed: readonly Change[];
  readonly keptEdits: readonly KeptEdit[];
  /** By variable, the digest of the value that was written last. */
  readonly written: Readonly<Record<string, string>>;
  /** Variables that only they have. */
  readonly ofOthers: readonly string[];
}

const nameOf = ({ key }: JsonObject) => textOf(key);

/**
 * Brings the variables of an environment or collection up to date. Their variables keep their places and all unknown
 * properties. A value that a user changed stays, and an empty value of ours does not replace theirs.
 *
 * @param written digests in the marker of the last push
 */
export function mergeVariables(
  theirs: readonly JsonObject[],
  ours: readonly JsonObject[],
  written: Readonly<Record<string, string>>,
  force: boolean,
): VariablesMerge {
  const changes: Change[] = [];
  const keptEdits: KeptEdit[] = [];
  const digests: Record<string, string> = {};
  const ourByKey = new Map(
    effectiveVariables(ours).variables.map((variable) => [nameOf(variable), variable]),
  );
  const { variables: found, removed } = effectiveVariables(theirs);

  const update = (their: JsonObject): JsonObject => {
    const key = nameOf(their);
    const our = ourByKey.get(key);
    // A variable may be called `constructor`.
    const stored = Object.hasOwn(written, key) ? written[key] : undefined;
    // The digest also stays if the file has no value: a later file may have one again.
    if (stored !== undefined) digests[key] = stored;
    if (our === undefined) return their;
    const [ourValue, theirValue] = [textOf(our['value']), textOf(their['value'])];
    const isSecret = our['type'] === 'secret' && their['type'] !== 'secret';
    if (isSecret) {
      const before = textOf(their['type']) || 'default';
      changes.push({ kind: 'changed', path: key, part: 'type', before, after: 'secret' });
    }
    const typed = isSecret ? { ...their, type: 'secret' } : their;
    // An empty value means that users fill it in.
    if (ourValue === '') return typed;
    // If theirs is empty and the marker has no digest, the file was empty at the last push, too.
    const last = stored ?? (theirValue === '' ? digestOf('') : undefined);
    const { take, edited, written: digest } = decide(ourValue, theirValue, last, force);
    if (digest !== undefined) digests[key] = digest;
    if (edited) keptEdits.push({ path: key, part: 'value' });
    if (take === 'theirs') return typed;
    changes.push({ kind: 'changed', path: key, part: 'value', before: theirValue, after: ourValue });
    return withProperties(typed, { value: ourValue });
  };

  const values = found.map(update);
  const theirKeys = new Set(found.map(nameOf));
  for (const [key, our] of ourByKey) {
    if (theirKeys.has(key)) continue;
    changes.push({ kind: 'added', what: 'variable', path: key });
    values.push(our);
    const value = textOf(our['value']);
    if (value !== '') digests[key] = digestOf(value);
  }
  return {
    values,
    changes,
    removed,
    keptEdits,
    written: digests,
    ofOthers: [...theirKeys].filter((key) => !ourByKey.has(key)),
  };
}

/**
 * The variables that count, one for each name: the last that is switched on, otherwise the last, as Postman resolves them
 * (postman-collection, VariableScope#get). The Postman API refuses an environment in which a name occurs twice, with
 * `invalidParamsError` and without the name.
 */
export function effectiveVariables(variables: readonly JsonObject[]): {
  readonly variables: readonly JsonObject[];
  readonly removed: readonly Change[];
} {
  const byName = new Map<string, JsonObject>();
  for (const variable of variables) {
    const before = byName.get(nameOf(variable));
    if (before === undefined || isSwitchedOff(before) || !isSwitchedOff(variable))
      byName.set(nameOf(variable), variable);
  }
  const counts = (variable: JsonObject) =>
    nameOf(variable) === '' || byName.get(nameOf(variable)) === variable;
  return {
    variables: variables.filter(counts),
    removed: variables
      .filter((variable) => !counts(variable))
      .map((variable) => ({
        kind: 'removed',
        what: 'variable',
        path: nameOf(variable),
        because: isSwitchedOff(variable) ? 'disabled' : 'overridden',
      })),
  };
}
