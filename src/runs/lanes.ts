import type { Device } from '../device/device.js';
import type { Engine } from '../fleet/engine.js';
import type { FleetOptions } from '../fleet/fleet-options.js';
import type { Connections } from '../http/connections.js';
import { digestOf } from '../journal/run-identity.js';
import { planDigests, type RunPlan } from '../newman/plan.js';
import { runPlan } from '../newman/run-devices.js';
import type { Profile } from '../platform/profile.js';
import type { DeviceResult } from '../result/device-result.js';
import type { Redactor } from '../secret/redactor.js';
import { discoverRealm } from '../token/discovery.js';
import { createTokenEngine, type Login, logInDevices, type LogInOptions } from '../token/engine.js';
import { tokenError } from '../token/errors.js';
import { createVerifier, type VerifyIdToken } from '../token/verify.js';
import { withoutSecrets } from './fleet-journal.js';
import type { Lane } from './send-fleet.js';

/** Sends devices through the collection in Newman. */
export function newmanLane(plan: RunPlan, options: FleetOptions): Lane {
  return {
    plan: { command: 'run', ...planDigests(plan) },
    publishes: !plan.repeatable,
    send: (devices, hooks) => runPlan(devices, plan, { ...options, ...hooks }),
  };
}

/** Logs devices in over plain HTTP. */
export function tokenLane(
  engine: Engine<Login>,
  { tokenUrl, clientId, scope, bodyMode, clientAuth }: Profile,
  { verify, ...options }: LogInOptions & { readonly verify: boolean },
): Lane {
  return {
    plan: {
      command: 'token',
      collection: digestOf({}),
      options: digestOf({ tokenUrl, clientId, scope, bodyMode, clientAuth, verify }),
    },
    publishes: false,
    send: (devices, hooks) => logInDevices(devices, engine, { ...options, ...hooks }),
    close: () => engine.close(),
  };
}

/**
 * Creates an engine of token requests, and gets the realm's keys before any password is sent.
 *
 * @param options.connections to the server of the token URL. The engine closes them, also if it cannot be created
 * @throws {BiotzPostmanError} DISCOVERY_FAILED, DISCOVERY_REFUSED, REALM_UNKNOWN
 */
export async function openTokenEngine({
  profile,
  connections,
  verify,
  endSessions,
}: {
  readonly profile: Profile;
  readonly connections: Connections;
  readonly verify: boolean;
  readonly endSessions: boolean;
}): Promise<Engine<Login>> {
  try {
    const verifyIdToken = verify ? await openVerifier(profile, connections) : undefined;
    return createTokenEngine({ profile, connections, verify: verifyIdToken, endSessions });
  } catch (error) {
    await connections.close();
    throw error;
  }
}

async function openVerifier(
  { tokenUrl, clientId }: Profile,
  connections: Connections,
): Promise<VerifyIdToken> {
  const realm = await discoverRealm(connections, tokenUrl);
  const verifier = createVerifier({ connections, realm, clientId });
  const reason = await verifier.prepare();
  if (reason !== undefined) throw tokenError('DISCOVERY_FAILED', { url: realm.jwksUrl, reason });
  return verifier.verify;
}

/**
 * Logs one device in, without a journal. The redactor keeps the device's password for what the caller prints later.
 *
 * @returns the result without secrets; `undefined` if `options.signal` ended the run
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export async function logInDevice(
  device: Device,
  engine: Engine<Login>,
  redactor: Redactor,
  options: LogInOptions,
): Promise<DeviceResult | undefined> {
  redactor.trackSecrets([device.password.reveal()]);
  for await (const [result] of logInDevices(only(device), engine, options)) {
    if (result !== undefined) return withoutSecrets(result, device, redactor);
  }
  return undefined;
}

async function* only(device: Device): AsyncGenerator<readonly Device[]> {
  yield [device];
}
