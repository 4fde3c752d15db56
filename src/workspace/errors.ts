import { defineErrors } from '../errors/define-errors.js';
import { type ReasonCode, reasonProse } from '../platform/reason.js';

/** What was asked of the Postman API, after "while". */
const callProse: { readonly [C in ApiCall]: string } = {
  me: 'asking whose key it is',
  workspace: 'reading the workspace',
  collections: 'listing the collections of the workspace',
  collection: 'reading the collection',
  'create-collection': 'creating the collection',
  'replace-collection': 'updating the collection',
  'collection-task': 'waiting for the update of the collection',
  environments: 'listing the environments of the workspace',
  environment: 'reading the environment',
  'create-environment': 'creating the environment',
  'replace-environment': 'updating the environment',
};

/** Where API keys are made. */
export const KEYS_PAGE = 'https://go.postman.co/settings/me/api-keys';

/** A longer list is for nobody to read. */
const MOST_NAMED = 10;

function list(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}

/** What to do about a refusal, by its status. */
function nextAfter(status: number, call: ApiCall): string {
  if (status === 401)
    return `Check POSTMAN_API_KEY: keys are made at ${KEYS_PAGE}. With data in the EU it takes --region eu.`;
  if (status === 403)
    return 'Ask an admin of the team for the Editor role in this workspace; some features depend on the plan.';
  if (status === 413) return 'Make it smaller: what people saved there, such as large examples, counts too.';
  if (status === 404 && call === 'workspace')
    return 'Check --workspace: it is the id in the address of the workspace, and has to be in the account of this key.';
  if (status === 404 || (status === 400 && (call === 'collection' || call === 'environment')))
    return 'It may have been deleted just now; run the command again.';
  return 'Compare the message with what the file holds; if the file is as it was generated, please report it.';
}

export const workspaceError = defineErrors({
  /** No answer of the Postman API. `code` is Node's or OpenSSL's. */
  POSTMAN_UNREACHABLE: ({
    call,
    reason,
    code,
  }: {
    readonly call: ApiCall;
    readonly reason: ReasonCode;
    readonly code?: string;
  }) => ({
    reason: `The Postman API gave no answer while ${callProse[call]}: ${reasonProse[reason].meaning} [${code ?? reason}].`,
    next: 'Check the network of this machine, HTTPS_PROXY and --ca, then run the command again.',
  }),
  /** The Postman API said no, in its own words. */
  POSTMAN_REFUSED: ({
    call,
    status,
    said,
  }: {
    readonly call: ApiCall;
    readonly status: number;
    readonly said: string;
  }) => ({
    reason: `The Postman API refused (HTTP ${status}) while ${callProse[call]}${said === '' ? '' : `: "${said}"`}.`,
    next: nextAfter(status, call),
  }),
  /** The Postman API failed. */
  POSTMAN_FAILED: ({
    call,
    status,
    said = '',
  }: {
    readonly call: ApiCall;
    readonly status: number;
    readonly said: string | undefined;
  }) => ({
    reason: `The Postman API failed (HTTP ${status}) while ${callProse[call]}${said === '' ? '' : `: "${said}"`}.`,
    next: 'Run the command again in a few minutes; https://status.postman.com says whether it is down.',
  }),
  /** Too many calls: of a minute, for longer than is waited, or of the plan's month. */
  POSTMAN_BUSY: ({
    call,
    ofMonth,
    waitMs,
  }: {
    readonly call: ApiCall;
    readonly ofMonth: boolean;
    readonly waitMs?: number;
  }) => ({
    reason: ofMonth
      ? `The calls to the Postman API that the plan has are used up (while ${callProse[call]}).`
      : `The Postman API takes no more calls for now (while ${callProse[call]})${waitMs === undefined ? '' : `; it asks to wait ${Math.ceil(waitMs / 1000)} s`}.`,
    next: ofMonth
      ? 'Ask an admin of the Postman team; the resource usage page says when they are renewed.'
      : 'Run the command again after that; other programs with a key of the same user count too.',
  }),
  /** An answer that is not the Postman API's: a proxy's page, or another server's. */
  POSTMAN_UNREADABLE: ({ call, status }: { readonly call: ApiCall; readonly status: number }) => ({
    reason: `What answered (HTTP ${status}) while ${callProse[call]} does not speak as the Postman API does.`,
    next: 'Check HTTPS_PROXY, --region and --postman-api-url: something else may answer in its place.',
  }),
  /** What the Postman API took and did later came to nothing. */
  POSTMAN_TASK_FAILED: ({ task }: { readonly task: string }) => ({
    reason: `The Postman API took the update of the collection, and then failed to carry it out (task ${task}).`,
    next: 'Run the command again.',
  }),
  /** A file to push holds a secret. `places` are names and positions, never values. */
  PUSH_SECRET: ({ file, places }: { readonly file: string; readonly places: readonly string[] }) => ({
    reason: `${file} holds what must not be shared: ${list(places)}. Nothing was sent.`,
    next: 'Push what "generate" wrote outside of private/, or empty these values: biotz-postman share clean FILE.',
  }),
  /** What is in Postman has secrets with shared values, which an update would have to send along. */
  PUSH_SECRET_IN_POSTMAN: ({
    kind,
    name,
    variables,
  }: {
    readonly kind: ResourceKind;
    readonly name: string;
    readonly variables: readonly string[];
  }) => ({
    reason: `The ${kind} "${name}" in Postman has secrets with shared values (${list(variables)}), which an update would have to send along. Nothing was sent.`,
    next: `Empty their shared values in Postman, where the whole team can read them, or leave the ${kind} out with --only ${kind === 'collection' ? 'environment' : 'collection'}.`,
  }),
  /** Several in the workspace were made from this file. */
  PUSH_AMBIGUOUS: ({
    kind,
    role,
    name,
    uids,
  }: {
    readonly kind: ResourceKind;
    readonly role: SourceRole;
    readonly name: string;
    readonly uids: readonly string[];
  }) => ({
    reason: `Several ${kind}s called "${name}" in this workspace were made from this file: ${list(uids)}.`,
    next: `Name the one that you mean with --${role}-uid.`,
  }),
  /** Somebody else's has the same name. */
  PUSH_FOREIGN: ({
    kind,
    role,
    name,
    uids,
  }: {
    readonly kind: ResourceKind;
    readonly role: SourceRole;
    readonly name: string;
    readonly uids: readonly string[];
  }) => ({
    reason: `There is ${kind === 'environment' ? 'an' : 'a'} ${kind} called "${name}" in this workspace that no push has made: ${list(uids)}.`,
    next: `If it may be brought up to date, as one that was imported by hand, name it with --${role}-uid; what people added to it is kept. Else rename one of the two.`,
  }),
  /** The chosen one is not in the workspace. */
  PUSH_UNKNOWN_UID: ({ kind }: { readonly kind: ResourceKind; readonly uid: string }) => ({
    reason: `The workspace has no ${kind} with the requested uid.`,
    next: `Postman shows it in the information about the ${kind}, as the owner's number, a dash and the id.`,
  }),
  /** More than the Postman API takes. */
  PUSH_TOO_LARGE: ({
    kind,
    bytes,
    mostBytes,
  }: {
    readonly kind: ResourceKind;
    readonly bytes: number;
    readonly mostBytes: number;
  }) => ({
    reason: `The ${kind} has ${(bytes / 1_000_000).toFixed(1)} MB with what is in Postman already; the Postman API takes ${mostBytes / 1_000_000} MB. Nothing was sent.`,
    next: 'Make it smaller: large examples are the usual reason.',
  }),
  /** Somebody edited it after it was read; it was not written. */
  PUSH_STALE: ({ kind, name }: { readonly kind: ResourceKind; readonly name: string }) => ({
    reason: `Somebody edited the ${kind} "${name}" after it was read; it was not written.`,
    next: 'Run the command again: it reads it anew.',
  }),
  /** It was written, and is not what was sent. `places` are names. */
  PUSH_UNVERIFIED: ({
    kind,
    name,
    uid,
    places,
  }: {
    readonly kind: ResourceKind;
    readonly name: string;
    readonly uid: string;
    readonly places: readonly string[];
  }) => ({
    reason: `The ${kind} "${name}" (${uid}) was written, but Postman does not show it as it was sent: ${list(places)}.`,
    next: 'Look at it in Postman, where its changelog can restore what it was; somebody may have edited it at the same moment. Then run the command again.',
  }),
  /** Nobody knows whether it was written. `because`: the sentence of what went wrong. */
  PUSH_UNCERTAIN: ({
    kind,
    name,
    because,
  }: {
    readonly kind: ResourceKind;
    readonly name: string;
    readonly because: string;
  }) => ({
    reason: `Nobody knows whether the ${kind} "${name}" was written. ${because}`,
    next: 'Run the command again in a minute: it finds what was made, and makes nothing twice.',
  }),
});

/** What is asked of the Postman API; the words for it are in prose/postman-api.ts. */
export type ApiCall =
  | 'me'
  | 'workspace'
  | 'collections'
  | 'collection'
  | 'create-collection'
  | 'replace-collection'
  | 'collection-task'
  | 'environments'
  | 'environment'
  | 'create-environment'
  | 'replace-environment';

/** What may be pushed. */
export type ResourceKind = 'collection' | 'environment';

/** Which of the files to push it is: the shared environment, or that of a user. Its option is called so, with `-uid`. */
export type SourceRole = 'collection' | 'environment' | 'user-environment';
