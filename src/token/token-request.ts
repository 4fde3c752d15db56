import { randomBytes } from 'node:crypto';
import type { Profile } from '../platform/profile.js';
import type { HttpRequest } from '../http/connections.js';

/** The part of a profile that determines a token request. */
export type LoginProfile = Pick<Profile, 'tokenUrl' | 'clientId' | 'scope' | 'bodyMode' | 'clientAuth'>;

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

type WriteBody = (credentials: Credentials) => Pick<HttpRequest, 'headers' | 'body'>;

/**
 * Prepares the password grant (RFC 6749, 4.3.2) with the guide's five fields in its order, as the generated
 * collection sends it. Values arrive byte for byte, as UTF-8.
 *
 * @returns a function that makes the request of one login; it is cheap, and called once for each login
 */
export function tokenRequestWriter(profile: LoginProfile): (credentials: Credentials) => HttpRequest {
  const url = URL.canParse(profile.tokenUrl) ? new URL(profile.tokenUrl) : undefined;
  const path = `${url?.pathname ?? '/'}${url?.search ?? ''}`;
  const fixed = [
    ['grant_type', 'password'],
    ['client_id', profile.clientId],
    ['scope', profile.scope],
  ] as const;
  const headers = {
    accept: 'application/json',
    // Firewalls turn away requests without one.
    'user-agent': 'biotz-postman',
    ...(profile.clientAuth === 'basic' && { authorization: basicAuthorization(profile.clientId) }),
  };
  const writeBody =
    profile.bodyMode === 'urlencoded' ? urlencodedWriter(fixed, headers) : formDataWriter(fixed, headers);
  return (credentials) => ({ method: 'POST', path, ...writeBody(credentials) });
}

/** A public client has no secret; both halves are form-encoded (RFC 6749, 2.3.1). */
function basicAuthorization(clientId: string): string {
  return `Basic ${Buffer.from(`${formEncoded(clientId)}:`).toString('base64')}`;
}

type Fields = readonly (readonly [name: string, value: string])[];

export function urlencoded(fields: Fields): string {
  return fields.map(([name, value]) => `${name}=${formEncoded(value)}`).join('&');
}

function formEncoded(text: string): string {
  try {
    // A space may also be %20 (URL standard, 5.1), and this is several times as fast as a URLSearchParams.
    return encodeURIComponent(text);
  } catch {
    // Half a surrogate pair, which is sent as U+FFFD.
    return new URLSearchParams([['', text]]).toString().slice(1);
  }
}

function urlencodedWriter(fixed: Fields, others: HttpRequest['headers']): WriteBody {
  const start = urlencoded(fixed);
  const headers = { ...others, 'content-type': 'application/x-www-form-urlencoded' };
  return ({ username, password }) => ({
    headers,
    body: `${start}&username=${formEncoded(username)}&password=${formEncoded(password)}`,
  });
}

/** By hand (RFC 7578): a FormData, as the Fetch standard has it, would write each line break in a value as CR LF. */
function formDataWriter(fixed: Fields, others: HttpRequest['headers']): WriteBody {
  const writeWith = (boundary: string): WriteBody => {
    const part = (name: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const start = fixed.map(([name, value]) => part(name, value)).join('');
    const end = `--${boundary}--\r\n`;
    const headers = { ...others, 'content-type': `multipart/form-data; boundary=${boundary}` };
    return ({ username, password }) => ({
      headers,
      body: `${start}${part('username', username)}${part('password', password)}${end}`,
    });
  };
  const usual = randomBoundary();
  const write = writeWith(usual);
  return (credentials) => {
    const { username, password } = credentials;
    if (!username.includes(usual) && !password.includes(usual)) return write(credentials);
    // The boundary was copied from an earlier request. A new random one cannot occur in existing values.
    return writeWith(randomBoundary())(credentials);
  };
}

/** 192 random bits. */
function randomBoundary(): string {
  return `biotz-postman-${randomBytes(24).toString('hex')}`;
}
