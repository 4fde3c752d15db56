import { explainConnectionError } from '../platform/connection-error.js';
import type { ReasonCode } from '../platform/reason.js';
import { explainTokenAnswer } from '../platform/token-answer.js';
import { reasonProse } from '../prose/reasons.js';
import type { RequestResult } from '../result/device-result.js';
import { redact } from '../secret/redact.js';
import { BoundError } from './bounded-agent.js';
import type { IterationRow } from '../postman/iteration-row.js';
import type { RowFailure, RowOutcome } from './row-outcome.js';
import type { NewmanRequest, NewmanResponse } from './newman-events.js';
import type { RunPlan } from './plan.js';

/** How much of a foreign text goes into a result. */
const LONGEST_DETAIL = 300;

interface Answer {
  readonly request: string;
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** Watches one device go through the collection, and says in the end what became of it. */
export class RowRecorder {
  readonly #row: IterationRow;
  readonly #plan: RunPlan;
  readonly #startedAt = performance.now();
  readonly #requests: RequestResult[] = [];
  #sentAt = performance.now();
  #answer: Answer | undefined;
  #failure: RowFailure | undefined;

  constructor(row: IterationRow, plan: RunPlan) {
    this.#row = row;
    this.#plan = plan;
  }

  /** @returns the how manieth request of the collection this is for the device */
  sending(): number {
    this.#sentAt = performance.now();
    return this.#requests.length + 1;
  }

  answered(name: string, request: NewmanRequest, response: NewmanResponse): void {
    this.#record(name, response.code);
    this.#answer = {
      request: name,
      url: request.url.toString(),
      status: response.code,
      text: response.text(),
    };
  }

  notAnswered(name: string, request: NewmanRequest, error: unknown): void {
    this.#record(name);
    this.#fail({ reason: reasonOf(request, error), request: name });
  }

  assertionFailed(request: string, assertion: string, message: string): void {
    // The server's answer explains more than the test that it failed.
    const reason = this.#explainAnswer() ?? 'assertion-failed';
    const detail = this.#clean(withoutProse(reason, `${assertion}: ${message}`));
    this.#fail({ reason, request, ...(detail !== '' && { detail }) });
  }

  scriptFailed(request: string | undefined, message: string): void {
    this.#fail({
      reason: 'script-failed',
      ...(request !== undefined && { request }),
      detail: this.#clean(message),
    });
  }

  outcome(): RowOutcome {
    if (this.#requests.length === 0) this.#fail({ reason: 'no-request-sent' });
    return {
      durationMs: performance.now() - this.#startedAt,
      requests: this.#requests,
      ...(this.#failure !== undefined && { failure: this.#failure }),
    };
  }

  #record(name: string, status?: number): void {
    const durationMs = performance.now() - this.#sentAt;
    this.#requests.push({ name, durationMs, ...(status !== undefined && { status }) });
  }

  /** What goes wrong later follows from what went wrong first. */
  #fail(failure: RowFailure): void {
    this.#failure ??= failure;
  }

  #explainAnswer(): ReasonCode | undefined {
    if (this.#answer === undefined) return undefined;
    const { url, status, text } = this.#answer;
    if (isBelow(url, this.#plan.tokenUrl)) {
      const { shape } = this.#plan;
      return explainTokenAnswer({ status, body: text, username: this.#row.username, shape, now: Date.now() });
    }
    if (isBelow(url, this.#plan.ingestionUrl)) return explainPublishRefusal(status, text);
    return undefined;
  }

  #clean(message: string): string {
    const tokens = this.#answer?.text.match(/"(?:access|refresh|id)_token"\s*:\s*"([^"]+)"/g) ?? [];
    const secrets = tokens.map((pair) => pair.slice(pair.lastIndexOf('"', pair.length - 2) + 1, -1));
    const clean = redact(message, [this.#row.password, ...secrets]);
    return clean.length > LONGEST_DETAIL ? `${clean.slice(0, LONGEST_DETAIL)}…` : clean;
  }
}

function reasonOf(request: NewmanRequest, error: unknown): ReasonCode {
  if (error instanceof BoundError) return error.reason;
  // postman-request's words for the limit that newman-run.ts sets on decompressed answers.
  if (error instanceof Error && error.message === 'Maximum response size reached') return 'answer-too-large';
  if (!URL.canParse(request.url.toString())) return 'url-invalid';
  return explainConnectionError(error);
}

/** The generated test script says its reason in the words that every report adds anyway. */
function withoutProse(reason: ReasonCode, message: string): string {
  const { meaning, remedy } = reasonProse[reason];
  const prose = `${reason}: ${meaning}. ${remedy}`;
  const at = message.indexOf(prose);
  return at < 0 ? message : message.slice(at + prose.length).trim();
}

function explainPublishRefusal(status: number, text: string): ReasonCode {
  // The platform answers a missing, expired or foreign token with 404 rather than 401.
  return status === 404 && text.includes('Authentication required')
    ? 'publish-unauthorized'
    : 'publish-refused';
}

function isBelow(url: string, address: string): boolean {
  return address !== '' && url.startsWith(address);
}
