import type { Device } from '../device/device.js';
import type { Engine } from '../fleet/engine.js';
import { type FleetOptions, sendOptions } from '../fleet/fleet-options.js';
import { sendDevices } from '../fleet/send-devices.js';
import type { Connections } from '../http/connections.js';
import type { Answer, NoAnswer } from '../http/reply.js';
import type { RunEnd } from '../journal/record.js';
import { judgeTokenAnswer, type UsableAnswer } from '../platform/answers.js';
import type { ReasonCode, WarningCode } from '../platform/reason.js';
import { repeatAfter, retryAfterMs } from '../platform/repeat.js';
import { GET_TOKEN } from '../platform/request-names.js';
import type { Attempt, AttemptFailure } from '../result/attempt.js';
import type { DeviceResult, RequestResult } from '../result/device-result.js';
import { Secret } from '../secret/secret.js';
import { plainOrLength } from '../text/plain-words.js';
import { sessionEnder } from './end-session.js';
import { type LoginProfile, tokenRequestWriter } from './token-request.js';
import type { VerifyIdToken } from './verify.js';

export interface TokenEngineOptions {
  readonly profile: LoginProfile;
  /** Connections to the server of the profile's token URL. The engine's `close` closes them. */
  readonly connections: Connections;
  /** Verifies each id_token with the realm's keys; absent: signatures are not verified. */
  readonly verify?: VerifyIdToken | undefined;
  /** Log each session out again, right after its login. */
  readonly endSessions?: boolean;
  /** The time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * Creates an engine that logs devices in over plain HTTP. It sends a device immediately; concurrency and retries are up to
 * its caller.
 *
 * @throws {BiotzPostmanError} REALM_UNKNOWN if sessions must be ended and the token URL is not that of a realm
 */
export function createTokenEngine(options: TokenEngineOptions): Engine<Login> {
  const { profile, connections, verify, now = Date.now } = options;
  const write = tokenRequestWriter(profile);
  const endSession = options.endSessions === true ? sessionEnder(connections, profile) : undefined;

  const attempt = async (device: Device): Promise<Login> => {
    const { username } = device;
    const password = device.password.reveal();
    const startedAt = performance.now();
    const reply = await connections.send(write({ username, password }));
    const durationMs = performance.now() - startedAt;
    if (reply.status === undefined) {
      return loginOf({
        requests: [{ name: GET_TOKEN, durationMs }],
        failure: unanswered(reply),
        warnings: [],
      });
    }
    const { status, text } = reply;
    const requests: RequestResult[] = [{ name: GET_TOKEN, status, durationMs }];
    const warnings: WarningCode[] = [];
    const failed = (reason: ReasonCode, body?: Readonly<Record<string, unknown>>): Login =>
      loginOf({
        requests,
        failure: refused({ reason, answer: reply, body, password, now: now() }),
        warnings,
      });

    const answer = judgeTokenAnswer({ status, body: text, username, shape: profile, now: now() });
    if (endSession !== undefined) {
      const { request, warning } = await endSession(answer);
      if (request !== undefined) requests.push(request);
      if (warning !== undefined) warnings.push(warning);
    }
    if (answer.reason !== undefined) return failed(answer.reason, answer.body);
    const distrust = await verify?.(answer.idToken);
    if (distrust !== undefined) return failed(distrust);
    if (!answer.namesUser) warnings.push('id-token-names-no-user');
    return loginOf({ requests, tokens: tokensOf(answer), warnings });
  };

  return { attempt, close: () => connections.close() };
}

function loginOf(login: Omit<Login, 'durationMs'>): Login {
  // The requests follow each other without a gap.
  return { durationMs: login.requests.reduce((sum, { durationMs }) => sum + durationMs, 0), ...login };
}

function tokensOf({ idToken, accessToken, refreshToken, expiresAt }: UsableAnswer): TokenSet {
  return {
    idToken: new Secret(idToken),
    accessToken: new Secret(accessToken),
    ...(refreshToken !== undefined && { refreshToken: new Secret(refreshToken) }),
    expiresAt,
  };
}

/** Reasons that only the server's own words explain. */
const unexplained: ReadonlySet<ReasonCode> = new Set<ReasonCode>(['status-unexpected', 'server-error']);

/** A login that got no answer. */
export function unanswered({ reason, code }: NoAnswer): AttemptFailure {
  return failure(reason, undefined, code);
}

export interface Refusal {
  readonly reason: ReasonCode;
  readonly answer: Answer;
  /** The answer's body, if it is a JSON object. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  /** Must not appear in the server's words. */
  readonly password: string;
  /** In milliseconds since 1970. */
  readonly now: number;
}

/** A login whose answer cannot be used. */
export function refused({ reason, answer, body, password, now }: Refusal): AttemptFailure {
  const said = unexplained.has(reason) ? wordsOf(body, password) : '';
  const retryAfter = retryAfterMs(answer.retryAfter, now);
  return {
    ...failure(reason, answer.status, said === '' ? undefined : said),
    ...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
  };
}

function failure(reason: ReasonCode, status: number | undefined, detail: string | undefined): AttemptFailure {
  const repeatAfterMs = repeatAfter({ reason, status, code: detail, isLogin: true });
  return {
    reason,
    request: GET_TOKEN,
    ...(detail !== undefined && { detail }),
    ...(repeatAfterMs !== undefined && { repeatAfterMs }),
  };
}

/** The server's words about a refusal (RFC 6749, 5.2), as far as they are plain prose. */
function wordsOf(body: Refusal['body'], password: string): string {
  return [body?.['error'], body?.['error_description']]
    .filter((value) => typeof value === 'string' && value !== '')
    .map((value) => plainOrLength(String(value), [password]))
    .join(': ');
}

/** One attempt to log a device in. Only `tokens` holds secrets. */
export interface Login extends Attempt {
  /** Absent if the device failed. */
  readonly tokens?: TokenSet;
  /** Problems that are not failures; mostly empty. */
  readonly warnings: readonly WarningCode[];
}

export interface TokenSet {
  /** The token that authorizes later requests. */
  readonly idToken: Secret;
  readonly accessToken: Secret;
  /** Absent if the client gets no refresh token. */
  readonly refreshToken?: Secret;
  /** When the id_token expires, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The highest concurrency; above a thousand connections a single process gains nothing (docs/token.md). */
export const MOST_CONCURRENT_LOGINS = 1024;

export interface LogInOptions extends FleetOptions {
  /** Called right after each login; it must not throw. */
  readonly onLogin?: (device: Device, login: Login) => void;
}

/**
 * Logs a fleet of devices in over plain HTTP, concurrently, with retries and stop rules.
 *
 * @param engine closed at the end
 * @returns batches of results, in the order in which the devices finished; at the end, why the run ended
 * @throws {BiotzPostmanError} OPTION_INVALID; what reading the devices throws
 */
export async function* logInDevices(
  devices: AsyncIterable<readonly Device[]>,
  engine: Engine<Login>,
  { onLogin, ...options }: LogInOptions = {},
): AsyncGenerator<readonly DeviceResult[], RunEnd> {
  const bounds = { autoConcurrency: MOST_CONCURRENT_LOGINS, mostConcurrency: MOST_CONCURRENT_LOGINS };
  const sending = sendOptions(options, bounds);
  try {
    return yield* sendDevices(devices, engine, { ...sending, onAttempt: onLogin });
  } finally {
    await engine.close();
  }
}
