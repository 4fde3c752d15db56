import { bodyOf, type Listed, type PostmanApi, type User, type Workspace } from './api.js';
import type { Change, Merge } from './change.js';
import type { Document } from './document.js';
import { type SourceRole, workspaceError } from './errors.js';
import type { Resource } from './resource.js';
import { filledSecrets } from './secrets.js';

/** One of the files to push. */
export interface Source {
  readonly role: SourceRole;
  readonly resource: Resource;
  /** As it is in the file. */
  readonly document: Document;
  /** The one in Postman, where somebody chose it: it is taken over even if no push made it. */
  readonly uid?: string;
}

/** What is to be done with one of them. */
export type Step = CreateStep | UpdateStep;

export interface CreateStep {
  readonly action: 'create';
  readonly source: Source;
  readonly name: string;
  /** What is sent. */
  readonly document: Document;
  /** What there will be. */
  readonly changes: readonly Change[];
}

export interface UpdateStep {
  /** `none`: everything is there. */
  readonly action: 'update' | 'none';
  readonly source: Source;
  /** As it is called in Postman, where people may have changed it. */
  readonly name: string;
  readonly uid: string;
  /** As it was read. */
  readonly theirs: Document;
  readonly merge: Merge<Document>;
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
  /** Also replace what somebody edited. */
  readonly force: boolean;
}

/** So many of the same name are looked into; in an orderly workspace there is one. */
const MOST_NAMESAKES = 20;

/**
 * Reads what is in Postman and says what a push would do there. Writes nothing.
 *
 * @throws {BiotzPostmanError} POSTMAN_* for what the API says; PUSH_AMBIGUOUS, PUSH_FOREIGN, PUSH_UNKNOWN_UID,
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
    const { changes } = resource.merge({}, file, '', {});
    return {
      action: 'create',
      source,
      name: resource.nameOf(file),
      document: resource.create(file),
      changes: changes.filter(({ kind }) => kind === 'added'),
    };
  }
  const { uid, theirs } = found;
  const merge = resource.merge(theirs, file, uid, { force });
  const name = resource.nameOf(theirs);
  const { kind } = resource;
  const action = merge.changes.length === 0 ? 'none' : 'update';
  const variables = filledSecrets(resource.variablesOf(theirs), resource.variablesOf(file));
  if (action === 'update' && variables.length > 0) {
    throw workspaceError('PUSH_SECRET_IN_POSTMAN', { kind, name, variables });
  }
  return { action, source, name, uid, theirs, merge };
}

interface Found {
  readonly uid: string;
  readonly theirs: Document;
}

/** By uid where somebody chose one, else by name and marker. */
async function find(
  api: PostmanApi,
  workspace: string,
  { role, resource, document, uid }: Source,
): Promise<Found | undefined> {
  const { kind } = resource;
  const listed = await api.list(kind, workspace);
  if (uid !== undefined) {
    // Some places in Postman show the id alone, without the owner's number before it.
    const chosen = listed.find((each) => each.uid === uid || each.uid.replace(/^\d+-/, '') === uid);
    if (chosen !== undefined) return { uid: chosen.uid, theirs: await api.get(kind, chosen.uid) };
    throw workspaceError('PUSH_UNKNOWN_UID', { kind, uid });
  }
  const name = resource.nameOf(document);
  const namesakes = listed.filter((each) => each.name === name);
  const own = await madeFrom(api, resource, document, namesakes);
  const [first, ...more] = own;
  if (more.length > 0) {
    throw workspaceError('PUSH_AMBIGUOUS', { kind, role, name, uids: own.map((each) => each.uid) });
  }
  if (first === undefined && namesakes.length > 0) {
    throw workspaceError('PUSH_FOREIGN', {
      kind,
      role,
      name,
      uids: namesakes.map((each) => each.uid),
    });
  }
  return first;
}

/** Those of a list that a push made from this file. */
export async function madeFrom(
  api: PostmanApi,
  resource: Resource,
  file: Document,
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
