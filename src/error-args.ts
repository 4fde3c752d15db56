import type { IdentityProblem } from './age/identities.js';
import type { RecipientProblem } from './age/recipients.js';
import type { Diagnostic } from './device/diagnostic.js';
import type { ReasonCode } from './platform/reason.js';
import type { IgnoreRule } from './git/exposure.js';
import type { ApiCall, ResourceKind, SourceRole } from './workspace/api-call.js';

/** What each error code carries. Arguments are facts for the sentence and never hold a secret. */
export interface ErrorArgs {
  /** A credentials file has at least one diagnostic of severity error. */
  CREDENTIALS_INVALID: { readonly diagnostics: readonly Diagnostic[] };
  /** The credentials file was written to between its validation and its use. */
  CREDENTIALS_CHANGED: { readonly file: string };
  /** An identity of age cannot be used. `from` is a file or variable, `line` counted from 1. */
  IDENTITY_INVALID: { readonly from: string; readonly line?: number; readonly problem: IdentityProblem };
  /** A file of identities or recipients cannot be read; `reason` is an errno name such as ENOENT, or a clause. */
  KEY_FILE_NOT_READABLE: { readonly option: string; readonly file: string; readonly reason: string };
  /** A recipient of age cannot be used. `from` is a file or option, `line` counted from 1. */
  RECIPIENT_INVALID: { readonly from: string; readonly line?: number; readonly problem: RecipientProblem };
  /** `--device` names no created device of the file. */
  DEVICE_NOT_FOUND: {
    readonly file: string;
    readonly device: string;
    /** Which of several names were not found, counted from 1; absent if only one was given. */
    readonly positions?: readonly number[];
  };
  /** `--device` names several devices: a name that is used twice. */
  DEVICE_AMBIGUOUS: { readonly device: string; readonly lines: readonly number[] };
  /** An option's value cannot be used. `problem` is a full clause, e.g. `must be a whole number of milliseconds above 0`. */
  OPTION_INVALID: { readonly option: string; readonly problem: string; readonly next?: string };
  /** A URL would send credentials in clear, or is none. `option` is the flag that sets it. */
  URL_INSECURE: { readonly option: string; readonly url: string };
  URL_INVALID: { readonly option: string };
  CONFIG_INVALID: { readonly file: string; readonly problem: string };
  TEMPLATE_INVALID: { readonly file: string; readonly problem: string };
  COLLECTION_INVALID: { readonly file: string; readonly problem: string; readonly next?: string };
  ENVIRONMENT_INVALID: { readonly file: string; readonly problem: string; readonly next?: string };
  /** Not an API description that can be used. `problem` is a full clause, e.g. `it has no paths`. */
  OPENAPI_INVALID: {
    readonly file: string;
    readonly line?: number;
    readonly column?: number;
    readonly problem: string;
    readonly next?: string;
  };
  /** `--folder` names no request or folder of the collection. */
  REQUEST_NOT_FOUND: { readonly request: string; readonly known: readonly string[] };
  /** Files of an earlier `generate` that differ from what it wrote. */
  OUTPUT_CHANGED: { readonly files: readonly string[] };
  /** Something stands where a file belongs. `problem` is a clause, e.g. `a symbolic link is there`. */
  OUTPUT_BLOCKED: { readonly file: string; readonly problem: string };
  /** A file could not be written; `reason` is an errno name such as ENOSPC. */
  OUTPUT_NOT_WRITTEN: { readonly file: string; readonly reason: string; readonly next?: string };
  /**
   * Another process holds the lock of a folder, or may hold it: `isAlive` is false if it runs on another machine or in
   * another container, and cannot be seen from here. No holder: `lock` is not a lock of this program.
   */
  FOLDER_IN_USE: {
    readonly folder: string;
    readonly lock: string;
    readonly holder?: { readonly pid: number; readonly host: string; readonly isAlive: boolean };
  };
  /** The operating system refused something. `reason` is an errno name, `call` the system call, `file` what it was about. */
  SYSTEM_REFUSED: { readonly call: string; readonly reason: string; readonly file?: string };
  /** A file of secrets would be written where git takes it along, or over one that git tracks. `option` says where. */
  OUTPUT_NOT_IGNORED: IgnoreRule & {
    readonly option: string;
    readonly file: string;
    readonly tracked: boolean;
  };
  /** `--resume` without anything to go on from, or a journal to merge that is not there. */
  JOURNAL_MISSING: { readonly file: string };
  /** Not a journal, one of another version, or damaged other than by a torn last line. `problem` is a clause about the line or file. */
  JOURNAL_INVALID: { readonly file: string; readonly line?: number; readonly problem: string };
  /** A sound journal, but of another run than the one at hand. `than`: the journal that it does not go with, in a merge. */
  JOURNAL_FOREIGN: { readonly file: string; readonly differs: JournalDifference; readonly than?: string };
  /** Two journals of a merge have a result for the same shard or device. */
  JOURNAL_DUPLICATED: { readonly what: string; readonly files: readonly [string, string] };
  /** A merge has put together all there is, and it is not the whole fleet. */
  REPORT_INCOMPLETE: {
    readonly missingShards: readonly number[];
    readonly shards: number;
    /** Devices of the fleet without a result. */
    readonly devices: number;
  };
  /** The embedded platform could not listen. */
  SERVER_NOT_STARTED: { readonly host: string; readonly port: number; readonly reason: string };
  /** A certificate or key given for TLS. `problem` is OpenSSL's code, or a few words. */
  CERTIFICATE_UNUSABLE: {
    readonly which: 'certificate authority' | 'client certificate';
    readonly problem: string;
  };
  /** The token URL is not that of a Keycloak realm, so that the realm's other addresses are unknown. */
  REALM_UNKNOWN: { readonly tokenUrl: string };
  /** The realm's discovery document could not be read. */
  DISCOVERY_FAILED: { readonly url: string; readonly reason: ReasonCode };
  /** The discovery document cannot be believed. `problem` is a clause, e.g. `jwks_uri is on another server`. */
  DISCOVERY_REFUSED: { readonly url: string; readonly problem: string };
  /** No login can be made at this server, whatever is sent. */
  SERVER_UNSUITABLE: { readonly reason: ReasonCode };
  /** The server answered without the token that was asked for, e.g. `refresh_token`. */
  TOKEN_MISSING: { readonly token: string };
  /** A program has no safe way to write a value in a snippet. `problem` is a clause, e.g. `a control character is in it`. */
  SNIPPET_UNWRITABLE: { readonly program: string; readonly value: string; readonly problem: string };
  /** The Newman engine could not be started, or ended before it took a device. */
  ENGINE_FAILED: { readonly problem: string };
  /** No answer of the Postman API. `code` is Node's or OpenSSL's. */
  POSTMAN_UNREACHABLE: { readonly call: ApiCall; readonly reason: ReasonCode; readonly code?: string };
  /** The Postman API said no, in its own words. */
  POSTMAN_REFUSED: { readonly call: ApiCall; readonly status: number; readonly said: string };
  /** The Postman API failed. */
  POSTMAN_FAILED: { readonly call: ApiCall; readonly status: number; readonly said: string | undefined };
  /** Too many calls: of a minute, for longer than is waited, or of the plan's month. */
  POSTMAN_BUSY: { readonly call: ApiCall; readonly ofMonth: boolean; readonly waitMs?: number };
  /** An answer that is not the Postman API's: a proxy's page, or another server's. */
  POSTMAN_UNREADABLE: { readonly call: ApiCall; readonly status: number };
  /** What the Postman API took and did later came to nothing. */
  POSTMAN_TASK_FAILED: { readonly task: string };
  /** A file to push holds a secret. `places` are names and positions, never values. */
  PUSH_SECRET: { readonly file: string; readonly places: readonly string[] };
  /** What is in Postman has secrets with shared values, which an update would have to send along. */
  PUSH_SECRET_IN_POSTMAN: {
    readonly kind: ResourceKind;
    readonly name: string;
    readonly variables: readonly string[];
  };
  /** Several in the workspace were made from this file. */
  PUSH_AMBIGUOUS: {
    readonly kind: ResourceKind;
    readonly role: SourceRole;
    readonly name: string;
    readonly uids: readonly string[];
  };
  /** Somebody else's has the same name. */
  PUSH_FOREIGN: {
    readonly kind: ResourceKind;
    readonly role: SourceRole;
    readonly name: string;
    readonly uids: readonly string[];
  };
  /** The chosen one is not in the workspace. */
  PUSH_UNKNOWN_UID: { readonly kind: ResourceKind; readonly uid: string };
  /** More than the Postman API takes. */
  PUSH_TOO_LARGE: { readonly kind: ResourceKind; readonly bytes: number; readonly mostBytes: number };
  /** Somebody edited it after it was read; it was not written. */
  PUSH_STALE: { readonly kind: ResourceKind; readonly name: string };
  /** It was written, and is not what was sent. `places` are names. */
  PUSH_UNVERIFIED: {
    readonly kind: ResourceKind;
    readonly name: string;
    readonly uid: string;
    readonly places: readonly string[];
  };
  /** Nobody knows whether it was written. `because`: the sentence of what went wrong. */
  PUSH_UNCERTAIN: { readonly kind: ResourceKind; readonly name: string; readonly because: string };
}

/** In what a journal differs from the run, or journal, that it should belong to. */
export type JournalDifference =
  'command' | 'credentials file' | 'collection' | 'set of options' | 'shard' | 'number of shards';

/** The stable code of every error that this package throws on purpose. */
export type ErrorCode = keyof ErrorArgs;
