import type { Change, KeptEdit } from './change.js';
import { type Document, textOf, withProperties } from './document.js';
import { decide, digestOf } from './marker.js';

export interface VariablesMerge {
  readonly values: readonly Document[];
  readonly changes: readonly Change[];
  /** Variables of theirs that another one of the same name overrides. */
  readonly removed: readonly Change[];
  readonly keptEdits: readonly KeptEdit[];
  /** By variable, the digest of the value that was written last. */
  readonly written: Readonly<Record<string, string>>;
  /** Variables that only they have. */
  readonly ofOthers: readonly string[];
}

/**
 * Brings the variables of an environment or collection up to date. Theirs keep their places and everything that
 * is not known here; a value that somebody changed stays, and an empty value of ours replaces none.
 *
 * @param written what the marker says of the last push
 */
export function mergeVariables(
  theirs: readonly Document[],
  ours: readonly Document[],
  written: Readonly<Record<string, string>>,
  force: boolean,
): VariablesMerge {
  const changes: Change[] = [];
  const keptEdits: KeptEdit[] = [];
  const digests: Record<string, string> = {};
  const ourByKey = new Map(
    effectiveVariables(ours).variables.map((variable) => [textOf(variable['key']), variable]),
  );
  const { variables: found, removed } = effectiveVariables(theirs);

  const update = (their: Document): Document => {
    const key = textOf(their['key']);
    const our = ourByKey.get(key);
    // A variable may be called `constructor`.
    const noted = Object.hasOwn(written, key) ? written[key] : undefined;
    // Also for a file that leaves it empty, or out: a later one may have a value again.
    if (noted !== undefined) digests[key] = noted;
    if (our === undefined) return their;
    const [ourValue, theirValue] = [textOf(our['value']), textOf(their['value'])];
    const isSecret = our['type'] === 'secret' && their['type'] !== 'secret';
    if (isSecret) {
      const before = textOf(their['type']) || 'default';
      changes.push({ kind: 'changed', path: key, part: 'type', before, after: 'secret' });
    }
    const typed = isSecret ? { ...their, type: 'secret' } : their;
    // It says that people fill it in.
    if (ourValue === '') return typed;
    // Empty, and nothing noted: the file had it empty the last time, too.
    const last = noted ?? (theirValue === '' ? digestOf('') : undefined);
    const { take, edited, written: digest } = decide(ourValue, theirValue, last, force);
    if (digest !== undefined) digests[key] = digest;
    if (edited) keptEdits.push({ path: key, part: 'value' });
    if (take === 'theirs') return typed;
    changes.push({ kind: 'changed', path: key, part: 'value', before: theirValue, after: ourValue });
    return withProperties(typed, { value: ourValue });
  };

  const values = found.map(update);
  const theirKeys = new Set(found.map((variable) => textOf(variable['key'])));
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
 * The variables that count, one of each name: the last that is switched on, else the last, as Postman resolves them
 * (postman-collection, VariableScope#get). Postman's API refuses an environment in which a name is there twice, with
 * `invalidParamsError` and without the name.
 */
export function effectiveVariables(variables: readonly Document[]): {
  readonly variables: readonly Document[];
  readonly removed: readonly Change[];
} {
  const byName = new Map<string, Document>();
  for (const variable of variables) {
    const name = textOf(variable['key']);
    const before = byName.get(name);
    if (before === undefined || isOff(before) || !isOff(variable)) byName.set(name, variable);
  }
  const counts = (variable: Document) => {
    const name = textOf(variable['key']);
    return name === '' || byName.get(name) === variable;
  };
  return {
    variables: variables.filter(counts),
    removed: variables
      .filter((variable) => !counts(variable))
      .map((variable) => ({
        kind: 'removed',
        what: 'variable',
        path: textOf(variable['key']),
        because: isOff(variable) ? 'disabled' : 'overridden',
      })),
  };
}

/** Environments say `enabled`, collections `disabled`. */
const isOff = ({ enabled, disabled }: Document) => enabled === false || disabled === true;
