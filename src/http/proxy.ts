import { optionError } from '../errors/option-error.js';
import { isLoopback } from '../platform/urls.js';

/** The proxy variables of the environment, as they are. */
export interface ProxySettings {
  /** `HTTPS_PROXY`: `http://` or `https://`, or a bare host and port. */
  readonly httpsProxy?: string | undefined;
  /** `NO_PROXY`: hosts with everything below them, or with a port; `*` for all; separated by commas or spaces. */
  readonly noProxy?: string | undefined;
}

/** The proxy settings of an environment. As in cURL, lower case takes precedence; an empty variable counts as unset. */
export function proxySettings(environment: NodeJS.ProcessEnv): ProxySettings {
  const either = (name: string) => environment[name.toLowerCase()] || environment[name] || undefined;
  return { httpsProxy: either('HTTPS_PROXY'), noProxy: either('NO_PROXY') };
}

/**
 * The proxy for a server; `undefined`: none. Only https uses a proxy, as a tunnel, and requests to this machine never do.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID if the proxy cannot be used
 */
export function proxyFor(target: URL, { httpsProxy = '', noProxy = '' }: ProxySettings): URL | undefined {
  if (httpsProxy === '' || target.protocol !== 'https:') return undefined;
  if (isLoopback(target.hostname) || isExempt(target, noProxy)) return undefined;
  const address = httpsProxy.includes('://') ? httpsProxy : `http://${httpsProxy}`;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  if (proxy === undefined || !['http:', 'https:'].includes(proxy.protocol)) {
    // The address is not repeated, because it may contain a password.
    throw optionError('OPTION_INVALID', {
      option: 'HTTPS_PROXY',
      problem: 'must be an http:// or https:// address',
      next: 'Write the whole address, for example http://proxy.example.org:3128, or name the host in NO_PROXY.',
    });
  }
  return proxy;
}

/** Names count as in cURL: `example.org`, `.example.org` and `*.example.org` all mean it and what is below it. */
function isExempt(target: URL, noProxy: string): boolean {
  const port = target.port === '' ? '443' : target.port;
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', wantedPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      const isHost = target.hostname === name || target.hostname.endsWith(`.${name}`);
      return isHost && (wantedPort === undefined || wantedPort === port);
    });
}
