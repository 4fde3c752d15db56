import { optionError } from '../errors/option-error.js';
import type { FleetOptions } from '../fleet/fleet-options.js';
import { proxySettings } from '../http/proxy.js';
import { digestOf } from '../journal/run-identity.js';
import type { TokenRequestShape } from '../platform/answers.js';
import { requireMessageType } from '../platform/message-type.js';
import type { Profile } from '../platform/profile.js';
import { biotzProfile } from '../platform/profile.js';
import { requireSafeUrl } from '../platform/urls.js';
import { createCollection } from '../postman/collection.js';
import { createEnvironment } from '../postman/environment.js';
import { postmanError } from '../postman/errors.js';
import { ownScripts } from '../postman/fill-script.js';
import { chooseRequests } from '../postman/chosen-requests.js';
import { collectionValues, environmentValues, overrideValues } from '../postman/environment-values.js';
import { areLogins, haveOnlyScriptsOf, resolveVariables, addressesOf } from '../postman/request-addresses.js';
import { GET_TOKEN, PUBLISH_DATA } from '../platform/request-names.js';
import { requireSendable, type PlanNames, requireNoVault } from '../postman/require-sendable.js';
import type { Templates } from '../postman/templates.js';
import { namedSecretsIn } from '../secret/named-secrets.js';
import type { RequestBounds } from './bounded-agent.js';
import { readCollection } from './read-collection.js';

/** Options of `runDevices`. */
export interface RunOptions extends FleetOptions {
  /** Where to log in; the public Biotz platform by default. */
  readonly profile?: Profile;
  /**
   * A Postman collection to run in place of the generated one; format 1 is converted as Newman does. A collection is
   * code: its scripts see every password and may send it anywhere.
   */
  readonly collection?: object;
  /** Templates for the generated collection in place of the package's own. */
  readonly templates?: Templates;
  /** A Postman environment in place of the one made from `profile`; the values in it count. */
  readonly environment?: object;
  /**
   * Names or ids of the requests and folders to run, each of which must be unique. By default `Get token`, with
   * `Publish data` if `publish` is given; everything if `collection` is given.
   */
  readonly requests?: readonly string[];
  /** The message to publish for every device. */
  readonly publish?: {
    /** The message type's internal name on the platform. */
    readonly messageType: string;
    /** JSON; `{{device_id}}` and other variables in it are replaced. */
    readonly payload: string;
  };
  /** A deadline for each request with its whole answer, in milliseconds; 30,000 by default. */
  readonly timeoutRequestMs?: number;
  /** A deadline for each script, in milliseconds; 10,000 by default. */
  readonly timeoutScriptMs?: number;
  /** Accept plain `http:` beyond this machine, and any certificate. */
  readonly insecure?: boolean;
  /** Environment variables, of which Newman gets NODE_OPTIONS and the proxy settings; those of the process by default. */
  readonly processEnvironment?: NodeJS.ProcessEnv;
  /**
   * Newman's own reporters. They write passwords and tokens. All devices then go through one Newman run, one
   * after another.
   */
  readonly newmanReporters?: NewmanReporters;
}

/** Newman's own reporters, for a run in which they see everything. */
export interface NewmanReporters {
  readonly names: readonly string[];
  /** By the reporter's name, e.g. `{ json: { export: 'newman.json' } }`. */
  readonly options: Readonly<Record<string, object>>;
  /** How many devices the run has: its number of iterations. */
  readonly devices: number;
}

/** Everything that a worker thread needs besides the devices. Plain data, because it is cloned into the thread. */
export interface RunPlan {
  /** A Postman collection, format 2. */
  readonly collection: object;
  /** A Postman environment of exactly the values that were checked. Every device starts from it afresh. */
  readonly environment: object;
  /** Values of the variables in requests, from the environment and the collection. */
  readonly variables: ReadonlyMap<string, string>;
  /** Names or ids of the requests and folders to run; all of them if it is empty. */
  readonly requests: readonly string[];
  /** How long one script may take, in milliseconds. */
  readonly timeoutScriptMs: number;
  /** Whether all requests of the collection are logins, by their addresses; scripts may send others. */
  readonly onlyLogins: boolean;
  /** Whether scripts send only logins as well, so that a device may be sent again even if it may have arrived. */
  readonly repeatable: boolean;
  /** Secrets of the environment and the collection, which are masked in results. */
  readonly secrets: readonly string[];
  readonly bounds: RequestBounds;
  /** All environment variables of a worker thread. */
  readonly threadEnvironment: Readonly<Record<string, string>>;
  /** The addresses by which requests are recognised, so that their answers can be explained. */
  readonly tokenUrl: string;
  readonly ingestionUrl: string;
  /** Addresses of the requests, as far as they are known before sending. */
  readonly addresses: readonly string[];
  readonly reporters?: NewmanReporters;
}

/** A day: longer than any useful deadline, and far below the limit of Node's timers. */
export const LONGEST_TIMEOUT_MS = 86_400_000;

/** The answers of this product's servers have a few kilobytes. */
const MAX_ANSWER_BYTES = 1_000_000;

/**
 * Makes the plan of a run and validates it, before anything is sent.
 *
 * @param files names of the collection and the environment, for errors
 * @throws {BiotzPostmanError} COLLECTION_INVALID, ENVIRONMENT_INVALID, OPTION_INVALID, REQUEST_NOT_FOUND,
 *   URL_INSECURE, URL_INVALID
 */
export async function createRunPlan(options: RunOptions, files: PlanNames = {}): Promise<RunPlan> {
  const { profile = biotzProfile, publish, insecure = false } = options;
  if (publish !== undefined) requireMessageType(publish.messageType);
  // A token in an environment file would be used for a device that failed to log in.
  const environment = overrideValues(
    options.environment ?? createEnvironment(profile, publish),
    { id_token: '', id_token_expires_at: '' },
    files.environment,
  );
  const values = environmentValues(environment);
  const shape: TokenRequestShape = {
    bodyMode: oneOf('body_mode', values, ['formdata', 'urlencoded'], files.environment),
    clientAuth: oneOf('client_auth', values, ['body', 'basic'], files.environment),
  };
  const { collection: file = 'collection' } = files;
  const collection =
    options.collection === undefined
      ? await createOwnCollection(options, shape, values.get('client_id'))
      : await readCollection(options.collection, file);
  const own = publish === undefined ? [GET_TOKEN] : [GET_TOKEN, PUBLISH_DATA];
  const wanted = options.requests ?? (options.collection === undefined ? own : []);
  const chosen = chooseRequests(collection, wanted, file);
  const requests = chosen.names;
  const variables = new Map([...collectionValues(collection), ...values]);
  requireNoVault(variables, values, publish?.payload ?? '', files);
  requireSendable(chosen.requests, variables, file);

  const [tokenUrl, ingestionUrl] = ['token_url', 'ingestion_url'].map((name) =>
    resolveVariables(variables.get(name) ?? '', variables),
  ) as [string, string];
  // The user's collection may not use these variables, and a variable may contain other variables. The agents check each
  // request in any case.
  const isKnown = (url: string) => options.collection === undefined || (url !== '' && !url.includes('{{'));
  if (isKnown(tokenUrl)) requireSafeUrl('token_url (--token-url)', tokenUrl, insecure);
  if (requests.includes(PUBLISH_DATA) && isKnown(ingestionUrl)) {
    requireSafeUrl('ingestion_url (--ingestion-url)', ingestionUrl, insecure);
  }

  const onlyLogins = areLogins(chosen.requests, tokenUrl, variables);
  return {
    collection,
    environment,
    variables,
    requests,
    onlyLogins,
    repeatable: onlyLogins && haveOnlyScriptsOf(chosen.requests, await ownScripts()),
    secrets: planSecrets(environment, collection),
    timeoutScriptMs: timeout('timeoutScriptMs', options.timeoutScriptMs ?? 10_000),
    bounds: {
      timeoutMs: timeout('timeoutRequestMs', options.timeoutRequestMs ?? 30_000),
      maxAnswerBytes: MAX_ANSWER_BYTES,
      insecure,
    },
    threadEnvironment: threadEnvironment(options.processEnvironment ?? process.env),
    tokenUrl,
    ingestionUrl,
    addresses: addressesOf(chosen.requests, variables),
    ...(options.newmanReporters && { reporters: options.newmanReporters }),
  };
}

/** The generated collection as a run needs it: the chosen body is in the request, and no script runs before it. */
function createOwnCollection(
  { profile = biotzProfile, templates, publish }: RunOptions,
  shape: TokenRequestShape,
  clientId = profile.clientId,
): Promise<object> {
  return createCollection(
    { ...profile, ...shape, clientId },
    { switches: 'fixed', ...(templates && { templates }), ...(publish && { payload: publish.payload }) },
  );
}

/** @throws {BiotzPostmanError} ENVIRONMENT_INVALID if the variable has another value */
function oneOf<T extends string>(
  variable: string,
  values: ReadonlyMap<string, string>,
  [first, ...others]: readonly [T, ...T[]],
  file = 'environment',
): T {
  const value = values.get(variable) ?? '';
  const chosen = value === '' ? first : [first, ...others].find((allowed) => allowed === value);
  if (chosen !== undefined) return chosen;
  const problem = `${variable} must be ${[first, ...others].join(' or ')}`;
  throw postmanError('ENVIRONMENT_INVALID', { file, problem });
}

/** @throws {BiotzPostmanError} OPTION_INVALID if no timer can wait this long */
function timeout(option: string, ms: number): number {
  if (Number.isInteger(ms) && ms >= 1 && ms <= LONGEST_TIMEOUT_MS) return ms;
  const problem = `must be a whole number of milliseconds from 1 to ${LONGEST_TIMEOUT_MS}`;
  throw optionError('OPTION_INVALID', { option, problem });
}

interface Variable {
  readonly key?: unknown;
  readonly value?: string | number | boolean | null;
  readonly type?: unknown;
}

/**
 * The SHA-256 digests, in hex, by which a journal recognises a plan: a run is only resumed with the same one. Values
 * that Postman calls secret are left out, because a short one could be guessed from its digest.
 */
export function planDigests({ collection, environment, requests, tokenUrl, ingestionUrl }: RunPlan): {
  readonly collection: string;
  readonly options: string;
} {
  const { values = [] } = environment as { readonly values?: readonly Variable[] };
  const variables = values
    .filter(({ type }) => type !== 'secret')
    .map(({ key, value }) => [String(key), String(value)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    collection: digestOf(collection),
    options: digestOf({ requests, tokenUrl, ingestionUrl, variables }),
  };
}

/** Members with scripts or with texts for people: a name in them is not followed by a secret. */
const prose = new Set(['event', 'description', 'response']);

/**
 * Secrets in the files of a run, such as an API key: variables of Postman's type `secret`, and every value whose name is
 * that of a secret. Any server or script may repeat them.
 *
 * @param environment as `overrideValues` makes it
 */
function planSecrets(environment: object, collection: object): readonly string[] {
  const { values = [] } = environment as { values?: readonly Variable[] };
  const { variable: own } = collection as { variable?: unknown };
  const variables = [...values, ...(Array.isArray(own) ? (own as readonly (Variable | null)[]) : [])];
  const typed = variables.filter((variable) => variable?.type === 'secret').map((secret) => secret?.value);
  const sent: unknown = JSON.parse(
    JSON.stringify(collection, (name, value: unknown) => (prose.has(name) ? undefined : value)),
  );
  const found = [...typed.map((value) => String(value ?? '')), ...namedSecretsIn([values, sent])];
  // A reference to a variable is not a secret.
  return [...new Set(found)].filter((secret) => secret !== '' && !secret.includes('{{'));
}

/**
 * The environment of Newman's threads. Newman and its libraries read further variables on their own (the home folder of a
 * `newmanrc`, DEBUG, other names and meanings of the proxy variables), so they get only Node's own options, which the
 * command line has checked, and the proxy that `token` would use.
 */
export function threadEnvironment(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const { httpsProxy, noProxy } = proxySettings(environment);
  const nodeOptions = environment['NODE_OPTIONS'];
  return {
    ...(nodeOptions !== undefined && { NODE_OPTIONS: nodeOptions }),
    ...(httpsProxy !== undefined && { HTTPS_PROXY: httpsProxy }),
    ...(noProxy !== undefined && { NO_PROXY: forPostmanRequest(noProxy) }),
  };
}

/** postman-request knows `*` only alone and takes only commas between names (lib/getProxyFromURI.js). */
function forPostmanRequest(noProxy: string): string {
  const entries = noProxy.split(/[\s,]+/).filter((entry) => entry !== '');
  if (entries.includes('*')) return '*';
  return entries.map((entry) => entry.replace(/^\*?\.?/, '')).join(',');
}
