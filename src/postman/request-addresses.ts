import sdk from 'postman-collection';
import type { PlacedItem } from './chosen-requests.js';
import { isObject, type JsonObject } from '../text/json.js';
import { isSameAddress } from '../platform/urls.js';
import { isIterationVariable } from './iteration-row.js';

/**
 * The addresses of requests, as far as the variables of the collection and the environment determine them. A request
 * whose host depends on a script or a device is omitted; paths may still contain variables.
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

/** Newman makes the address from the other parts of a URL, and uses `raw` only if these are missing. */
function beginningOf(url: unknown): string {
  if (typeof url === 'string') return url;
  if (!isObject(url)) return '';
  const { protocol, host, port, raw } = url;
  const name = Array.isArray(host) ? host.filter((part) => typeof part === 'string').join('.') : host;
  if (typeof name !== 'string' || name === '') return typeof raw === 'string' ? raw : '';
  const scheme = typeof protocol === 'string' && protocol !== '' ? `${protocol.replace(/:.*$/s, '')}://` : '';
  return `${scheme}${name}${typeof port === 'string' && port !== '' ? `:${port}` : ''}`;
}

/** Number of rounds in which Newman's postman-collection replaces variables in the values of variables (superstring.js). */
const MOST_ROUNDS = 20;

/** Limit on a resolved text: variables that each stand for several others would grow without bound. */
const LONGEST = 10_000;

/** Replaces variables in a text and in their values. Unknown variables and those of the devices stay. */
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

/** Whether all requests are logins, judged by their addresses. */
export function areLogins(
  requests: readonly PlacedItem[],
  tokenUrl: string,
  variables: ReadonlyMap<string, string>,
): boolean {
  return requests.every(({ item }) =>
    isSameAddress(resolveVariables(addressOf(item['request']), variables), tokenUrl),
  );
}

/** Whether the requests run only known scripts. Any other script may send anything. */
export function haveOnlyScriptsOf(requests: readonly PlacedItem[], known: ReadonlySet<string>): boolean {
  return requests.every(({ item, parents }) =>
    [item, ...parents].flatMap(scriptsOf).every((script) => script.trim() === '' || known.has(script)),
  );
}

/** The address made from its parts, as in Newman, which ignores `raw`. */
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
