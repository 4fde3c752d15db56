import { redactName } from '../secret/redact.js';
import type { Secret } from '../secret/secret.js';

/**
 * One created device: a row of the credentials file whose `Created` is `Yes`. Every value is the exact
 * string of the file; nothing is trimmed, cast or normalised.
 */
export interface Device {
  /** `Device ID`; unique in its file. */
  readonly deviceId: string;
  /** `Name`; the device id if the file has no name. Two devices may share a name. */
  readonly name: string;
  /** `HTTP Username`: what the token endpoint calls `username`. */
  readonly username: string;
  /** `Password`. */
  readonly password: Secret;
  /** Where the device's row starts in its file, counted from 1; the header of a CSV is line 1. */
  readonly line: number;
  /** Every other column of the row, by the header's own spelling, in the file's order. */
  readonly otherColumns: Readonly<Record<string, string>>;
}

/** A device's name as it may be shown: a user may have put the password into it. */
export function shownName({ name, password }: Pick<Device, 'name' | 'password'>): string {
  return redactName(name, password.reveal());
}
