import type { Change } from './change.js';
import { type Document, textOf } from './document.js';

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
