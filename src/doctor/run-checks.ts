import { secureContextOf } from '../http/certificates.js';
import { openConnections } from '../http/connections.js';
import { noAnswer } from '../platform/repeat.js';
import { checkClient } from './check-client.js';
import { checkClock, ClockWatch } from './check-clock.js';
import { checkDiscovery } from './check-discovery.js';
import { checkKeys } from './check-keys.js';
import { checkName, firstHop } from './check-name.js';
import { checkPort } from './check-port.js';
import { checkProxy } from './check-proxy.js';
import { checkTls } from './check-tls.js';
import { type Diagnosis, Findings, type Subject } from './diagnosis.js';
import { examineDevice, type Server } from './examine-device.js';
import { checkNames } from './finding-prose.js';
import { type Finding, finding } from './finding.js';
import { recommend } from './recommend.js';

/** Requests are sent one after the other. */
const CONNECTIONS = 1;

/**
 * Examines a platform from the network up. The only password it sends is the device's, and only after the server has
 * shown that it accepts logins of this client.
 *
 * @throws {BiotzPostmanError} CERTIFICATE_UNUSABLE, OPTION_INVALID, before anything is sent
 */
export async function runChecks(subject: Subject): Promise<Diagnosis> {
  const { profile, connection, device, message, now } = subject;
  const findings = new Findings();
  if (device === undefined) findings.add([finding('device', 'skipped', 'device-not-given', {})]);
  if (message === undefined) findings.add([finding('message', 'skipped', 'message-not-asked-for', {})]);

  const clock = new ClockWatch(now);
  const options = { ...connection, connections: CONNECTIONS };
  const connections = clock.watch(openConnections(profile.tokenUrl, options));
  const ingestion = message && openConnections(profile.ingestionUrl, options);
  try {
    const isReached = await reach(subject, findings);
    if (!isReached) return { findings: findings.list() };
    return await examineServer(subject, { connections, ingestion }, clock, findings);
  } finally {
    await Promise.all([connections.close(), ingestion?.close()]);
  }
}

/** @returns whether the server was reached, and the doctor was not interrupted */
async function reach(subject: Subject, findings: Findings): Promise<boolean> {
  for await (const found of examineNetwork(subject)) {
    findings.add(found);
    const failure = found.find(({ status }) => status === 'failure');
    if (failure !== undefined) findings.skip(checkNames, failure.check);
    if (failure !== undefined || isInterrupted(subject)) return false;
  }
  return true;
}

async function examineServer(
  subject: Subject,
  { connections, ingestion }: Pick<Server, 'connections' | 'ingestion'>,
  clock: ClockWatch,
  findings: Findings,
): Promise<Diagnosis> {
  const { profile, wanted, announce } = subject;
  const discovery = await checkDiscovery(connections, profile);
  findings.add(discovery.findings);
  if (discovery.findings.some(isUnanswered)) {
    findings.skip(checkNames, 'discovery');
    return { findings: findings.list() };
  }
  const { realm } = discovery;
  if (realm === undefined) findings.skip(['keys'], 'discovery');
  else findings.add(await checkKeys(connections, realm));
  if (isInterrupted(subject)) return { findings: findings.list() };

  announce({ what: 'probe', server: new URL(profile.tokenUrl).origin });
  const { findings: ofClient, shape } = await checkClient(connections, profile, wanted);
  findings.add(ofClient);
  if (shape === undefined) findings.skip(['encoding', 'device', 'id-token', 'message', 'session'], 'client');
  if (isInterrupted(subject)) return { findings: findings.list() };

  const withKeys = findings.hasFailed('keys') ? undefined : realm;
  const server = { connections, ingestion, realm: withKeys, shape };
  const { token, reading } = await examineDevice(subject, server, findings);
  findings.add([checkClock(reading ?? clock.reading)]);
  const list = findings.list();
  const settings = recommend(profile, shape, list);
  return { findings: list, ...(token && { token }), ...(settings && { settings }) };
}

function isInterrupted({ signal }: Subject): boolean {
  return signal?.aborted === true;
}

/** Whether the server does not answer. Every further request would wait for it in vain. */
function isUnanswered({ status, code }: Finding): boolean {
  const codes: ReadonlySet<string> = noAnswer;
  return status === 'failure' && codes.has(code);
}

/** Limit for a connection; a request's own deadline may be shorter. */
const LONGEST_CONNECT_MS = 10_000;

/**
 * Checks the way to the token endpoint's server step by step, without sending a request. The caller stops at the first
 * failure.
 *
 * @throws {BiotzPostmanError} CERTIFICATE_UNUSABLE, OPTION_INVALID
 */
async function* examineNetwork(subject: Subject): AsyncGenerator<readonly Finding[]> {
  const { profile, connection, ignoredProxies, now, resolve } = subject;
  const { ca = [], clientCertificate, insecure = false, http2 = false } = connection;
  const timeoutMs = Math.min(connection.timeoutMs ?? LONGEST_CONNECT_MS, LONGEST_CONNECT_MS);
  const target = new URL(profile.tokenUrl);
  // Before the first check, because the certificates may be unusable.
  const proxyContext = secureContextOf(ca);
  const secureContext = secureContextOf(ca, clientCertificate);

  const { proxy, findings } = checkProxy(target, { ...connection.proxy, ignored: ignoredProxies });
  yield findings;
  const hop = firstHop(target, proxy);
  const named = await checkName(hop, resolve, timeoutMs);
  yield named.findings;
  yield await checkPort(hop, named.addresses, timeoutMs);
  yield await checkTls(
    { target, proxy, proxyContext, insecure, timeoutMs },
    { secureContext, http2, now: now() },
  );
}
