import { defineErrors } from '../errors/define-errors.js';
import { reasonProse, type ReasonCode } from '../platform/reason.js';

/** The kinds of document that a push writes. */
export type ResourceKind = 'collection' | 'environment';

/** Which of the files a push reads. The option that names its counterpart in Postman is `--<role>-uid`. */
export type SourceRole = ResourceKind | 'user-environment';

/** Every call of the Postman API, with the words that follow "while". */
const callProse = {
  me: 'asking who owns the key',
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
} as const;

export type ApiCall = keyof typeof callProse;

/** Where users make API keys. */
export const KEYS_PAGE = 'https://go.postman.co/settings/me/api-keys';

/** Limit on the names in a message. */
const MOST_NAMED = 10;

function list(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `${names.slice(0, MOST_NAMED).join(', ')}${more}`;
}

const quotation = (said: string) => (said === '' ? '' : `: "${said}"`);

/** What to do about a refusal, by its status. */
function nextAfter(status: number, call: ApiCall): string {
  if (status === 401)
    return `Check POSTMAN_API_KEY: keys are made at ${KEYS_PAGE}. If your data is in the EU, add --region eu.`;
  if (status === 403)
    return 'Ask an admin of the team for the Editor role in this workspace. Some features depend on the plan.';
  if (status === 413)
    return 'Make it smaller. What people saved in Postman counts too, such as large examples.';
  if (status === 404 && call === 'workspace')
    return 'Check --workspace: it is the id in the address of the workspace. The owner of the key must have access to it.';
  if (status === 404 || (status === 400 && (call === 'collection' || call === 'environment')))
    return 'It may have been deleted just now. Run the command again.';
  return 'Compare the message with the file. If you did not edit the generated file, please report this.';
}

interface Called {
  readonly call: ApiCall;
}

interface Answered extends Called {
  readonly status: number;
}

interface Named {
  readonly kind: ResourceKind;
  readonly name: string;
}

interface Namesakes extends Named {
  readonly role: SourceRole;
  readonly uids: readonly string[];
}

export const workspaceError = defineErrors({
  /** The Postman API did not answer. `code` is Node's or OpenSSL's. */
  POSTMAN_UNREACHABLE: ({
    call,
    reason,
    code,
  }: Called & { readonly reason: ReasonCode; readonly code?: string }) => ({
    reason: `The Postman API did not answer while ${callProse[call]}: ${reasonProse[reason].meaning} [${code ?? reason}].`,
    next: 'Check the network of this machine, HTTPS_PROXY and --ca, then run the command again.',
  }),
  /** The Postman API refused a call. `said` is its own explanation. */
  POSTMAN_REFUSED: ({ call, status, said }: Answered & { readonly said: string }) => ({
    reason: `The Postman API refused (HTTP ${status}) while ${callProse[call]}${quotation(said)}.`,
    next: nextAfter(status, call),
  }),
  /** The Postman API failed. */
  POSTMAN_FAILED: ({ call, status, said = '' }: Answered & { readonly said: string | undefined }) => ({
    reason: `The Postman API failed (HTTP ${status}) while ${callProse[call]}${quotation(said)}.`,
    next: 'Run the command again in a few minutes. https://status.postman.com shows outages.',
  }),
  /** Too many calls: in a minute, if the API asks for a longer wait than a push accepts, or in the plan's month. */
  POSTMAN_BUSY: ({
    call,
    ofMonth,
    waitMs,
  }: Called & { readonly ofMonth: boolean; readonly waitMs?: number }) => ({
    reason: ofMonth
      ? `The plan's calls to the Postman API are used up (while ${callProse[call]}).`
      : `The Postman API accepts no more calls for now (while ${callProse[call]})${waitMs === undefined ? '' : `; it asks to wait ${Math.ceil(waitMs / 1000)} s`}.`,
    next: ofMonth
      ? 'Ask an admin of the Postman team. The resource usage page shows when they are renewed.'
      : 'Run the command again after that. Other programs with a key of the same user count too.',
  }),
  /** The answer is not the Postman API's: a proxy's page, or another server's. */
  POSTMAN_UNREADABLE: ({ call, status }: Answered) => ({
    reason: `The answer (HTTP ${status}) while ${callProse[call]} did not come from the Postman API.`,
    next: 'Check HTTPS_PROXY, --region and --postman-api-url: another server may have answered.',
  }),
  /** The Postman API accepted an update to carry out later, and then failed. */
  POSTMAN_TASK_FAILED: ({ task }: { readonly task: string }) => ({
    reason: `The Postman API accepted the update of the collection, and then failed to carry it out (task ${task}).`,
    next: 'Run the command again.',
  }),
  /** A file to push contains a secret. `places` are names and positions, never values. */
  PUSH_SECRET: ({ file, places }: { readonly file: string; readonly places: readonly string[] }) => ({
    reason: `${file} contains secrets, which must not be shared: ${list(places)}. Nothing was sent.`,
    next: 'Push what "generate" wrote outside of private/, or empty these values: biotz-postman share clean FILE.',
  }),
  /** The document in Postman has secrets with shared values, which an update would send along. */
  PUSH_SECRET_IN_POSTMAN: ({ kind, name, variables }: Named & { readonly variables: readonly string[] }) => ({
    reason: `The ${kind} "${name}" in Postman has secrets with shared values: ${list(variables)}. An update would send them along, so nothing was sent.`,
    next: `Empty their shared values in Postman, where the whole team can read them. Or omit the ${kind}: --only ${kind === 'collection' ? 'environment' : 'collection'}.`,
  }),
  /** Several documents in the workspace were made from this file. */
  PUSH_AMBIGUOUS: ({ kind, role, name, uids }: Namesakes) => ({
    reason: `Several ${kind}s called "${name}" in this workspace were made from this file: ${list(uids)}.`,
    next: `Choose one of them with --${role}-uid.`,
  }),
  /** A document of the same name exists, and no push made it. */
  PUSH_FOREIGN: ({ kind, role, name, uids }: Namesakes) => ({
    reason: `This workspace already has ${kind === 'environment' ? 'an' : 'a'} ${kind} called "${name}" that no push has made: ${list(uids)}.`,
    next: `To update it, for example after an import by hand, pass its uid with --${role}-uid; what people added is kept. Otherwise rename one of the two.`,
  }),
  /** The workspace does not have the chosen uid. */
  PUSH_UNKNOWN_UID: ({ kind }: { readonly kind: ResourceKind; readonly uid: string }) => ({
    reason: `The workspace has no ${kind} with the requested uid.`,
    next: `Postman shows it in the information about the ${kind}: the owner's number, a dash and the id.`,
  }),
  /** The document is larger than the Postman API accepts. */
  PUSH_TOO_LARGE: ({
    kind,
    bytes,
    mostBytes,
  }: {
    readonly kind: ResourceKind;
    readonly bytes: number;
    readonly mostBytes: number;
  }) => ({
    reason: `The ${kind} has ${(bytes / 1_000_000).toFixed(1)} MB, including what is in Postman already; the Postman API accepts ${mostBytes / 1_000_000} MB. Nothing was sent.`,
    next: 'Make it smaller: large examples are the usual cause.',
  }),
  /** Another user edited the document after it was read; it was not written. */
  PUSH_STALE: ({ kind, name }: Named) => ({
    reason: `The ${kind} "${name}" changed in Postman after it was read, so it was not written.`,
    next: 'Run the command again: it reads the new version.',
  }),
  /** The document was written, and Postman shows something else. `places` are names. */
  PUSH_UNVERIFIED: ({
    kind,
    name,
    uid,
    places,
  }: Named & { readonly uid: string; readonly places: readonly string[] }) => ({
    reason: `The ${kind} "${name}" (${uid}) was written, but Postman shows it differently: ${list(places)}.`,
    next: 'Another user may have edited it at the same time. Check it in Postman, whose changelog can restore it, then run the command again.',
  }),
  /** The document may have been written. `because`: the sentence of what went wrong. */
  PUSH_UNCERTAIN: ({ kind, name, because }: Named & { readonly because: string }) => ({
    reason: `It is unknown whether the ${kind} "${name}" was written. ${because}`,
    next: 'Run the command again in a minute: it finds what was created, and creates nothing twice.',
  }),
});
