import { setTimeout as sleep } from 'node:timers/promises';
import { isBiotzPostmanError } from '../errors/biotz-postman-error.js';
import type { Connections, HttpRequest } from '../http/connections.js';
import type { Reply } from '../http/reply.js';
import { parseObject } from '../text/json.js';
import { retryAfterMs } from '../platform/repeat.js';
import type { Secret } from '../secret/secret.js';
import { apiError, isServiceLimit, isUnknown, OutcomeUnknown } from './api-error.js';
import { type Document, documentsIn, isDocument, textOf } from './document.js';
import { type ApiCall, type ResourceKind, workspaceError } from './errors.js';
import { Pace } from './pace.js';

/** A longer wait is for somebody to decide. */
const LONGEST_RETRY_AFTER_MS = 60_000;
/** Where a 429 does not say how long: the window of the strictest limit. */
const USUAL_RETRY_AFTER_MS = 10_000;
const MOST_ATTEMPTS = 4;
/** Between attempts, doubled each time. */
const BACKOFF_MS = 500;
/** The API takes "a limit"; it names no largest one. */
const PAGE = 100;
/** In a collection this large the API would rather answer at once and finish later. In bytes. */
const LARGE_BYTES = 5_000_000;
/** How long a task may take, and how often it is asked for. */
const TASK_DEADLINE_MS = 300_000;
const TASK_EVERY_MS = 1_000;

export interface ApiOptions {
  /** To the API's server. */
  readonly connections: Connections;
  readonly key: Secret;
  /** Breaks off every wait, also for what only reads; a write that is under way is waited for. */
  readonly signal?: AbortSignal;
  /** Told of waits that are longer than a second. */
  readonly onWait?: (ms: number) => void;
  /** In milliseconds; for tests. */
  readonly wait?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

export interface User {
  readonly name: string;
  /** Absent where there is none. */
  readonly team?: string;
}

export interface Workspace {
  readonly id: string;
  readonly name: string;
  /** `personal`, `team`, `private`, `public` or `partner`. */
  readonly visibility: string;
}

/** A collection or environment, as lists name it. */
export interface Listed {
  readonly uid: string;
  readonly name: string;
}

interface Call extends Omit<HttpRequest, 'headers'> {
  readonly call: ApiCall;
  readonly headers?: Readonly<Record<string, string>>;
  /** Held to the stricter limit. */
  readonly paced?: true;
}

/**
 * The Postman API, as far as a push needs it. What only reads is repeated where that may help; a write is sent
 * once, and again only after an answer that says it was not done.
 *
 * @see https://learning.postman.com/api-docs/api-reference, version 1.45.0
 */
export class PostmanApi {
  readonly #options: ApiOptions;
  readonly #pace = new Pace();

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /** Whose key it is. */
  async me(): Promise<User> {
    const { user } = await this.#read({ call: 'me', path: '/me' });
    const { fullName, username, teamName } = isDocument(user) ? user : {};
    const team = textOf(teamName);
    return { name: textOf(fullName) || textOf(username), ...(team !== '' && { team }) };
  }

  /** Asked for because a list for a workspace that does not exist is only empty. */
  async workspace(id: string): Promise<Workspace> {
    const path = `/workspaces/${encodeURIComponent(id)}`;
    const { workspace } = await this.#read({ call: 'workspace', path, paced: true });
    const { name, visibility, type } = isDocument(workspace) ? workspace : {};
    return { id, name: textOf(name), visibility: textOf(visibility) || textOf(type) };
  }

  /** Every collection or environment of a workspace. */
  async list(kind: ResourceKind, workspace: string): Promise<readonly Listed[]> {
    const query = `workspace=${encodeURIComponent(workspace)}`;
    if (kind === 'environment') {
      const answer = await this.#read({ call: 'environments', path: `/environments?${query}` });
      return documentsIn(answer['environments']).map(listed);
    }
    const found = new Map<string, Listed>();
    // By what came, because the API may give fewer than were asked for.
    for (let offset = 0; ;) {
      const path = `/collections?${query}&limit=${PAGE}&offset=${offset}`;
      const answer = await this.#read({ call: 'collections', path, paced: true });
      const page = documentsIn(answer['collections']).map(listed);
      offset += page.length;
      const before = found.size;
      for (const each of page) found.set(each.uid, each);
      const total = isDocument(answer['meta']) ? answer['meta']['total'] : undefined;
      // A server that does not know pages gives the same again.
      const isLast = page.length === 0 || found.size === before;
      if (isLast || (typeof total === 'number' && found.size >= total)) return [...found.values()];
    }
  }

  /** With all that Postman knows of it. */
  async get(kind: ResourceKind, uid: string): Promise<Document> {
    const answer = await this.#read({ call: kind, path: `/${kind}s/${encodeURIComponent(uid)}` });
    const document = answer[kind];
    if (isDocument(document)) return document;
    throw workspaceError('POSTMAN_UNREADABLE', { call: kind, status: 200 });
  }

  /**
   * @returns the new one's uid
   * @throws {OutcomeUnknown} where it may have been made
   */
  async create(kind: ResourceKind, workspace: string, document: Document): Promise<string> {
    const call: ApiCall = `create-${kind}`;
    const answer = await this.#write({
      call,
      method: 'POST',
      path: `/${kind}s?workspace=${encodeURIComponent(workspace)}`,
      body: bodyOf(kind, document),
    });
    const made = answer[kind];
    const uid = isDocument(made) ? textOf(made['uid']) || textOf(made['id']) : '';
    if (uid !== '') return uid;
    throw new OutcomeUnknown(workspaceError('POSTMAN_UNREADABLE', { call, status: 200 }));
  }

  /** @throws {OutcomeUnknown} where it may have been done, or be under way */
  async replace(kind: ResourceKind, uid: string, document: Document): Promise<void> {
    const body = bodyOf(kind, document);
    const isLarge = kind === 'collection' && body.length > LARGE_BYTES;
    const answer = await this.#write({
      call: `replace-${kind}`,
      method: 'PUT',
      path: `/${kind}s/${encodeURIComponent(uid)}`,
      body,
      ...(isLarge && { headers: { prefer: 'respond-async' } }),
    });
    const { task } = answer;
    if (!isDocument(task)) return;
    try {
      await this.#finish(textOf(task['id']));
    } catch (error) {
      // It was taken; only what became of it is unknown, also where the wait was broken off.
      const isExpected = isBiotzPostmanError(error) || this.#options.signal?.aborted === true;
      throw error instanceof Error && isExpected ? new OutcomeUnknown(error) : error;
    }
  }

  /** Waits for what the API does after it has answered 202. */
  async #finish(task: string): Promise<void> {
    const call = 'collection-task';
    const path = `/collection-updates-tasks/${encodeURIComponent(task)}`;
    for (let waited = 0; waited < TASK_DEADLINE_MS; waited += TASK_EVERY_MS) {
      const { status } = await this.#read({ call, path });
      if (status === 'successful') return;
      if (status === 'failed') throw workspaceError('POSTMAN_TASK_FAILED', { task });
      await this.#wait(TASK_EVERY_MS);
    }
    throw workspaceError('POSTMAN_UNREACHABLE', { call, reason: 'timeout' });
  }

  #read(call: Omit<Call, 'method'>): Promise<Document> {
    return this.#send({ ...call, method: 'GET' });
  }

  async #write(call: Call): Promise<Document> {
    return this.#send({ ...call, headers: { ...call.headers, 'content-type': 'application/json' } });
  }

  async #send({ call, paced, headers, ...request }: Call): Promise<Document> {
    const { connections, key, signal } = this.#options;
    for (let attempt = 1; ; attempt++) {
      if (paced === true) await this.#wait(this.#pace.next(Date.now()));
      signal?.throwIfAborted();
      const sent = connections.send({
        ...request,
        headers: {
          accept: 'application/json',
          'user-agent': 'biotz-postman',
          'x-api-key': key.reveal(),
          ...headers,
        },
      });
      const reply = await (request.method === 'GET' ? unlessAborted(sent, signal) : sent);
      const document = successOf(reply);
      if (document !== undefined) return document;
      const waitMs = attempt < MOST_ATTEMPTS ? repeatAfter(request.method, reply, attempt) : undefined;
      if (waitMs === undefined) {
        const error = apiError(call, reply, key.reveal(), Date.now());
        throw request.method !== 'GET' && isUnknown(reply) ? new OutcomeUnknown(error) : error;
      }
      await this.#wait(waitMs);
    }
  }

  /** Also for whoever waits for what was written to show. */
  wait(ms: number): Promise<void> {
    return this.#wait(ms);
  }

  async #wait(ms: number): Promise<void> {
    const { signal, onWait, wait = delay } = this.#options;
    if (ms === 0) return;
    if (ms > 1_000) onWait?.(ms);
    await wait(ms, signal);
  }
}

const delay = (ms: number, signal: AbortSignal | undefined) =>
  sleep(ms, undefined, { ...(signal && { signal }) });

/** What the signal breaks off ends later, when the connections are closed. @throws the signal's reason */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** The answer's object; `undefined` for any other reply. */
function successOf(reply: Reply): Document | undefined {
  const isSuccess = reply.status !== undefined && reply.status < 300;
  return isSuccess ? parseObject(reply.text) : undefined;
}

/** After how many milliseconds a request may be sent again; `undefined`: not at all. */
function repeatAfter(method: HttpRequest['method'], reply: Reply, attempt: number): number | undefined {
  const backoff = BACKOFF_MS * 2 ** (attempt - 1);
  if (reply.status === undefined) return method === 'GET' && passing.has(reply.reason) ? backoff : undefined;
  if (reply.status === 429) {
    const waitMs = retryAfterMs(reply.retryAfter, Date.now()) ?? USUAL_RETRY_AFTER_MS;
    return isServiceLimit(reply.text) || waitMs > LONGEST_RETRY_AFTER_MS ? undefined : Math.max(waitMs, 1);
  }
  // Another update of the same collection is under way.
  if (reply.status === 409 && method === 'PUT') return backoff;
  return method === 'GET' && (reply.status >= 500 || reply.status === 408) ? backoff : undefined;
}

/** What may be over by the next attempt. */
const passing: ReadonlySet<string> = new Set([
  'connection-reset',
  'connection-failed',
  'timeout',
  'host-not-found',
]);

const listed = (document: Document): Listed => ({
  uid: textOf(document['uid']) || textOf(document['id']),
  name: textOf(document['name']),
});

/** What the API is sent of a collection or environment; its length is limited. */
export function bodyOf(kind: ResourceKind, document: Document): string {
  if (kind === 'collection') return JSON.stringify({ collection: document });
  const { name, values } = document;
  return JSON.stringify({ environment: { name, values } });
}
