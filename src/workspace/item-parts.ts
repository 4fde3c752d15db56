import { type Document, documentsIn, isDocument, textOf, withProperties } from './document.js';

/** A part of a request, folder or collection that is compared and replaced as a whole. */
export interface Part {
  readonly name: string;
  /**
   * As text for people, the same for all ways to write the same: Postman adds ids and empty lists.
   *
   * @param ours whose part counts, where theirs may hold more
   */
  read(node: Document, ours: Document): string;
  /** Theirs, with this part from ours. */
  replace(theirs: Document, ours: Document): Document;
  /** People are meant to change it: what they wrote is kept. */
  readonly isForPeople?: true;
}

const requestOf = ({ request }: Document): Document => {
  // A request may be nothing but its URL.
  if (typeof request === 'string') return { method: 'GET', url: request };
  return isDocument(request) ? request : {};
};

const withRequest = (item: Document, properties: Document): Document => ({
  ...item,
  request: withProperties(requestOf(item), properties),
});

const method: Part = {
  name: 'method',
  read: (item) => textOf(requestOf(item)['method']).toUpperCase() || 'GET',
  replace: (theirs, ours) => withRequest(theirs, { method: requestOf(ours)['method'] }),
};

const url: Part = {
  name: 'URL',
  read: (item) => urlText(requestOf(item)['url']),
  replace: (theirs, ours) => withRequest(theirs, { url: requestOf(ours)['url'] }),
};

function urlText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isDocument(value)) return '';
  if (typeof value['raw'] === 'string') return value['raw'];
  const { host, path } = value;
  const joined = (part: unknown, by: string) => (Array.isArray(part) ? part.join(by) : textOf(part));
  return [joined(host, '.'), joined(path, '/')].filter((part) => part !== '').join('/');
}

/** Of a request; folders and collections have it beside their items. */
const requestAuth: Part = {
  name: 'authorization',
  read: (item) => authText(requestOf(item)['auth']),
  replace: (theirs, ours) => withRequest(theirs, { auth: requestOf(ours)['auth'] }),
};

const ownAuth: Part = {
  name: 'authorization',
  read: ({ auth }) => authText(auth),
  replace: (theirs, { auth }) => withProperties(theirs, { auth }),
};

function authText(auth: unknown): string {
  if (!isDocument(auth)) return '';
  const type = textOf(auth['type']);
  const pairs = documentsIn(auth[type]).map(({ key, value }) => `${textOf(key)}=${textOf(value)}`);
  return [type, ...pairs.toSorted()].join(' ');
}

/** Those that are ours; others may stand beside them. */
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

const headersOf = (item: Document) => documentsIn(requestOf(item)['header']);
const nameOf = ({ key }: Document) => textOf(key).toLowerCase();
const headerNames = (item: Document) => new Set(headersOf(item).map(nameOf));

const body: Part = {
  name: 'body',
  isForPeople: true,
  read: (item) => bodyText(requestOf(item)['body']),
  replace: (theirs, ours) => withRequest(theirs, { body: requestOf(ours)['body'] }),
};

function bodyText(value: unknown): string {
  if (!isDocument(value)) return '';
  const mode = textOf(value['mode']);
  const content = value[mode];
  if (mode === 'raw') return textOf(content);
  if (mode !== 'formdata' && mode !== 'urlencoded')
    return content === undefined ? mode : JSON.stringify(content);
  const fields = documentsIn(content).map(({ key, value: text, src, disabled }) => {
    const file = src === undefined || src === null ? '' : ` (file ${JSON.stringify(src)})`;
    return `${textOf(key)}=${textOf(text)}${file}${disabled === true ? ' (disabled)' : ''}`;
  });
  return [mode, ...fields].join('\n');
}

function script(name: string, listen: 'prerequest' | 'test'): Part {
  const eventOf = (node: Document) => documentsIn(node['event']).find((event) => event['listen'] === listen);
  return {
    name,
    read: (node, ours) => {
      // Where we have none, theirs is an addition.
      if (eventOf(ours) === undefined) return '';
      const { script: found } = eventOf(node) ?? {};
      const exec = isDocument(found) ? found['exec'] : undefined;
      const lines = Array.isArray(exec) ? exec.map(textOf).join('\n') : textOf(exec);
      return lines.replace(/\r\n?/g, '\n');
    },
    replace: (theirs, ours) => {
      const ourEvent = eventOf(ours);
      const theirEvent = eventOf(theirs);
      if (ourEvent === undefined) return theirs;
      const events = documentsIn(theirs['event']);
      const { script: ourScript } = ourEvent;
      if (theirEvent === undefined) return { ...theirs, event: [...events, ourEvent] };
      const { script: theirScript } = theirEvent;
      const exec = isDocument(ourScript) ? ourScript['exec'] : undefined;
      const merged = { ...theirEvent, script: { ...(isDocument(theirScript) && theirScript), exec } };
      return { ...theirs, event: events.map((event) => (event === theirEvent ? merged : event)) };
    },
  };
}

/** How Postman behaves for this request; settings that we do not make may stand beside ours. */
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

const settingsOf = ({ protocolProfileBehavior: value }: Document): Document =>
  isDocument(value) ? value : {};

const scripts = [script('pre-request script', 'prerequest'), script('test script', 'test')];

export const requestParts: readonly Part[] = [method, url, requestAuth, headers, body, ...scripts, settings];

/** Of a folder, and of a collection. */
export const folderParts: readonly Part[] = [ownAuth, ...scripts];

/** Whether an entry of `item` has entries of its own. */
export const isFolder = ({ item }: Document): boolean => Array.isArray(item);

/** The description of an entry, where Postman shows it; it may be an object with `content`. */
export function descriptionOf(node: Document): string {
  const { description } = isFolder(node) ? node : requestOf(node);
  return isDocument(description) ? textOf(description['content']) : textOf(description);
}

export function withDescription(node: Document, description: string): Document {
  return isFolder(node) ? { ...node, description } : withRequest(node, { description });
}
