import { type Parameter, variableNames } from '../postman/document.js';
import { inert } from './inert.js';

/** Where an operation is: the variable of its server, and the parts of its path with variables in them. */
export interface Address {
  readonly variable: string;
  readonly path: readonly string[];
  /** What the path itself says behind a question mark. */
  readonly query: readonly Parameter[];
}

/**
 * The parts of a path, in which `{deviceId}` has become `{{device_id}}`, and the names of these variables. Some
 * documents tell operations apart by a query or a fragment in the path, which the specification does not foresee: a
 * query is sent as one, a fragment never.
 */
export function pathParts(path: string): {
  readonly parts: readonly string[];
  readonly query: readonly Parameter[];
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
  const withVariables = (text: string) =>
    text
      .split(/(\{[^{}]+\})/)
      .map((piece) =>
        /^\{.+\}$/.test(piece)
          ? `{{${take(piece.slice(1, -1), before)}}}`
          : // What is left of braces is no variable, and must not become one.
            inert(piece).replace(/[{}\s?]/g, encodeURIComponent),
      )
      .join('');
  // A parameter may have any of these characters in its name.
  const [, place = '', search = ''] =
    /^((?:\{[^{}]+\}|[^?#])*)(?:\?((?:\{[^{}]+\}|[^#])*))?/s.exec(path) ?? [];
  const parts = place
    .slice(1)
    .split('/')
    .map((part) => {
      // To Postman, `:name` is a variable, too.
      const text = withVariables(part).replace(/^:/, '%3A');
      before = part;
      return text;
    });
  const query = search
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [key = '', ...value] = pair.split('=').map(withVariables);
      return { key, value: value.join('=') };
    });
  return { parts, query, variables: [...taken.values()] };
}

/** What the devices' own requests use, with another meaning than a path could give it: a password is among them. */
const reserved: ReadonlySet<string> = new Set(
  variableNames.filter((name) => !['device_id', 'device_name', 'message_type'].includes(name)),
);

/** Says nothing without the word before it: `/devices/{id}`. */
const bare = /^(?:u?u?id|guid|name|key)$/i;

/**
 * The variable of a path's parameter: `deviceId` and `device-id` are `device_id`, and so is `id` after
 * `devices/`. A device's own id fills it in, where it is that.
 *
 * @param before the part of the path before it, e.g. `devices`
 */
function variableName(parameter: string, before: string): string {
  const name = bare.test(parameter) ? `${singular(before)}_${parameter}` : parameter;
  const snake = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
    .slice(0, 64);
  if (snake === '') return 'path_parameter';
  return reserved.has(snake) || snake.startsWith('api_url') ? `path_${snake}` : snake;
}

/** As far as the words in paths go. */
function singular(word: string): string {
  return word.replace(/ies$/i, 'y').replace(/([^s])s$/i, '$1');
}
