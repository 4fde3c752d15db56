import { FileScan, scanFile } from '../../../src/leak/scan-file.js';
import { KnownSecrets } from '../../../src/leak/known-secrets.js';
import type { Leak, Span } from '../../../src/leak/leak.js';

/** Passwords by the device whose they are. */
export type Passwords = Readonly<Record<string, string>>;

export function knowing(passwords: Passwords = {}): KnownSecrets {
  const known = new KnownSecrets();
  for (const [device, password] of Object.entries(passwords)) known.add(password, device);
  return known;
}

/** What is found in a text or bytes that are a file as a whole. */
export async function leaksIn(
  text: string | Buffer,
  passwords: Passwords = {},
  name = 'file',
): Promise<readonly Leak[]> {
  return (await scanned(text, passwords, name)).leaks;
}

export function scanned(text: string | Buffer, passwords: Passwords = {}, name = 'file') {
  const bytes = Buffer.from(text as string);
  const content = {
    name,
    async *chunks() {
      yield bytes;
    },
  };
  return scanFile(content, knowing(passwords));
}

/** What is found, as `code place` and the text that it was found in. */
export async function found(text: string, passwords: Passwords = {}): Promise<readonly string[]> {
  return (await leaksIn(text, passwords)).map(({ code, place }) =>
    place === undefined ? code : `${code} ${place}`,
  );
}

/** The same through pieces of a given size, as spans. */
export function spansIn(
  text: Buffer,
  passwords: Passwords,
  piece?: number,
  part = text.length,
): readonly Span[] {
  const scan = new FileScan(knowing(passwords), piece === undefined ? {} : { piece });
  for (let at = 0; at < text.length; at += part) scan.push(text.subarray(at, at + part));
  return scan.end();
}

/** A JWT of the right shape; its signature is made up. */
export const token = `${base64({ alg: 'RS256', typ: 'JWT' })}.${base64({ sub: 'x', exp: 1 })}.c2lnbmF0dXJl`;

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
