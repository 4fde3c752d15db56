import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { errorCode } from '../errors/error-code.js';
import { hostOf, withDeadline } from './dial.js';
import { type Finding, finding, reasonFinding } from './finding.js';

/** Returns every address of a host name, or throws an error with the resolver's code. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** Asks the operating system, as connections do. It also reads its hosts file. */
export const resolveBySystem: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/** The host to which this machine connects: the server, or its proxy. */
export interface Hop {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly isProxy: boolean;
}

export function firstHop(target: URL, proxy: URL | undefined): Hop {
  const { hostname, port, protocol } = proxy ?? target;
  const usual = protocol === 'https:' ? 443 : 80;
  return {
    host: hostOf({ hostname }),
    port: port === '' ? usual : Number(port),
    isProxy: proxy !== undefined,
  };
}

/** @returns no addresses after a failure */
export async function checkName(
  { host, isProxy }: Hop,
  resolve: Resolve,
  timeoutMs: number,
): Promise<{ readonly addresses: readonly string[]; readonly findings: readonly Finding[] }> {
  if (isIP(host) !== 0) {
    return { addresses: [host], findings: [finding('name', 'pass', 'name-not-needed', { host })] };
  }
  try {
    const addresses = await withDeadline(timeoutMs, resolve(host));
    const found = finding('name', 'pass', 'name-found', { host, addresses: addresses.length }, { addresses });
    return { addresses, findings: [found] };
  } catch (error) {
    const problem = errorCode(error) ?? 'unknown';
    const evidence = { host, error: problem };
    // EAI_AGAIN and other codes mean that no name server answered, so the name may exist.
    if (problem !== 'ENOTFOUND') {
      return { addresses: [], findings: [finding('name', 'failure', 'resolver-failed', { host, problem })] };
    }
    const reason = isProxy ? 'proxy-failed' : 'host-not-found';
    return { addresses: [], findings: [reasonFinding('name', 'failure', reason, evidence)] };
  }
}
