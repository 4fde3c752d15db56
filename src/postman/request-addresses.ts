import type { PlacedItem } from './chosen-requests.js';
import { isObject } from '../text/json.js';

/** Variables that stand for one another, before an address is given up. */
const MOST_STEPS = 20;

/**
 * The addresses of requests, as far as the variables of the collection and the environment say. Those that only a script
 * or a device knows are left out, and so may be paths.
 */
export function addressesOf(
  requests: readonly PlacedItem[],
  variables: ReadonlyMap<string, string>,
): readonly string[] {
  return requests.flatMap(({ item: { request } }) => {
    let address = beginningOf(isObject(request) ? request['url'] : request);
    for (let step = 0; step < MOST_STEPS; step++) {
      const [reference = '', name = ''] = /^\{\{([^{}]*)\}\}/.exec(address) ?? [];
      address = (variables.get(name) ?? reference) + address.slice(reference.length);
    }
    return URL.canParse(address) ? [address] : [];
  });
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
