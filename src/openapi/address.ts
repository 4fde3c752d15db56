import { inert } from './inert.js';
import { variableName } from './variable-name.js';

/** Where an operation is: the variable of its server, and the parts of its path with variables in them. */
export interface Address {
  readonly variable: string;
  readonly path: readonly string[];
}

/** The parts of a path, in which `{deviceId}` has become `{{device_id}}`, and the names of these variables. */
export function pathParts(path: string): {
  readonly parts: readonly string[];
  readonly variables: readonly string[];
} {
  const taken = new Map<string, string>();
  const take = (parameter: string, before: string) => {
    const known = taken.get(parameter);
    if (known !== undefined) return known;
    const name = variableName(parameter, before);
    let free = name;
    for (let number = 2; [...taken.values()].includes(free); number++) free = `${name}_${number}`;
    taken.set(parameter, free);
    return free;
  };
  let before = '';
  const parts = path
    .slice(1)
    .split('/')
    .map((part) => {
      const text = part
        .split(/(\{[^{}]+\})/)
        .map((piece) =>
          /^\{.+\}$/.test(piece)
            ? `{{${take(piece.slice(1, -1), before)}}}`
            : // What is left of braces is no variable, and must not become one.
              inert(piece).replace(/[{}\s?#]/g, encodeURIComponent),
        )
        .join('');
      before = part;
      return text;
    });
  return { parts, variables: [...taken.values()] };
}
