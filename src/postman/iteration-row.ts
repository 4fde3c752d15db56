import type { Device } from '../device/device.js';

/** One row of iteration data, which Newman and Postman's runner use as the variables of one iteration. */
export interface IterationRow {
  readonly username: string;
  readonly password: string;
  readonly device_id: string;
  readonly device_name: string;
}

/** The row of a device. It holds the password, and may only go into a request or below `private/`. */
export function iterationRow({ username, password, deviceId, name }: Device): IterationRow {
  return { username, password: password.reveal(), device_id: deviceId, device_name: name };
}

const variables: ReadonlySet<string> = new Set<keyof IterationRow>([
  'username',
  'password',
  'device_id',
  'device_name',
]);

/** Whether iteration data sets a variable, overriding the environment. */
export const isIterationVariable = (name: string) => variables.has(name);
