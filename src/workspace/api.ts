import { isBiotzPostmanError } from '../errors/biotz-postman-error.js';
import { isObject, type JsonObject, objectOr } from '../text/json.js';
import { ApiClient, type ApiOptions, type Call } from './api-client.js';
import { OutcomeUnknown } from './api-error.js';
import { objectsIn, textOf } from './document.js';
import { type ApiCall, type ResourceKind, workspaceError } from './errors.js';

/** The API accepts "a limit" and names no maximum. */
const PAGE = 100;
/** Size from which the API is asked to answer at once and to finish a collection later. In bytes. */
const LARGE_BYTES = 5_000_000;
/** Time that a task may take, and time between questions about it. */
const TASK_DEADLINE_MS = 300_000;
const TASK_EVERY_MS = 1_000;

export interface User {
  readonly name: string;
  /** Absent if the user is in no team. */
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

/**
 * The calls of the Postman API that a push needs.
 *
 * @see https://learning.postman.com/api-docs/api-reference, version 1.45.0
 */
export class PostmanApi {
  readonly #client: ApiClient;
  readonly #signal: AbortSignal | undefined;

  constructor(options: ApiOptions) {
    this.#client = new ApiClient(options);
    this.#signal = options.signal;
  }

  /** The owner of the key. */
  async me(): Promise<User> {
    const { user } = await this.#client.send({ call: 'me', path: '/me' });
    const { fullName, username, teamName } = objectOr(user);
    const team = textOf(teamName);
    return { name: textOf(fullName) || textOf(username), ...(team !== '' && { team }) };
  }

  /** Must be called before `list`: for a workspace that does not exist, the API answers with an empty list. */
  async workspace(id: string): Promise<Workspace> {
    const path = `/workspaces/${encodeURIComponent(id)}`;
    const { workspace } = await this.#client.send({ call: 'workspace', path, paced: true });
    const { name, visibility, type } = objectOr(workspace);
    return { id, name: textOf(name), visibility: textOf(visibility) || textOf(type) };
  }

  /** Every collection or environment of a workspace. */
  async list(kind: ResourceKind, workspace: string): Promise<readonly Listed[]> {
    const path = `/${kind}s?workspace=${encodeURIComponent(workspace)}`;
    if (kind === 'environment') {
      const { environments } = await this.#client.send({ call: 'environments', path });
      return objectsIn(environments).map(listed);
    }
    const found = new Map<string, Listed>();
    // The offset grows by what arrived, because the API may send fewer than the limit.
    for (let offset = 0; ;) {
      const page: Call = { call: 'collections', path: `${path}&limit=${PAGE}&offset=${offset}`, paced: true };
      const { collections, meta } = await this.#client.send(page);
      const items = objectsIn(collections).map(listed);
      offset += items.length;
      const before = found.size;
      for (const each of items) found.set(each.uid, each);
      const { total } = objectOr(meta);
      // A server without paging sends the same list again.
      const isLast = items.length === 0 || found.size === before;
      if (isLast || (typeof total === 'number' && found.size >= total)) return [...found.values()];
    }
  }

  /** A collection or environment with everything that Postman stores about it. */
  async get(kind: ResourceKind, uid: string): Promise<JsonObject> {
    const answer = await this.#client.send({ call: kind, path: `/${kind}s/${encodeURIComponent(uid)}` });
    const document = answer[kind];
    if (isObject(document)) return document;
    throw workspaceError('POSTMAN_UNREADABLE', { call: kind, status: 200 });
  }

  /**
   * @returns the uid of the new document
   * @throws {OutcomeUnknown} if it may have been created
   */
  async create(kind: ResourceKind, workspace: string, document: JsonObject): Promise<string> {
    const call: ApiCall = `create-${kind}`;
    const path = `/${kind}s?workspace=${encodeURIComponent(workspace)}`;
    const answer = await this.#client.send({ call, method: 'POST', path, body: bodyOf(kind, document) });
    const { uid, id } = objectOr(answer[kind]);
    const created = textOf(uid) || textOf(id);
    if (created !== '') return created;
    throw new OutcomeUnknown(workspaceError('POSTMAN_UNREADABLE', { call, status: 200 }));
  }

  /** @throws {OutcomeUnknown} if it may have been written, or is still being written */
  async replace(kind: ResourceKind, uid: string, document: JsonObject): Promise<void> {
    const body = bodyOf(kind, document);
    const isLarge = kind === 'collection' && body.length > LARGE_BYTES;
    const { task } = await this.#client.send({
      call: `replace-${kind}`,
      method: 'PUT',
      path: `/${kind}s/${encodeURIComponent(uid)}`,
      body,
      ...(isLarge && { headers: { prefer: 'respond-async' } }),
    });
    if (!isObject(task)) return;
    try {
      await this.#finish(textOf(task['id']));
    } catch (error) {
      // The API accepted the update; only its result is unknown, even after an interruption.
      const isExpected = isBiotzPostmanError(error) || this.#signal?.aborted === true;
      throw error instanceof Error && isExpected ? new OutcomeUnknown(error) : error;
    }
  }

  wait(ms: number): Promise<void> {
    return this.#client.wait(ms);
  }

  /** Waits for an update that the API accepted with 202. */
  async #finish(task: string): Promise<void> {
    const call = 'collection-task';
    const path = `/collection-updates-tasks/${encodeURIComponent(task)}`;
    for (let waited = 0; waited < TASK_DEADLINE_MS; waited += TASK_EVERY_MS) {
      const { status } = await this.#client.send({ call, path });
      if (status === 'successful') return;
      if (status === 'failed') throw workspaceError('POSTMAN_TASK_FAILED', { task });
      await this.#client.wait(TASK_EVERY_MS);
    }
    throw workspaceError('POSTMAN_UNREACHABLE', { call, reason: 'timeout' });
  }
}

const listed = ({ uid, id, name }: JsonObject): Listed => ({
  uid: textOf(uid) || textOf(id),
  name: textOf(name),
});

/** The body of a write, whose length is limited. */
export function bodyOf(kind: ResourceKind, document: JsonObject): string {
  if (kind === 'collection') return JSON.stringify({ collection: document });
  const { name, values } = document;
  return JSON.stringify({ environment: { name, values } });
}
