export type { CredentialsFile, NamedStream } from './device/source/credentials-file.js';
export { openCredentials } from './device/source/credentials-file.js';
export type { AgeKeys } from './device/source/decrypted-file.js';
export type { Device } from './device/device.js';
export type { Diagnostic, DiagnosticArgs, DiagnosticCode, Severity } from './device/diagnostic.js';
export type { OnDiagnostic } from './device/findings.js';
export type { DeviceList } from './device/read-devices.js';
export { readDevices } from './device/read-devices.js';
export type { ReadCounts } from './device/row-reader.js';
export type { ReadOptions } from './device/stream-devices.js';
export { streamDevices } from './device/stream-devices.js';
export { validateDevices } from './device/validate-devices.js';
export type { ErrorArgs, ErrorCode } from './errors/errors.js';
export { BiotzPostmanError, isBiotzPostmanError } from './errors/errors.js';
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
export { formatDiagnostic } from './prose/diagnostics.js';
export { reasonProse } from './prose/reasons.js';
export type { ReasonProse } from './prose/reasons.js';
export type { RunReport } from './report/json.js';
export type { DeviceResult, FailedDevice, PassedDevice, RequestResult } from './result/device-result.js';
export type { RunOptions } from './newman/plan.js';
export { runDevices } from './newman/run-devices.js';
export { Secret } from './secret/secret.js';
