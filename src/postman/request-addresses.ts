import sdk from 'postman-collection';
import type { PlacedItem } from './chosen-requests.js';
import { isObject, type JsonObject } from '../text/json.js';
import { isSameAddress } from '../platform/urls.js';
import { isIterationVariable } from './iteration-row.js';

/**
 * The addresses of requests, as far as the variables of the collection and the environment determine them. A request whose
 * host depends on a script or a device is left out; paths may still contain variables.
 */
export function addressesOf(
  requests: readonly PlacedItem[],
  variables: ReadonlyMap<string, string>,
): readonly string[] {
  return requests
    .map(({ item: { request } }) =>
      resolveVariables(beginningOf(isObject(request) ? request['url'] : request), variables),
    )
    .filter((address) => URL.canParse(address) && !new URL(address).host.includes('{{'));
}

/** `raw` is for people: Newman makes the address from the other parts, if there are any. */
function beginningOf(url: unknown): string {
  if (typeof url === 'string') return url;
  if (!isObject(url)) return '';
  const { protocol, host, port, raw } = url;
  const name = Array.isArray(host) ? host.filter((part) => typeof part === 'string').join('.') : host;
  if (typeof name !== 'string' || name === '') return typeof raw === 'string' ? raw : '';
  const scheme = typeof protocol === 'string' && protocol !== '' ? `${protocol.replace(/:.*$/s, '')}://` : '';
  return `${scheme}${name}${typeof port === 'string' && port !== '' ? `:${port}` : ''}`;
}

/** As often as the postman-collection in Newman replaces variables in what variables stand for (superstring.js). */
const MOST_ROUNDS = 20;

/** Variables that stand for several others each grow without bound. */
const LONGEST = 10_000;

/** A text with its variables replaced, also those in their values. Unknown ones stay, and so do those of the devices. */
export function resolveVariables(text: string, variables: ReadonlyMap<string, string>): string {
  let resolved = text;
  for (let round = 0; round < MOST_ROUNDS && resolved.length < LONGEST; round++) {
    const next = resolved.replace(/\{\{([^{}]*)\}\}/g, (whole, name: string) =>
      isIterationVariable(name) ? whole : (variables.get(name) ?? whole),
    );
    if (next === resolved) break;
    resolved = next;
  }
  return resolved;
}

/** Whether all requests are logins: by their addresses, whatever they are called. */
export function areLogins(
  requests: readonly PlacedItem[],
  tokenUrl: string,
  variables: ReadonlyMap<string, string>,
): boolean {
  return requests.every(({ item }) =>
    isSameAddress(resolveVariables(addressOf(item['request']), variables), tokenUrl),
  );
}

/** Whether no scripts run with the requests but known ones. Any other script may send anything. */
export function haveOnlyScriptsOf(requests: readonly PlacedItem[], known: ReadonlySet<string>): boolean {
  return requests.every(({ item, parents }) =>
    [item, ...parents].flatMap(scriptsOf).every((script) => script.trim() === '' || known.has(script)),
  );
}

/** Made from its parts, as Newman does; `raw` is for people. */
function addressOf(request: unknown): string {
  const url = isObject(request) ? request['url'] : request;
  return typeof url === 'string' || isObject(url) ? new sdk.Url(url).toString() : '';
}

function scriptsOf({ event: events }: JsonObject): readonly string[] {
  return Array.isArray(events) ? events.map(sourceOf) : [];
}

function sourceOf(event: unknown): string {
  const script = isObject(event) ? event['script'] : undefined;
  const text = isObject(script) ? script['exec'] : script;
  if (Array.isArray(text)) return text.join('\n');
  return typeof text === 'string' ? text : '';
}
