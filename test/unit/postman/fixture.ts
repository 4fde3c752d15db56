import type { Device } from '../../../src/device/device.js';
import { Secret } from '../../../src/secret/secret.js';

/** A device of the guide's kind, with a password that is easy to find where it should not be. */
export function device(number: number, parts: Partial<Device> & { readonly secret?: string } = {}): Device {
  const { secret = `Pässword-${number}`, ...rest } = parts;
  const deviceId = rest.deviceId ?? `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return {
    deviceId,
    name: `Device ${number}`,
    username: `${deviceId}@devices.data-ingestion.biotz.io`,
    password: new Secret(secret),
    line: number + 1,
    otherColumns: {},
    ...rest,
  };
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An unsigned token of the shape of a signed one; its claims hold `-` and `_` in Base64url. */
export function idToken(claims: object): string {
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ name: '???>>>ÿÿÿ', ...claims })}.c2lnbmF0dXJl`;
}

export const future = () => Math.floor(Date.now() / 1000) + 300;
