import type { TokenRequestShape } from '../platform/answers.js';
import { connectionDetail, explainConnectionError } from '../platform/connection-error.js';
import { explainPublishAnswer, explainTokenAnswer } from '../platform/answers.js';
import type { ReasonCode } from '../platform/reason.js';
import { reasonProse } from '../platform/reason.js';
import { isNeverArrived, repeatAfter, retryAfterMs } from '../platform/repeat.js';
import type { Attempt, AttemptFailure } from '../result/attempt.js';
import type { RequestResult } from '../result/device-result.js';
import { unpack } from '../http/body.js';
import { headerSecrets, namedSecrets } from '../secret/named-secrets.js';
import { redact } from '../secret/redact.js';
import { quote } from '../text/quote.js';
import { isSameAddress } from '../platform/urls.js';
import { BoundError, switchedProtocols } from './bounded-agent.js';
import type { IterationRow } from '../postman/iteration-row.js';
import type { NewmanRequest, NewmanResponse } from './newman.js';
import type { RunPlan } from './plan.js';

/**
 * How often a device may begin one request: more often than any paging or polling of one device needs. Whether a loop of
 * setNextRequest will end cannot be seen from outside: a script may count in a variable or in a global of its sandbox, or
 * wait for another answer. Requests that follow in their order never count.
 */
const MOST_TIMES = 1000;

interface Answer {
  readonly request: string;
  readonly shape: TokenRequestShape;
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly retryAfter?: string;
}

/** A failure when it happens; whether the device may be sent again is decided at the end. */
type Failure = Omit<AttemptFailure, 'repeatAfterMs' | 'retryAfterMs' | 'messageUnanswered'>;

/** Records the requests of one device, and derives the outcome of its attempt. */
export class RowRecorder {
  readonly #row: IterationRow;
  readonly #plan: RunPlan;
  readonly #startedAt = performance.now();
  readonly #requests: RequestResult[] = [];
  #sentAt = performance.now();
  /** The password, the secrets of the plan, and every token that a server gave this device. */
  readonly #secrets: Set<string>;
  #answer: Answer | undefined;
  #asserted = false;
  /** How often each item was begun, by its position. */
  readonly #begun = new Map<number, number>();
  /** How many requests other than logins were sent, such as messages; by scripts as well. */
  #sentMore = 0;
  /** How many of these cannot have arrived. */
  #neverArrived = 0;
  /** How many of these were answered. */
  #answered = 0;
  #failure: Failure | undefined;

  constructor(row: IterationRow, plan: RunPlan) {
    this.#row = row;
    this.#plan = plan;
    this.#secrets = new Set([row.password, ...plan.secrets]);
  }

  /**
   * Records that an item of the collection begins.
   *
   * @param position the item's place in the collection
   * @returns whether the device has begun it too often: then `request-loop` is the failure, whatever else went wrong
   */
  beginItem(position: number): boolean {
    const times = (this.#begun.get(position) ?? 0) + 1;
    this.#begun.set(position, times);
    if (times <= MOST_TIMES) return false;
    this.#failure = { reason: 'request-loop', detail: 'setNextRequest in a circle' };
    return true;
  }

  /**
   * Records a request that the collection or a script is about to send.
   *
   * @returns whether it is something other than a login
   */
  begin(request: NewmanRequest): boolean {
    this.#sentAt = performance.now();
    const isMore = !this.#isLogin(request);
    if (isMore) this.#sentMore++;
    return isMore;
  }

  /** Records the end of a request that a script sent. The script itself decides whether that is a failure. */
  scriptAnswered(request: NewmanRequest, response: NewmanResponse | undefined, error: unknown): void {
    if (response === undefined) {
      if (isNeverArrived(reasonOf(request, error)) && !this.#isLogin(request)) this.#sentMore--;
      return;
    }
    if (!this.#isLogin(request)) this.#answered++;
    this.#learn(response);
  }

  answered(name: string, request: NewmanRequest, response: NewmanResponse): void {
    // Node treats 101 as an answer if it does not name the next protocol.
    if (response.code === 101) return this.notAnswered(name, request, switchedProtocols());
    try {
      unpackRest(response, this.#plan.bounds.maxAnswerBytes);
    } catch (error) {
      return this.notAnswered(name, request, error);
    }
    if (!this.#isLogin(request)) this.#answered++;
    this.#record(name, response.code);
    const retryAfter = response.headers?.get('retry-after');
    const text = response.text();
    this.#answer = {
      request: name,
      shape: shapeOf(request),
      url: request.url.toString(),
      status: response.code,
      text,
      ...(typeof retryAfter === 'string' && { retryAfter }),
    };
    this.#learn(response);
  }

  /** Collects the secrets in an answer, also in one to a request of a script. */
  #learn(response: NewmanResponse): void {
    for (const secret of namedSecrets(response.text())) this.#secrets.add(secret);
    for (const secret of headerSecrets(response.headers?.all() ?? [])) this.#secrets.add(secret);
  }

  notAnswered(name: string, request: NewmanRequest, error: unknown): void {
    this.#record(name);
    const reason = reasonOf(request, error);
    const detail = error instanceof BoundError ? error.detail : connectionDetail(error);
    if (isNeverArrived(reason) && !this.#isLogin(request)) this.#neverArrived++;
    this.#fail({ reason, request: name, ...(detail !== undefined && { detail }) });
  }

  assertionPassed(): void {
    this.#asserted = true;
  }

  assertionFailed(request: string, assertion: string, message: string): void {
    this.#asserted = true;
    // The generated test script explains the answer itself. With any other test, the answer says more than the test.
    const reason = reasonIn(message) ?? this.#explainAnswer(request) ?? 'assertion-failed';
    const detail = this.quote(withoutProse(reason, `${assertion}: ${message}`));
    this.#fail({ reason, request, ...(detail !== '' && { detail }) });
  }

  scriptFailed(request: string | undefined, message: string): void {
    this.#fail({
      reason: isScriptTimeout(message) ? 'script-timeout' : 'script-failed',
      ...(request !== undefined && { request }),
      detail: this.quote(message),
    });
  }

  attempt(): Attempt {
    if (this.#requests.length === 0) this.#fail({ reason: 'no-request-sent' });
    // A collection without tests must not pass whatever the server says.
    const refused = this.#requests.find(({ status }) => status !== undefined && status >= 400);
    if (!this.#asserted && refused !== undefined) {
      const reason = this.#explainAnswer(refused.name) ?? 'status-unexpected';
      this.#fail({ reason, request: refused.name });
    }
    return {
      durationMs: performance.now() - this.#startedAt,
      requests: this.#requests,
      ...(this.#failure !== undefined && { failure: this.#withRepetition(this.#failure) }),
    };
  }

  #withRepetition(failure: Failure): AttemptFailure {
    const { request, reason, detail } = failure;
    const messageUnanswered = this.#sentMore > this.#neverArrived + this.#answered;
    const sent = this.#requests.findLast(({ name }) => name === request);
    if (sent === undefined) return { ...failure, messageUnanswered };
    const isSafe = this.#sentMore === this.#neverArrived;
    const isLogin = this.#sentMore === 0;
    const repeatAfterMs = isSafe
      ? repeatAfter({ reason, status: sent.status, code: detail, isLogin })
      : undefined;
    const header = this.#answer?.request === request ? this.#answer?.retryAfter : undefined;
    const asked = retryAfterMs(header, Date.now());
    return {
      ...failure,
      messageUnanswered,
      ...(repeatAfterMs !== undefined && { repeatAfterMs }),
      ...(asked !== undefined && { retryAfterMs: asked }),
    };
  }

  /** Compares the whole address: a request with another query, or with the name of a login, may publish. */
  #isLogin(request: NewmanRequest): boolean {
    return isSameAddress(request.url.toString(), this.#plan.tokenUrl);
  }

  #record(name: string, status?: number): void {
    const durationMs = performance.now() - this.#sentAt;
    this.#requests.push({ name, durationMs, ...(status !== undefined && { status }) });
  }

  /** What goes wrong later follows from what went wrong first. */
  #fail(failure: Failure): void {
    this.#failure ??= failure;
  }

  #explainAnswer(request: string): ReasonCode | undefined {
    if (this.#answer?.request !== request) return undefined;
    const { shape, url, status, text } = this.#answer;
    if (isSame(url, this.#plan.tokenUrl)) {
      return explainTokenAnswer({ status, body: text, username: this.#row.username, shape, now: Date.now() });
    }
    return isBelow(url, this.#plan.ingestionUrl) ? explainPublishAnswer(status, text) : undefined;
  }

  /** Makes an error's message fit for a result, without a secret of this device. */
  quote(message: string, longest?: number): string {
    return quote(message, (text) => redact(text, this.#secrets), longest);
  }
}

/** Newman unpacks these, and passes a body with any other Content-Encoding on unchanged. */
const unpackedByNewman = /^\s*(gzip|deflate|br)?\s*$/i;

/** Unpacks a body that Newman leaves packed, before a script reads it. */
function unpackRest(response: NewmanResponse, maxBytes: number): void {
  // A header that was sent twice is two headers here, and Newman itself joins them.
  const encoding = (response.headers?.all() ?? [])
    .filter(({ key }) => key.toLowerCase() === 'content-encoding')
    .map(({ value }) => value)
    .join();
  if (unpackedByNewman.test(encoding) || response.stream === undefined) return;
  response.stream = unpack(response.stream, encoding, maxBytes);
}

function shapeOf({ body, headers }: NewmanRequest): TokenRequestShape {
  return {
    bodyMode: body?.mode === 'formdata' ? 'formdata' : 'urlencoded',
    clientAuth: headers?.has('authorization') === true ? 'basic' : 'body',
  };
}

/** The generated test script begins a failure's message with its reason code. */
function reasonIn(message: string): ReasonCode | undefined {
  const code = /^([a-z][a-z-]+): /.exec(message)?.[1] ?? '';
  return Object.hasOwn(reasonProse, code) ? (code as ReasonCode) : undefined;
}

function reasonOf(request: NewmanRequest, error: unknown): ReasonCode {
  if (error instanceof BoundError) return error.reason;
  // postman-request's words for the limit that newman-run.ts sets on decompressed answers.
  if (error instanceof Error && error.message === 'Maximum response size reached') return 'answer-too-large';
  if (!URL.canParse(request.url.toString())) return 'url-invalid';
  return explainConnectionError(error);
}

/** Removes the reason's sentences, which the generated test script includes and every report adds. */
function withoutProse(reason: ReasonCode, message: string): string {
  const { meaning, remedy } = reasonProse[reason];
  const prose = `${reason}: ${meaning}. ${remedy}`;
  const at = message.indexOf(prose);
  return at < 0 ? message : message.slice(at + prose.length).trim();
}

/** node:vm and postman-sandbox word this differently. */
export function isScriptTimeout(message: string): boolean {
  return /execution timed ?out|execution timeout/i.test(message);
}

/** Whether two addresses are the same apart from their queries. An address that only begins alike is different. */
function isSame(url: string, address: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(address)) return false;
  const [one, other] = [new URL(url), new URL(address)];
  return one.origin === other.origin && one.pathname === other.pathname;
}

function isBelow(url: string, address: string): boolean {
  return address !== '' && url.startsWith(address);
}
