import { isLoopback } from '../platform/urls.js';
import { type ProxySettings, proxyFor } from '../http/proxy.js';
import { type Finding, finding } from './finding.js';

/** The proxy variables of the environment. */
export interface ProxyVariables extends ProxySettings {
  /** Names of proxy variables that are set and that this program ignores, such as HTTP_PROXY and ALL_PROXY. */
  readonly ignored: readonly string[];
}

/**
 * Checks whether connections to a server use a proxy.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID if the proxy that must be used is unusable
 */
export function checkProxy(
  target: URL,
  variables: ProxyVariables,
): { readonly proxy: URL | undefined; readonly findings: readonly Finding[] } {
  const { httpsProxy = '', noProxy = '', ignored } = variables;
  const proxy = proxyFor(target, variables);
  if (proxy !== undefined) {
    return { proxy, findings: [finding('proxy', 'pass', 'proxy-used', { proxy: proxy.origin })] };
  }
  const isOwn = isLoopback(target.hostname);
  const [variable] = ignored;
  // A user who sets such a variable expects it to be used.
  if (variable !== undefined && httpsProxy === '' && !isOwn) {
    return { proxy, findings: [finding('proxy', 'warning', 'proxy-variable-ignored', { variable })] };
  }
  const because = isOwn
    ? 'this-machine'
    : httpsProxy === ''
      ? 'not-set'
      : target.protocol === 'https:'
        ? 'exempt'
        : 'plain-http';
  const evidence = because === 'exempt' ? { NO_PROXY: noProxy } : {};
  return { proxy, findings: [finding('proxy', 'pass', 'proxy-not-used', { because }, evidence)] };
}
