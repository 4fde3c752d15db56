import { type Parameter, variableNames } from '../postman/document.js';
import { inert } from './inert.js';

/** Address of an operation: the variable of its server, and the parts of its path, which may hold variables. */
export interface Address {
  readonly variable: string;
  readonly path: readonly string[];
  /** The query that the document writes into the path. */
  readonly query: readonly Parameter[];
}

/**
 * Splits a path into its parts, with `{deviceId}` as `{{device_id}}`, and lists these variables. Some documents distinguish
 * operations by a query or a fragment in the path, which the specification does not provide for: a query is sent, a
 * fragment never.
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
          : // A lone brace is not part of a variable, and must not become one.
            inert(piece).replace(/[{}\s?]/g, encodeURIComponent),
      )
      .join('');
  // The name of a parameter may contain any of these characters.
  const [, place = '', search = ''] =
    /^((?:\{[^{}]+\}|[^?#])*)(?:\?((?:\{[^{}]+\}|[^#])*))?/s.exec(path) ?? [];
  const parts = place
    .slice(1)
    .split('/')
    .map((part) => {
      // In Postman, `:name` is a variable as well.
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

/** Variables of the devices' own requests, such as the password, which a path must not use with another meaning. */
const reserved: ReadonlySet<string> = new Set(
  variableNames.filter((name) => !['device_id', 'device_name', 'message_type'].includes(name)),
);

/** Parameter names that need the word before them: `/devices/{id}`. */
const bare = /^(?:u?u?id|guid|name|key)$/i;

/**
 * Names the variable of a path's parameter. `deviceId` and `device-id` become `device_id`, and so does `id` after
 * `devices/`; the environment then fills in the device's own id.
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

/** Good enough for the words in paths. */
function singular(word: string): string {
  return word.replace(/ies$/i, 'y').replace(/([^s])s$/i, '$1');
}
