import type { Device } from '../device/device.js';
import type { Attempt } from '../result/attempt.js';

/** What sends a device: the collection in Newman, or a plain token request. */
export interface Engine {
  /**
   * Sends a device once. May be called for several devices at a time.
   *
   * @returns what came of it; a failed device is an attempt, not an exception
   */
  attempt(device: Device): Promise<Attempt>;
  /** What is wrong with the engine itself, as a clause: no further device can be sent. */
  readonly broken?: string | undefined;
  /** Ends what is still in flight, and frees everything. */
  close(): Promise<void>;
}
