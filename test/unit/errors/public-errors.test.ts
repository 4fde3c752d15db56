import { expect, test } from '@jest/globals';
import type { IdentityProblem, RecipientProblem } from '../../../src/age/errors.js';
import type { IgnoreRule } from '../../../src/git/exposure.js';
import {
  BiotzPostmanError,
  type Diagnostic,
  type ErrorArgs,
  type ErrorCode,
  isBiotzPostmanError,
  type ReasonCode,
} from '../../../src/index.js';
import type { JournalDifference } from '../../../src/journal/errors.js';
import type { ApiCall, ResourceKind, SourceRole } from '../../../src/workspace/errors.js';
import { optionError } from '../../../src/errors/option-error.js';

/** What people's programs rely on. A code may be added here, and none may change or go. */
interface Contract {
  CREDENTIALS_INVALID: { readonly diagnostics: readonly Diagnostic[] };
  CREDENTIALS_CHANGED: { readonly file: string };
  IDENTITY_INVALID: { readonly from: string; readonly line?: number; readonly problem: IdentityProblem };
  KEY_FILE_NOT_READABLE: { readonly option: string; readonly file: string; readonly reason: string };
  RECIPIENT_INVALID: { readonly from: string; readonly line?: number; readonly problem: RecipientProblem };
  DEVICE_NOT_FOUND: {
    readonly file: string;
    readonly device: string;
    readonly positions?: readonly number[];
  };
  DEVICE_AMBIGUOUS: { readonly device: string; readonly lines: readonly number[] };
  OPTION_INVALID: { readonly option: string; readonly problem: string; readonly next?: string };
  URL_INSECURE: { readonly option: string; readonly url: string };
  URL_INVALID: { readonly option: string };
  CONFIG_INVALID: { readonly file: string; readonly problem: string };
  TEMPLATE_INVALID: { readonly file: string; readonly problem: string };
  COLLECTION_INVALID: { readonly file: string; readonly problem: string; readonly next?: string };
  ENVIRONMENT_INVALID: { readonly file: string; readonly problem: string; readonly next?: string };
  OPENAPI_INVALID: {
    readonly file: string;
    readonly line?: number;
    readonly column?: number;
    readonly problem: string;
    readonly next?: string;
  };
  REQUEST_NOT_FOUND: { readonly request: string; readonly known: readonly string[] };
  OUTPUT_CHANGED: { readonly files: readonly string[] };
  OUTPUT_BLOCKED: { readonly file: string; readonly problem: string };
  OUTPUT_NOT_WRITTEN: { readonly file: string; readonly reason: string; readonly next?: string };
  FOLDER_IN_USE: {
    readonly folder: string;
    readonly lock: string;
    readonly holder?: { readonly pid: number; readonly host: string; readonly isAlive: boolean };
  };
  SYSTEM_REFUSED: { readonly call: string; readonly reason: string; readonly file?: string };
  OUTPUT_NOT_IGNORED: IgnoreRule & {
    readonly option: string;
    readonly file: string;
    readonly tracked: boolean;
  };
  JOURNAL_MISSING: { readonly file: string };
  JOURNAL_INVALID: { readonly file: string; readonly line?: number; readonly problem: string };
  JOURNAL_FOREIGN: { readonly file: string; readonly differs: JournalDifference; readonly than?: string };
  JOURNAL_DUPLICATED: { readonly what: string; readonly files: readonly [string, string] };
  REPORT_INCOMPLETE: {
    readonly missingShards: readonly number[];
    readonly shards: number;
    readonly devices: number;
  };
  SERVER_NOT_STARTED: { readonly host: string; readonly port: number; readonly reason: string };
  CERTIFICATE_UNUSABLE: {
    readonly which: 'certificate authority' | 'client certificate';
    readonly problem: string;
  };
  REALM_UNKNOWN: { readonly tokenUrl: string };
  DISCOVERY_FAILED: { readonly url: string; readonly reason: ReasonCode };
  DISCOVERY_REFUSED: { readonly url: string; readonly problem: string };
  SERVER_UNSUITABLE: { readonly reason: ReasonCode };
  TOKEN_MISSING: { readonly token: string };
  SNIPPET_UNWRITABLE: { readonly program: string; readonly value: string; readonly problem: string };
  ENGINE_FAILED: { readonly problem: string };
  POSTMAN_UNREACHABLE: { readonly call: ApiCall; readonly reason: ReasonCode; readonly code?: string };
  POSTMAN_REFUSED: { readonly call: ApiCall; readonly status: number; readonly said: string };
  POSTMAN_FAILED: { readonly call: ApiCall; readonly status: number; readonly said: string | undefined };
  POSTMAN_BUSY: { readonly call: ApiCall; readonly ofMonth: boolean; readonly waitMs?: number };
  POSTMAN_UNREADABLE: { readonly call: ApiCall; readonly status: number };
  POSTMAN_TASK_FAILED: { readonly task: string };
  PUSH_SECRET: { readonly file: string; readonly places: readonly string[] };
  PUSH_SECRET_IN_POSTMAN: {
    readonly kind: ResourceKind;
    readonly name: string;
    readonly variables: readonly string[];
  };
  PUSH_AMBIGUOUS: {
    readonly kind: ResourceKind;
    readonly role: SourceRole;
    readonly name: string;
    readonly uids: readonly string[];
  };
  PUSH_FOREIGN: {
    readonly kind: ResourceKind;
    readonly role: SourceRole;
    readonly name: string;
    readonly uids: readonly string[];
  };
  PUSH_UNKNOWN_UID: { readonly kind: ResourceKind; readonly uid: string };
  PUSH_TOO_LARGE: { readonly kind: ResourceKind; readonly bytes: number; readonly mostBytes: number };
  PUSH_STALE: { readonly kind: ResourceKind; readonly name: string };
  PUSH_UNVERIFIED: {
    readonly kind: ResourceKind;
    readonly name: string;
    readonly uid: string;
    readonly places: readonly string[];
  };
  PUSH_UNCERTAIN: { readonly kind: ResourceKind; readonly name: string; readonly because: string };
}

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Changed = {
  [C in ErrorCode | keyof Contract]: C extends keyof Contract & ErrorCode
    ? Same<ErrorArgs[C], Contract[C]> extends true
      ? never
      : C
    : C;
}[ErrorCode | keyof Contract];

test('every error code has the arguments that are promised', () => {
  // The compiler (npm run lint) names each code that changed.
  const changed: readonly Changed[] = [];
  expect(changed).toEqual([]);
});

test('an error is recognised, and its arguments can be read by its code', () => {
  const error: unknown = optionError('OPTION_INVALID', { option: '--all', problem: 'must be alone' });
  expect(error).toBeInstanceOf(BiotzPostmanError);
  expect(isBiotzPostmanError(error, 'URL_INVALID')).toBe(false);
  expect(isBiotzPostmanError(error, 'OPTION_INVALID') && error.args.problem).toBe('must be alone');
  expect((error as Error).message).toBe(
    '--all must be alone. Run the command with --help to see its options.',
  );
});
