import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listening } from '../token/fixture.js';
import { faultsOf } from './api-schemas.js';
import { asPostmanKeepsIt } from './collections.js';

export const KEY = 'PMAK-0123456789abcdef01234567-0123456789abcdef0123456789abcdef01';
export const WORKSPACE = '1f0df51a-8658-4ee8-a2a1-d2567dfa09a9';
export const OWNER = '12345678';

type Kind = 'collection' | 'environment';
type Json = Record<string, unknown>;

/** A request as it arrived. */
interface Seen {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What goes wrong with a request, before or after it is carried out. */
export interface Fault {
  readonly when: 'before' | 'after';
  readonly answer:
    'none' | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> };
}

export interface Options {
  readonly fault?: (request: Seen, count: number) => Fault | undefined;
  /** Of GET /collections and GET /workspaces/{id}, as the document says. */
  readonly limit?: { readonly calls: number; readonly windowMs: number };
  /** Collections in a page, however many are asked for. */
  readonly mostOfPage?: number;
  readonly isAsync?: boolean;
  readonly visibility?: string;
  /** Called when a request was carried out, and before its answer. */
  readonly onDone?: (request: Seen) => Promise<void> | void;
}

/** One collection or environment of the workspace. */
export interface Kept {
  readonly id: string;
  readonly uid: string;
  document: Json;
  updatedAt: string;
}

export interface PostmanServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  readonly collections: Kept[];
  readonly environments: Kept[];
  /** As a person would: by what exists. */
  put(kind: Kind, document: Json): Kept;
  /** Requests that change something. */
  writes(): readonly Seen[];
}

/** A server that is as strict as the Postman API's document, with one workspace in it. */
export async function startPostmanApi(options: Options = {}): Promise<PostmanServer> {
  const api = new Api(options);
  const server = createServer((request, response) => void api.handle(request, response));
  const url = `http://127.0.0.1:${await listening(server)}`;
  return Object.assign(api, { url });
}

/** An answer of the API. */
class Answer extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Record<string, string>;

  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    super(String(status));
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

const problem = (status: number, title: string, detail: string, headers?: Record<string, string>) =>
  new Answer(status, { type: `https://api.postman.com/problems/${title}`, title, detail, status }, headers);
const error = (status: number, name: string, message: string, details?: unknown) =>
  new Answer(status, { error: { name, message, ...(details !== undefined && { details }) } });

class Api {
  readonly seen: Seen[] = [];
  readonly collections: Kept[] = [];
  readonly environments: Kept[] = [];
  readonly #options: Options;
  readonly #calls: number[] = [];
  readonly #tasks = new Map<string, { polls: number }>();
  #clock = Date.UTC(2025, 0, 1);

  constructor(options: Options) {
    this.#options = options;
  }

  writes(): readonly Seen[] {
    return this.seen.filter(({ method }) => method !== 'GET');
  }

  put(kind: Kind, document: Json): Kept {
    const id = randomUUID();
    const kept: Kept = { id, uid: `${OWNER}-${id}`, document: {}, updatedAt: '' };
    this.#keep(kind, kept, document);
    this[`${kind}s`].push(kept);
    return kept;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = '', url: path = '', headers } = request;
    const seen = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
    this.seen.push(seen);
    const fault = this.#options.fault?.(seen, this.seen.length);
    const answer = fault?.when === 'before' ? undefined : this.#answer(seen);
    await this.#options.onDone?.(seen);
    if (fault === undefined) send(response, answer ?? problem(500, 'internal', 'no answer'));
    else if (fault.answer === 'none') request.socket.destroy();
    else response.writeHead(fault.answer.status, fault.answer.headers).end(fault.answer.body);
  }

  #answer(seen: Seen): Answer {
    try {
      if (seen.headers['x-api-key'] !== KEY) {
        throw error(
          401,
          'AuthenticationError',
          'Invalid API Key. Every request requires a valid API Key to be sent.',
        );
      }
      return new Answer(200, this.#carryOut(seen));
    } catch (answer) {
      if (answer instanceof Answer) return answer;
      throw answer;
    }
  }

  #carryOut(seen: Seen): unknown {
    const { pathname, searchParams } = new URL(seen.path, 'http://localhost');
    const [, first = '', id] = pathname.split('/');
    const route = `${seen.method} /${first}${id === undefined ? '' : '/{id}'}`;
    const query = (...allowed: string[]) => {
      for (const name of searchParams.keys())
        if (!allowed.includes(name)) throw problem(400, 'bad-request', `${name}?`);
    };
    switch (route) {
      case 'GET /me':
        query();
        return {
          user: { id: Number(OWNER), username: 'taylor-lee', fullName: 'Taylor Lee', teamName: 'Test Team' },
        };
      case 'GET /workspaces/{id}':
        query();
        return this.#workspace(id ?? '');
      case 'GET /collections':
        query('workspace', 'limit', 'offset');
        return this.#page(searchParams);
      case 'GET /environments':
        query('workspace');
        return { environments: this.#listed('environment', searchParams) };
      case 'POST /collections':
      case 'POST /environments':
        query('workspace');
        return this.#create(first === 'collections' ? 'collection' : 'environment', seen, searchParams);
      case 'GET /collections/{id}':
      case 'GET /environments/{id}':
        query();
        return this.#get(first === 'collections' ? 'collection' : 'environment', id ?? '');
      case 'PUT /collections/{id}':
      case 'PUT /environments/{id}':
        query();
        return this.#replace(first === 'collections' ? 'collection' : 'environment', seen, id ?? '');
      case 'GET /collection-updates-tasks/{id}':
        return this.#task(id ?? '');
      default:
        throw problem(404, 'not-found', 'Requested resource not found');
    }
  }

  #count(): void {
    const { calls, windowMs } = this.#options.limit ?? { calls: 10, windowMs: 10_000 };
    const now = Date.now();
    while (this.#calls[0] !== undefined && this.#calls[0] <= now - windowMs) this.#calls.shift();
    if (this.#calls.length >= calls) {
      const seconds = Math.ceil(((this.#calls[0] ?? now) + windowMs - now) / 1000);
      throw problem(429, 'rate-limit-exceeded', 'Rate limit exceeded.', { 'retry-after': String(seconds) });
    }
    this.#calls.push(now);
  }

  #workspace(id: string): unknown {
    this.#count();
    if (id !== WORKSPACE) throw error(404, 'instanceNotFoundError', 'We could not find the workspace.');
    const visibility = this.#options.visibility ?? 'team';
    return { workspace: { id, name: 'Devices', type: 'team', visibility } };
  }

  #page(query: URLSearchParams): unknown {
    this.#count();
    const [limit, offset] = [Number(query.get('limit')), Number(query.get('offset'))];
    if (!(limit > 0) || !(offset >= 0)) throw problem(400, 'bad-request', 'limit and offset');
    const all = this.#listed('collection', query);
    const size = Math.min(limit, this.#options.mostOfPage ?? limit);
    return {
      collections: all.slice(offset, offset + size),
      meta: { total: all.length, offset, limit: size },
    };
  }

  #listed(kind: Kind, query: URLSearchParams): readonly unknown[] {
    if (query.get('workspace') !== WORKSPACE) return [];
    return this[`${kind}s`].map(({ id, uid, document, updatedAt }) => {
      const name = kind === 'collection' ? (document['info'] as Json)['name'] : document['name'];
      return { id, name, owner: OWNER, createdAt: updatedAt, updatedAt, uid, isPublic: false };
    });
  }

  #find(kind: Kind, id: string): Kept {
    const found = this[`${kind}s`].find((each) => each.uid === id || each.id === id);
    if (found === undefined)
      throw error(404, 'instanceNotFoundError', `We could not find the ${kind} you are looking for`);
    return found;
  }

  #get(kind: Kind, id: string): unknown {
    return { [kind]: this.#find(kind, id).document };
  }

  #body(kind: Kind, { method, headers, body }: Seen): Json {
    if (headers['content-type'] !== 'application/json') throw problem(415, 'unsupported', 'Send JSON');
    if (headers['content-length'] === undefined) throw problem(411, 'length-required', 'Length Required');
    const document: unknown = JSON.parse(body);
    const faults = faultsOf(method, kind, document);
    if (faults.length > 0) {
      throw error(
        400,
        'malformedRequestError',
        `Found ${faults.length} errors with the supplied ${kind}.`,
        faults,
      );
    }
    return (document as Record<Kind, Json>)[kind];
  }

  #create(kind: Kind, seen: Seen, query: URLSearchParams): unknown {
    // Postman would put it into the oldest personal workspace.
    if (query.get('workspace') !== WORKSPACE)
      throw problem(403, 'forbidden', 'You do not have access to this workspace.');
    const { id, uid } = this.put(kind, withoutIds(this.#body(kind, seen)) as Json);
    return { [kind]: { id, uid, name: 'as sent' } };
  }

  #replace(kind: Kind, seen: Seen, uid: string): unknown {
    const found = this.#find(kind, uid);
    const document = this.#body(kind, seen);
    if (kind === 'collection') this.#requireOwnIds(found, document);
    this.#keep(kind, found, document);
    if (
      kind === 'collection' &&
      (this.#options.isAsync === true || seen.headers['prefer'] === 'respond-async')
    ) {
      const task = randomUUID();
      this.#tasks.set(task, { polls: 0 });
      throw new Answer(202, { task: { id: task, status: 'in-progress' } });
    }
    return { [kind]: { id: found.id, uid: found.uid, name: 'as sent' } };
  }

  #requireOwnIds(found: Kept, document: Json): void {
    const { _postman_id: id } = document['info'] as Json;
    if (id !== undefined && id !== found.id) {
      throw error(400, 'collectionMismatchError', 'The collection ID in the path does not match the body.');
    }
    const elsewhere = new Set(
      this.collections.filter((each) => each !== found).flatMap((each) => itemIds(each.document)),
    );
    if (itemIds(document).some((each) => elsewhere.has(each))) {
      throw error(400, 'instanceFoundError', 'The specified item already exists.');
    }
  }

  #task(id: string): unknown {
    const task = this.#tasks.get(id);
    if (task === undefined) throw problem(404, 'not-found', 'Not found');
    task.polls++;
    return { id, status: task.polls > 1 ? 'successful' : 'in-progress' };
  }

  #keep(kind: Kind, kept: Kept, document: Json): void {
    kept.updatedAt = new Date((this.#clock += 1000)).toISOString();
    const about = { owner: OWNER, createdAt: kept.updatedAt, updatedAt: kept.updatedAt };
    if (kind === 'environment') {
      const { name, values } = document;
      kept.document = { id: kept.id, name, ...about, values, isPublic: false };
      return;
    }
    const collection = asPostmanKeepsIt(document, OWNER);
    const { info } = collection;
    kept.document = {
      ...collection,
      info: { ...info, _postman_id: kept.id, uid: kept.uid, updatedAt: kept.updatedAt, lastUpdatedBy: OWNER },
    };
  }
}

function itemIds({ item }: Json): unknown[] {
  const items = Array.isArray(item) ? (item as Json[]) : [];
  return items.flatMap((each) => [each['id']].concat(itemIds(each)));
}

/** A new collection's ids are Postman's own. */
function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'id' && key !== '_postman_id')
      .map(([key, inner]) => [key, withoutIds(inner)]),
  );
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response
    .writeHead(status, { 'content-type': `${type}; charset=utf-8`, ...headers })
    .end(JSON.stringify(body));
}
