import { proxySettings } from '../http/proxy.js';

/**
 * The environment of Newman's thread. Newman and the libraries below it read variables on their own (a home folder with
 * a `newmanrc`, DEBUG, other names and meanings of the proxy variables), so they get no others: Node's own options, which
 * the command line has judged, and the proxy that `token` would use.
 */
export function threadEnvironment(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const { httpsProxy, noProxy } = proxySettings(environment);
  const nodeOptions = environment['NODE_OPTIONS'];
  return {
    ...(nodeOptions !== undefined && { NODE_OPTIONS: nodeOptions }),
    ...(httpsProxy !== undefined && { HTTPS_PROXY: httpsProxy }),
    ...(noProxy !== undefined && { NO_PROXY: forPostmanRequest(noProxy) }),
  };
}

/** postman-request knows `*` only alone and takes only commas between names (lib/getProxyFromURI.js). */
function forPostmanRequest(noProxy: string): string {
  const entries = noProxy.split(/[\s,]+/).filter((entry) => entry !== '');
  if (entries.includes('*')) return '*';
  return entries.map((entry) => entry.replace(/^\*?\.?/, '')).join(',');
}
