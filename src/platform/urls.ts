import { platformError } from './errors.js';
import { optionError } from '../errors/option-error.js';
import { isIP } from 'node:net';

/**
 * Whether a host name can only mean this machine: `localhost`, 127.0.0.0/8 or ::1. Names below `localhost`
 * should mean it too (RFC 6761, 6.3), but not every resolver keeps to that.
 *
 * @param host as in a URL, IPv6 addresses with or without their brackets
 */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (name === 'localhost') return true;
  return isIP(name) === 4 ? name.startsWith('127.') : name === '::1';
}

/** Whether credentials sent to this URL could be read on the way: plain `http:` to another machine. */
export function isInsecure(url: URL): boolean {
  return url.protocol !== 'https:' && !isLoopback(url.hostname);
}

/** Whether two addresses are the same after what RFC 3986 and the URL standard make equal; not if one cannot be used. */
export function isSameAddress(url: string, address: string): boolean {
  return URL.canParse(url) && URL.canParse(address) && new URL(url).href === new URL(address).href;
}

/**
 * Refuses an address with a user name or password in it. It could be printed, and no secret is ever taken from an argument.
 *
 * @param option the flag that sets it, for the message
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export function requireNoUser(option: string, address: string): void {
  const { username = '', password = '' } = URL.canParse(address) ? new URL(address) : {};
  if (username === '' && password === '') return;
  const problem = 'contains a user name, and secrets are never taken from arguments';
  const next = 'Remove it from the address.';
  throw optionError('OPTION_INVALID', { option, problem, next });
}

/**
 * Refuses an address to which credentials must not be sent.
 *
 * @param option the flag that sets it, for the message
 * @param insecure whether plain `http:` beyond this machine is accepted
 * @throws {BiotzPostmanError} URL_INVALID, URL_INSECURE
 */
export function requireSafeUrl(option: string, address: string, insecure: boolean): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw platformError('URL_INVALID', { option });
  }
  if (!insecure && isInsecure(url)) throw platformError('URL_INSECURE', { option, url: url.origin });
}
