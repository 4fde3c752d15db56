import type { ageError } from './age/errors.js';
import type { cliError } from './cli/errors.js';
import type { deviceError } from './device/errors.js';
import { BiotzPostmanError as AnyError } from './errors/biotz-postman-error.js';
import type { ErrorArgsOf } from './errors/define-errors.js';
import type { optionError } from './errors/option-error.js';
import type { fileError } from './files/errors.js';
import type { gitError } from './git/errors.js';
import type { httpError } from './http/errors.js';
import type { journalError } from './journal/errors.js';
import type { newmanError } from './newman/errors.js';
import type { openapiError } from './openapi/errors.js';
import type { platformError } from './platform/errors.js';
import type { postmanError } from './postman/errors.js';
import type { reportError } from './report/errors.js';
import type { snippetError } from './snippet/errors.js';
import type { standInError } from './stand-in/errors.js';
import type { tokenError } from './token/errors.js';
import type { workspaceError } from './workspace/errors.js';
export type { CredentialsFile } from './device/source/credentials-file.js';
export type { NamedStream } from './device/source/open-credentials.js';
export { openCredentials } from './device/source/open-credentials.js';
export type { AgeKeys } from './device/source/decrypted-file.js';
export type { Device } from './device/device.js';
export type {
  Diagnostic,
  DiagnosticArgs,
  DiagnosticCode,
  Severity,
  OnDiagnostic,
} from './device/diagnostic.js';
export type { DeviceList, ReadOptions } from './device/read-devices.js';
export { readDevices, streamDevices, validateDevices } from './device/read-devices.js';
export type { ReadCounts } from './device/row-reader.js';

export type {
  DeviceRecord,
  EndRecord,
  Fleet,
  JournalRecord,
  ResumedRecord,
  RunEnd,
  RunRecord,
  Shard,
  Share,
  StartedRecord,
} from './journal/record.js';
export { readJournal } from './journal/read-journal.js';
export type { BodyMode, ClientAuth, Profile } from './platform/profile.js';
export { biotzProfile } from './platform/profile.js';
export type { ReasonCode } from './platform/reason.js';
export type { CollectionOptions } from './postman/collection.js';
export { createCollection } from './postman/collection.js';
export type { CollectionDocument, EnvironmentDocument } from './postman/document.js';
export type { EnvironmentOptions } from './postman/environment.js';
export { createEnvironment } from './postman/environment.js';
export type { Templates } from './postman/templates.js';
export { loadTemplates } from './postman/templates.js';
export { formatDiagnostic } from './device/diagnostic.js';
export { reasonProse } from './platform/reason.js';
export type { ReasonProse } from './platform/reason.js';
export type { RunReport } from './report/json.js';
export type { DeviceResult, FailedDevice, PassedDevice, RequestResult } from './result/device-result.js';
export type { RunOptions } from './newman/plan.js';
export { runDevices } from './newman/run-devices.js';
export type { JournalOptions, RunFleetOptions, TokenOptions } from './runs/run-fleet.js';
export { runFleet } from './runs/run-fleet.js';
export type { FleetObserver, FleetOutcome, OpenRun } from './runs/send-fleet.js';
export type { ResumeMode } from './journal/journal.js';
export { Secret } from './secret/secret.js';

/** What each error code carries. Arguments are facts for the sentence and never hold a secret. */
export interface ErrorArgs
  extends
    ErrorArgsOf<typeof ageError>,
    ErrorArgsOf<typeof cliError>,
    ErrorArgsOf<typeof deviceError>,
    ErrorArgsOf<typeof optionError>,
    ErrorArgsOf<typeof fileError>,
    ErrorArgsOf<typeof gitError>,
    ErrorArgsOf<typeof httpError>,
    ErrorArgsOf<typeof journalError>,
    ErrorArgsOf<typeof newmanError>,
    ErrorArgsOf<typeof openapiError>,
    ErrorArgsOf<typeof platformError>,
    ErrorArgsOf<typeof postmanError>,
    ErrorArgsOf<typeof reportError>,
    ErrorArgsOf<typeof snippetError>,
    ErrorArgsOf<typeof standInError>,
    ErrorArgsOf<typeof tokenError>,
    ErrorArgsOf<typeof workspaceError> {}

/** The stable code of every error that this package throws on purpose. */
export type ErrorCode = keyof ErrorArgs;

/** The one error class of the package. Callers switch on `code`; `message` is for people and may change. */
export type BiotzPostmanError<C extends ErrorCode = ErrorCode> = AnyError<C, ErrorArgs[C]>;

/** For `instanceof`; only this package makes such errors. */
export const BiotzPostmanError: abstract new (...args: never) => BiotzPostmanError = AnyError;

/** Narrows an unknown error to one of ours, optionally with one code. */
export function isBiotzPostmanError<C extends ErrorCode = ErrorCode>(
  error: unknown,
  code?: C,
): error is BiotzPostmanError<C> {
  return error instanceof AnyError && (code === undefined || error.code === code);
}
