import { variableNames } from '../postman/document.js';

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
export function variableName(parameter: string, before: string): string {
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
