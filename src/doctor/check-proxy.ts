import { isLoopback } from '../platform/urls.js';
import { type ProxySettings, proxyFor } from '../http/proxy.js';
import { type Finding, finding } from './finding.js';

/** The proxy variables of the environment, with those that this program does not go by. */
export interface ProxyVariables extends ProxySettings {
  /** Which of HTTP_PROXY, ALL_PROXY and their like are set. */
  readonly ignored: readonly string[];
}

/**
 * Says which way connections to a server go.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID where the proxy that has to be used cannot be
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
  // Somebody who sets one of these expects it to be used.
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
