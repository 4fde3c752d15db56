import { BiotzPostmanError } from '../errors.js';
import type { FleetOptions } from '../fleet/fleet-options.js';
import type { TokenRequestShape } from '../platform/answers.js';
import { requireMessageType } from '../platform/message-type.js';
import type { Profile } from '../platform/profile.js';
import { biotzProfile } from '../platform/profile.js';
import { requireSafeUrl } from '../platform/urls.js';
import { createCollection } from '../postman/collection.js';
import { createEnvironment } from '../postman/environment.js';
import { environmentValues, overrideValues } from '../postman/environment-values.js';
import { isIterationVariable } from '../postman/iteration-row.js';
import { GET_TOKEN, PUBLISH_DATA } from '../postman/request-names.js';
import { requireRequests } from '../postman/require-requests.js';
import type { Templates } from '../postman/templates.js';
import type { RequestBounds } from './bounded-agent.js';

/** What `runDevices` can be told. */
export interface RunOptions extends FleetOptions {
  /** Where to log in; the public Biotz platform by default. */
  readonly profile?: Profile;
  /**
   * A Postman collection of format 2.1 to run in place of the generated one. A collection is code: its
   * scripts see every password and may send it anywhere.
   */
  readonly collection?: object;
  /** Templates for the generated collection in place of the package's own. */
  readonly templates?: Templates;
  /** A Postman environment in place of the one made from `profile`; the values in it count. */
  readonly environment?: object;
  /**
   * Names or ids of the requests and folders to run, in this order. By default `Get token`, with
   * `Publish data` where `publish` is given; everything where `collection` is given.
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
  /**
   * Newman's own reporters. They write passwords and tokens. All devices then go through one Newman run, one
   * after another.
   */
  readonly newmanReporters?: NewmanReporters;
}

/** Newman's own reporters, for a run in which they see all there is. */
export interface NewmanReporters {
  readonly names: readonly string[];
  /** By the reporter's name, e.g. `{ json: { export: 'newman.json' } }`. */
  readonly options: Readonly<Record<string, object>>;
  /** How many devices the run has: its number of iterations. */
  readonly devices: number;
}

/** Everything a worker thread needs to know besides the devices; plain data, because it is cloned into it. */
export interface RunPlan {
  /** A Postman collection, format 2.1. */
  readonly collection: object;
  /** A Postman environment. Every device starts from it afresh. */
  readonly environment: object;
  /** Names or ids of the requests and folders to run, in this order; all of them where it is empty. */
  readonly requests: readonly string[];
  /** How long one script may take, in milliseconds. */
  readonly timeoutScriptMs: number;
  /** Whether a device may be sent again although it may have arrived: nothing but a login is sent. */
  readonly repeatable: boolean;
  readonly bounds: RequestBounds;
  /** By these addresses a request is known for what it is, so that its answer can be explained. */
  readonly tokenUrl: string;
  readonly ingestionUrl: string;
  readonly reporters?: NewmanReporters;
}

/** A day: far below what a timer of Node can wait, and longer than anybody does. */
export const LONGEST_TIMEOUT_MS = 86_400_000;

/** The answers of this product's servers have a few kilobytes. */
const MAX_ANSWER_BYTES = 1_000_000;

/**
 * Works out what a run does, so that everything that can be wrong with it is known before anything is sent.
 *
 * @throws {BiotzPostmanError} COLLECTION_INVALID, ENVIRONMENT_INVALID, OPTION_INVALID, REQUEST_NOT_FOUND,
 *   URL_INSECURE, URL_INVALID
 */
export async function createRunPlan(options: RunOptions): Promise<RunPlan> {
  const { profile = biotzProfile, publish, insecure = false } = options;
  if (publish !== undefined) requireMessageType(publish.messageType);
  // A token that an environment file brings along would be taken for that of a device that failed to log in.
  const environment = overrideValues(options.environment ?? createEnvironment(profile, publish), {
    id_token: '',
    id_token_expires_at: '',
  });
  const values = environmentValues(environment);
  requireNoVault(values);
  const shape: TokenRequestShape = {
    bodyMode: oneOf('body_mode', values, ['formdata', 'urlencoded']),
    clientAuth: oneOf('client_auth', values, ['body', 'basic']),
  };
  const collection =
    options.collection ?? (await createOwnCollection(options, shape, values.get('client_id')));
  const own = publish === undefined ? [GET_TOKEN] : [GET_TOKEN, PUBLISH_DATA];
  const requests = options.requests ?? (options.collection === undefined ? own : []);
  requireRequests(collection, requests);

  const tokenUrl = values.get('token_url') ?? '';
  const ingestionUrl = values.get('ingestion_url') ?? '';
  // A collection of one's own may have its addresses elsewhere, and a variable may be made of others; the
  // agents check each request in any case.
  const isKnown = (url: string) => options.collection === undefined || (url !== '' && !url.includes('{{'));
  if (isKnown(tokenUrl)) requireSafeUrl('token_url (--token-url)', tokenUrl, insecure);
  if (requests.includes(PUBLISH_DATA) && isKnown(ingestionUrl)) {
    requireSafeUrl('ingestion_url (--ingestion-url)', ingestionUrl, insecure);
  }

  return {
    collection,
    environment,
    requests,
    repeatable: requests.length > 0 && requests.every((name) => name === GET_TOKEN),
    timeoutScriptMs: timeout('timeoutScriptMs', options.timeoutScriptMs ?? 10_000),
    bounds: {
      timeoutMs: timeout('timeoutRequestMs', options.timeoutRequestMs ?? 30_000),
      maxAnswerBytes: MAX_ANSWER_BYTES,
      insecure,
    },
    tokenUrl,
    ingestionUrl,
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

/**
 * A device's own values take the place of references to Postman's vault; nothing does for other variables, and Newman
 * would send the reference itself.
 *
 * @throws {BiotzPostmanError} ENVIRONMENT_INVALID
 */
function requireNoVault(values: ReadonlyMap<string, string>): void {
  for (const [name, value] of values) {
    if (!value.includes('{{vault:') || isIterationVariable(name)) continue;
    const problem = `${name} is a reference to Postman's vault, which only Postman itself resolves; give an environment that holds the value`;
    throw new BiotzPostmanError('ENVIRONMENT_INVALID', { file: 'environment', problem });
  }
}

/** @throws {BiotzPostmanError} ENVIRONMENT_INVALID where the variable has another value */
function oneOf<T extends string>(
  variable: string,
  values: ReadonlyMap<string, string>,
  [first, ...others]: readonly [T, ...T[]],
): T {
  const value = values.get(variable) ?? '';
  const chosen = value === '' ? first : [first, ...others].find((allowed) => allowed === value);
  if (chosen !== undefined) return chosen;
  const problem = `${variable} must be ${[first, ...others].join(' or ')}`;
  throw new BiotzPostmanError('ENVIRONMENT_INVALID', { file: 'environment', problem });
}

/** @throws {BiotzPostmanError} OPTION_INVALID where no timer could wait for it */
function timeout(option: string, ms: number): number {
  if (Number.isInteger(ms) && ms >= 1 && ms <= LONGEST_TIMEOUT_MS) return ms;
  const problem = `must be a whole number of milliseconds from 1 to ${LONGEST_TIMEOUT_MS}`;
  throw new BiotzPostmanError('OPTION_INVALID', { option, problem });
}
