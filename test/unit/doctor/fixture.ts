import { readFileSync } from 'node:fs';
import { createServer, type ServerOptions } from 'node:https';
import type { RequestListener } from 'node:http';
import type { Finding, FindingCode } from '../../../src/doctor/finding.js';
import type { Announcement, Subject } from '../../../src/doctor/diagnosis.js';
import { biotzProfile, type Profile } from '../../../src/platform/profile.js';
import { type Connections, openConnections } from '../../../src/http/connections.js';
import { closing, listening } from '../token/fixture.js';

const pem = (name: string) =>
  readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');

/** Vouches for the certificates that {@link secureServer} can show. */
export const authority = pem('authority');

/** A date in the fixtures' last month, in milliseconds since 1970. */
export const atTheEnd = Date.parse('2125-11-25T12:00:00Z');

/** An https server on loopback; closed after the test. */
export async function secureServer(
  certificate: 'good' | 'expired' | 'early' | 'other-host' | 'certificate',
  listener: RequestListener = (_request, response) => response.writeHead(404).end(),
  options: ServerOptions = {},
): Promise<URL> {
  const server = createServer({ cert: pem(certificate), key: pem('key'), ...options }, listener);
  return new URL(`https://127.0.0.1:${await listening(server)}`);
}

/** `check status code` of each, which is what a script would read. */
export function told(findings: readonly Finding[]): string[] {
  return findings.map(({ check, status, code }) => `${check} ${status} ${code}`);
}

/** Those that are neither a pass nor left out. */
export function wrong(findings: readonly Finding[]): string[] {
  return told(findings.filter(({ status }) => status !== 'pass' && status !== 'skipped'));
}

/** The finding with this code. */
export function found(findings: readonly Finding[], code: FindingCode): Finding {
  const [one, ...others] = findings.filter((each) => each.code === code);
  if (one === undefined || others.length > 0)
    throw new Error(`${code} was not found exactly once: ${told(findings).join()}`);
  return one;
}

export function connectionsTo(address: string): Connections {
  return closing(openConnections(address, { timeoutMs: 20_000 }));
}

/** What the doctor is asked to look at, and what it says before it sends something. */
export function subjectOf(
  profile: Partial<Profile>,
  changes: Partial<Subject> = {},
): Subject & { readonly announced: Announcement[] } {
  const announced: Announcement[] = [];
  return {
    profile: { ...biotzProfile, ...profile },
    wanted: undefined,
    connection: { timeoutMs: 20_000 },
    ignoredProxies: [],
    device: undefined,
    message: undefined,
    announce: (announcement) => announced.push(announcement),
    trackSecrets: () => undefined,
    now: Date.now,
    resolve: async () => ['127.0.0.1'],
    announced,
    ...changes,
  };
}
