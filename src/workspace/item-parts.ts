import { isObject, type JsonObject, objectOr } from '../text/json.js';
import { descriptionIn, objectsIn, textOf, withProperties } from './document.js';

/** A part of a request, folder or collection that is compared and replaced as a whole. */
export interface Part {
  readonly name: string;
  /**
   * Reads the part as text for people. The text is the same for every way to write the same part: Postman adds ids and
   * empty lists.
   *
   * @param ours limits the part to what ours has, if theirs may contain more
   */
  read(node: JsonObject, ours: JsonObject): string;
  /** Theirs, with this part from ours. */
  replace(theirs: JsonObject, ours: JsonObject): JsonObject;
  /** Users are expected to edit this part: their text is kept. */
  readonly isForPeople?: true;
}

/** A request may be only its URL. */
const requestOf = ({ request }: JsonObject): JsonObject =>
  typeof request === 'string' ? { method: 'GET', url: request } : objectOr(request);

const withRequest = (item: JsonObject, properties: JsonObject): JsonObject => ({
  ...item,
  request: withProperties(requestOf(item), properties),
});

/** A part that is one property of the request. */
const requestPart = (name: string, key: string, read: (value: unknown) => string): Part => ({
  name,
  read: (item) => read(requestOf(item)[key]),
  replace: (theirs, ours) => withRequest(theirs, { [key]: requestOf(ours)[key] }),
});

const method = requestPart('method', 'method', (value) => textOf(value).toUpperCase() || 'GET');

const url = requestPart('URL', 'url', (value) => {
  if (!isObject(value)) return textOf(value);
  const { raw, host, path } = value;
  if (typeof raw === 'string') return raw;
  const joined = (part: unknown, by: string) => (Array.isArray(part) ? part.join(by) : textOf(part));
  return [joined(host, '.'), joined(path, '/')].filter((part) => part !== '').join('/');
});

function authText(auth: unknown): string {
  if (!isObject(auth)) return '';
  const type = textOf(auth['type']);
  const pairs = objectsIn(auth[type]).map(({ key, value }) => `${textOf(key)}=${textOf(value)}`);
  return [type, ...pairs.toSorted()].join(' ');
}

/** The authorization of a request; folders and collections have theirs beside their items. */
const requestAuth = requestPart('authorization', 'auth', authText);

const folderAuth: Part = {
  name: 'authorization',
  read: ({ auth }) => authText(auth),
  replace: (theirs, { auth }) => withProperties(theirs, { auth }),
};

const headersOf = (item: JsonObject) => objectsIn(requestOf(item)['header']);
const nameOf = ({ key }: JsonObject) => textOf(key).toLowerCase();
const headerNames = (item: JsonObject) => new Set(headersOf(item).map(nameOf));

/** Our headers; users may add headers beside them. */
const headers: Part = {
  name: 'headers',
  read: (item, ours) => {
    const names = headerNames(ours);
    return headersOf(item)
      .filter((header) => names.has(nameOf(header)))
      .map(({ key, value }) => `${textOf(key)}: ${textOf(value)}`)
      .toSorted()
      .join('\n');
  },
  replace: (theirs, ours) => {
    const names = headerNames(ours);
    const others = headersOf(theirs).filter((header) => !names.has(nameOf(header)));
    return withRequest(theirs, { header: [...headersOf(ours), ...others] });
  },
};

function bodyText(value: unknown): string {
  if (!isObject(value)) return '';
  const mode = textOf(value['mode']);
  const content = value[mode];
  if (mode === 'raw') return textOf(content);
  if (mode !== 'formdata' && mode !== 'urlencoded')
    return content === undefined ? mode : JSON.stringify(content);
  const fields = objectsIn(content).map(({ key, value: text, src, disabled }) => {
    const file = src === undefined || src === null ? '' : ` (file ${JSON.stringify(src)})`;
    return `${textOf(key)}=${textOf(text)}${file}${disabled === true ? ' (disabled)' : ''}`;
  });
  return [mode, ...fields].join('\n');
}

const body: Part = { ...requestPart('body', 'body', bodyText), isForPeople: true };

function script(name: string, listen: 'prerequest' | 'test'): Part {
  const eventOf = (node: JsonObject) => objectsIn(node['event']).find((event) => event['listen'] === listen);
  return {
    name,
    read: (node, ours) => {
      // If the file has no script, a script in Postman is an addition of its users.
      if (eventOf(ours) === undefined) return '';
      const { exec } = objectOr(eventOf(node)?.['script']);
      const lines = Array.isArray(exec) ? exec.map(textOf).join('\n') : textOf(exec);
      return lines.replace(/\r\n?/g, '\n');
    },
    replace: (theirs, ours) => {
      const ourEvent = eventOf(ours);
      const theirEvent = eventOf(theirs);
      if (ourEvent === undefined) return theirs;
      const events = objectsIn(theirs['event']);
      if (theirEvent === undefined) return { ...theirs, event: [...events, ourEvent] };
      const { exec } = objectOr(ourEvent['script']);
      const merged = { ...theirEvent, script: { ...objectOr(theirEvent['script']), exec } };
      return { ...theirs, event: events.map((event) => (event === theirEvent ? merged : event)) };
    },
  };
}

const settingsOf = ({ protocolProfileBehavior }: JsonObject) => objectOr(protocolProfileBehavior);

/** How Postman behaves for this request. Users may add settings beside ours. */
const settings: Part = {
  name: 'settings',
  read: (item, ours) => {
    const found = settingsOf(item);
    return Object.keys(settingsOf(ours))
      .filter((key) => found[key] !== undefined)
      .map((key) => `${key}: ${JSON.stringify(found[key])}`)
      .toSorted()
      .join('\n');
  },
  replace: (theirs, ours) => ({
    ...theirs,
    protocolProfileBehavior: { ...settingsOf(theirs), ...settingsOf(ours) },
  }),
};

const scripts = [script('pre-request script', 'prerequest'), script('test script', 'test')];

export const requestParts: readonly Part[] = [method, url, requestAuth, headers, body, ...scripts, settings];

/** The parts of a folder, and of a collection. */
export const folderParts: readonly Part[] = [folderAuth, ...scripts];

/** Whether an entry of `item` has entries of its own. */
export const isFolder = ({ item }: JsonObject): boolean => Array.isArray(item);

/** The description of a request or folder, from the place in which Postman shows it. */
export const descriptionOf = (node: JsonObject): string =>
  descriptionIn(isFolder(node) ? node : requestOf(node));

export function withDescription(node: JsonObject, description: string): JsonObject {
  return isFolder(node) ? { ...node, description } : withRequest(node, { description });
}
