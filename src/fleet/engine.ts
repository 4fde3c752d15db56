import type { Device } from '../device/device.js';
import type { Attempt } from '../result/attempt.js';

/** Sends devices: through the collection in Newman, or as plain token requests. */
export interface Engine<A extends Attempt = Attempt> {
  /**
   * Sends a device once. May be called for several devices at once.
   *
   * @returns the attempt, even if the device failed
   */
  attempt(device: Device): Promise<A>;
  /** A clause that says why the engine can send no further device. */
  readonly broken?: string | undefined;
  /** Ends everything in flight, and frees all resources. */
  close(): Promise<void>;
}
