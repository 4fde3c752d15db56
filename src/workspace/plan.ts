import type { JsonObject } from '../text/json.js';
import { bodyOf, type Listed, type PostmanApi, type User, type Workspace } from './api.js';
import type { Change, Merge } from './change.js';
import { type SourceRole, workspaceError } from './errors.js';
import type { Resource } from './resource.js';
import { filledSecrets } from './secrets.js';

/** One of the files to push. */
export interface Source {
  readonly role: SourceRole;
  readonly resource: Resource;
  /** The content of the file. */
  readonly document: JsonObject;
  /** The uid in Postman that the user chose. The document is updated even if no push made it. */
  readonly uid?: string;
}

/** What a push does with one file. */
export type Step = CreateStep | UpdateStep;

export interface CreateStep {
  readonly action: 'create';
  readonly source: Source;
  readonly name: string;
  /** The document to send. */
  readonly document: JsonObject;
  /** What the new document contains. */
  readonly changes: readonly Change[];
}

export interface UpdateStep {
  /** `none`: the document is up to date. */
  readonly action: 'update' | 'none';
  readonly source: Source;
  /** Its name in Postman, which users may have changed. */
  readonly name: string;
  readonly uid: string;
  /** The document in Postman, as it was read. */
  readonly theirs: JsonObject;
  readonly merge: Merge<JsonObject>;
}

export interface Plan {
  readonly user: User;
  readonly workspace: Workspace;
  readonly steps: readonly Step[];
  readonly force: boolean;
}

export interface PlanOptions {
  /** The workspace's id. */
  readonly workspace: string;
  readonly sources: readonly Source[];
  /** Whether to replace what users edited, too. */
  readonly force: boolean;
}

/** Limit on documents of the same name that are read. Usually there is one. */
const MOST_NAMESAKES = 20;

/**
 * Reads the documents in Postman and plans what a push would do. Writes nothing.
 *
 * @throws {BiotzPostmanError} POSTMAN_* for errors of the API; PUSH_AMBIGUOUS, PUSH_FOREIGN, PUSH_UNKNOWN_UID,
 *   PUSH_SECRET_IN_POSTMAN, PUSH_TOO_LARGE
 */
export async function planPush(
  api: PostmanApi,
  { workspace: id, sources, force }: PlanOptions,
): Promise<Plan> {
  const user = await api.me();
  const workspace = await api.workspace(id);
  const steps: Step[] = [];
  for (const source of sources) {
    const step = await planStep(api, id, source, force);
    requireSize(step);
    steps.push(step);
  }
  return { user, workspace, steps, force };
}

async function planStep(api: PostmanApi, workspace: string, source: Source, force: boolean): Promise<Step> {
  const { resource, document: file } = source;
  const found = await find(api, workspace, source);
  if (found === undefined) {
    const changes = resource.merge({}, file, '', {}).changes.filter(({ kind }) => kind === 'added');
    const name = resource.nameOf(file);
    return { action: 'create', source, name, document: resource.create(file), changes };
  }
  const { uid, theirs } = found;
  const { kind } = resource;
  const name = resource.nameOf(theirs);
  const merge = resource.merge(theirs, file, uid, { force });
  const action = merge.changes.length === 0 ? 'none' : 'update';
  const variables = filledSecrets(resource.variablesOf(theirs), resource.variablesOf(file));
  if (action === 'update' && variables.length > 0) {
    throw workspaceError('PUSH_SECRET_IN_POSTMAN', { kind, name, variables });
  }
  return { action, source, name, uid, theirs, merge };
}

interface Found {
  readonly uid: string;
  readonly theirs: JsonObject;
}

/** Finds a file's document in Postman: by the uid that the user chose, otherwise by name and marker. */
async function find(
  api: PostmanApi,
  workspace: string,
  { role, resource, document, uid }: Source,
): Promise<Found | undefined> {
  const { kind } = resource;
  const listed = await api.list(kind, workspace);
  if (uid !== undefined) {
    // Some places in Postman show only the id, without the owner's number before it.
    const chosen = listed.find((each) => each.uid === uid || each.uid.replace(/^\d+-/, '') === uid);
    if (chosen !== undefined) return { uid: chosen.uid, theirs: await api.get(kind, chosen.uid) };
    throw workspaceError('PUSH_UNKNOWN_UID', { kind, uid });
  }
  const name = resource.nameOf(document);
  const namesakes = listed.filter((each) => each.name === name);
  const own = await madeFrom(api, resource, document, namesakes);
  const uidsOf = (documents: readonly { readonly uid: string }[]) => documents.map((each) => each.uid);
  if (own.length > 1) throw workspaceError('PUSH_AMBIGUOUS', { kind, role, name, uids: uidsOf(own) });
  if (own.length === 0 && namesakes.length > 0) {
    throw workspaceError('PUSH_FOREIGN', { kind, role, name, uids: uidsOf(namesakes) });
  }
  return own[0];
}

/** The documents of a list that a push made from this file. */
export async function madeFrom(
  api: PostmanApi,
  resource: Resource,
  file: JsonObject,
  listed: readonly Listed[],
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { uid } of listed.slice(0, MOST_NAMESAKES)) {
    const theirs = await api.get(resource.kind, uid);
    if (resource.isMadeFrom(theirs, file)) found.push({ uid, theirs });
  }
  return found;
}

function requireSize(step: Step): void {
  const { kind, mostBytes } = step.source.resource;
  const document = step.action === 'create' ? step.document : step.merge.document;
  const bytes = Buffer.byteLength(bodyOf(kind, document));
  if (bytes > mostBytes) throw workspaceError('PUSH_TOO_LARGE', { kind, bytes, mostBytes });
}
