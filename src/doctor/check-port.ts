import { errorCode } from '../errors/error-code.js';
import { explainConnectionError } from '../platform/connection-error.js';
import { isLoopback } from '../platform/urls.js';
import type { Hop } from './check-name.js';
import { connectTo } from './dial.js';
import { type Finding, finding, reasonFinding } from './finding.js';

/** Limit on the addresses that are tried; a name usually has a few. */
const MOST_ADDRESSES = 8;

/** This machine has no route to addresses of this kind, such as IPv6. Node then tries another address. */
const noRoute = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/** Tries each of a host's addresses. If only some answer, some connections are delayed. */
export async function checkPort(
  { host, port, isProxy }: Hop,
  addresses: readonly string[],
  timeoutMs: number,
): Promise<readonly Finding[]> {
  const tried = addresses.slice(0, MOST_ADDRESSES);
  const errors = await Promise.all(tried.map((address) => tryAddress(address, port, timeoutMs)));
  const evidence = {
    addresses: tried.map((address, at) => `${address}: ${errorCode(errors[at]) ?? 'open'}`),
  };
  const open = errors.filter((error) => error === undefined).length;
  const failure = errors.find((error) => error !== undefined && !noRoute.has(errorCode(error) ?? ''));
  if (open > 0 && (failure === undefined || isLoopback(host))) {
    return [finding('tcp', 'pass', 'port-open', { host, port }, evidence)];
  }
  if (open > 0) {
    const counts = { open, addresses: tried.length };
    return [finding('tcp', 'warning', 'port-partly-open', { host, port, ...counts }, evidence)];
  }
  const reason = isProxy ? 'proxy-failed' : explainConnectionError(failure ?? errors[0]);
  return [reasonFinding('tcp', 'failure', reason, evidence)];
}

/** @returns the error of a failed connection; `undefined` after a success */
async function tryAddress(host: string, port: number, timeoutMs: number): Promise<unknown> {
  try {
    (await connectTo(host, port, timeoutMs)).destroy();
    return undefined;
  } catch (error) {
    return error;
  }
}
