import type { OnDiagnostic } from '../device/diagnostic.js';
import type { CredentialsFile } from '../device/source/credentials-file.js';
import { openCredentials } from '../device/source/open-credentials.js';
import { takeCensus } from '../fleet/census.js';
import { type FleetOptions, sendOptions } from '../fleet/fleet-options.js';
import { openConnections } from '../http/connections.js';
import type { Shard } from '../journal/record.js';
import { createRunPlan, type RunOptions } from '../newman/plan.js';
import { MOST_CONCURRENCY } from '../newman/run-devices.js';
import { biotzProfile, type Profile } from '../platform/profile.js';
import { requireSafeUrl } from '../platform/urls.js';
import { MOST_CONCURRENT_LOGINS } from '../token/engine.js';
import { realmUrls } from '../token/discovery.js';
import { newmanLane, openTokenEngine, tokenLane } from './lanes.js';
import { type FleetObserver, type FleetOutcome, type FleetRun, type Lane, sendFleet } from './send-fleet.js';

/** Options of `runFleet` for every engine. `signal` ends the run: devices in flight are finished, and no other is started. */
export interface JournalOptions extends Pick<FleetRun, 'folder' | 'reporters' | 'resume'>, FleetObserver {
  /** Send only this part of the fleet: `{ index: 2, count: 5 }`. */
  readonly shard?: Shard;
  /** Called for each diagnostic of the credentials file. */
  readonly onDiagnostic?: OnDiagnostic;
}

/** Options of the engine that requests tokens over plain HTTP, without Newman. */
export interface TokenOptions extends FleetOptions {
  /** Where to log in, and how; the public Biotz platform by default. */
  readonly profile?: Profile;
  /** Verify id_tokens with the realm's keys; true by default. */
  readonly verify?: boolean;
  /** End each session right after its login; false by default. */
  readonly endSessions?: boolean;
  /** Deadline of each request with its whole answer, in milliseconds; 30,000 by default. */
  readonly timeoutRequestMs?: number;
  /** Accept plain `http:` beyond this machine, and any certificate. */
  readonly insecure?: boolean;
}

export type RunFleetOptions = JournalOptions &
  (
    | (Omit<RunOptions, 'newmanReporters'> & { readonly engine?: 'newman' })
    | (TokenOptions & { readonly engine: 'token' })
  );

/**
 * Sends every device of a credentials file, keeps a journal, and writes reports. The whole file is validated before
 * anything is sent. A run that was killed or that ended early can be resumed from its journal.
 *
 * @param source path of a credentials file, or an open one (`openCredentials`), which stays open
 * @param options.folder folder of the journal (`journal.ndjson`) and the reports; created if it is missing. Only one run
 *   can use it
 * @param options.engine `newman` (default) sends devices through the collection, and takes the options of `runDevices`;
 *   `token` only requests tokens, over plain HTTP
 * @param options.resume continue the journal in `folder`: `rest` sends the devices without a result, `failed` those that
 *   failed and may be sent again. The credentials file, collection and options must be the same as before
 * @param options.reporters reports to write: `json`, `junit`, `markdown`, `ndjson`; none by default
 * @param options.signal ends the run: devices in flight are finished, and no other device is started
 * @returns counts, failures, latencies in milliseconds, why the run ended, and the paths of the reports. A failed device
 *   is a result, not an exception
 * @throws {BiotzPostmanError} before anything is sent: COLLECTION_INVALID, CREDENTIALS_INVALID, DISCOVERY_FAILED,
 *   DISCOVERY_REFUSED, ENVIRONMENT_INVALID, FOLDER_IN_USE, JOURNAL_FOREIGN, JOURNAL_INVALID, JOURNAL_MISSING,
 *   OPTION_INVALID, REALM_UNKNOWN, REQUEST_NOT_FOUND, URL_INSECURE, URL_INVALID; later, with the results so far in the
 *   journal: CREDENTIALS_CHANGED, ENGINE_FAILED, OUTPUT_NOT_WRITTEN
 *
 * @example
 * const outcome = await runFleet('devices.csv', {
 *   folder: 'biotz-report',
 *   reporters: ['junit'],
 *   concurrency: 8,
 *   signal: AbortSignal.timeout(600_000),
 * });
 * console.log(outcome.end, outcome.counts.failed);
 */
export async function runFleet(
  source: string | CredentialsFile,
  options: RunFleetOptions,
): Promise<FleetOutcome> {
  // Invalid options must be reported before the file is read.
  const openLane = await prepareLane(options);
  const file = typeof source === 'string' ? await openCredentials(source) : source;
  try {
    const census = await takeCensus(file, options);
    return await sendFleet(census, { ...options, openLane });
  } finally {
    if (typeof source === 'string') await file.close();
  }
}

async function prepareLane(options: RunFleetOptions): Promise<() => Promise<Lane>> {
  if (options.engine !== 'token') {
    sendOptions(options, { autoConcurrency: 1, mostConcurrency: MOST_CONCURRENCY });
    const plan = await createRunPlan(options);
    return async () => newmanLane(plan, options);
  }
  sendOptions(options, { autoConcurrency: 1, mostConcurrency: MOST_CONCURRENT_LOGINS });
  const { profile = biotzProfile, verify = true, endSessions = false, insecure = false } = options;
  requireSafeUrl('profile.tokenUrl', profile.tokenUrl, insecure);
  if (verify || endSessions) realmUrls(profile.tokenUrl);
  return async () => {
    const connections = openConnections(profile.tokenUrl, {
      insecure,
      connections: typeof options.concurrency === 'number' ? options.concurrency : MOST_CONCURRENT_LOGINS,
      ...(options.timeoutRequestMs !== undefined && { timeoutMs: options.timeoutRequestMs }),
    });
    const engine = await openTokenEngine({ profile, connections, verify, endSessions });
    return tokenLane(engine, profile, { ...options, verify });
  };
}
