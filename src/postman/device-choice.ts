import { postmanError } from './errors.js';
import type { Device } from '../device/device.js';
import { redactName } from '../secret/redact.js';
import { FileNames } from './file-names.js';

/** Devices whose private environments are written: the first one, all, or those with the given names or ids. */
export type DeviceSelection = 'first' | 'all' | readonly string[];

/** A device and the name of its private environment's file, without an ending. */
export interface ChosenDevice {
  readonly device: Device;
  readonly fileName: string;
}

/** Limit on the lines in a message. */
const MAX_LINES = 20;

interface Candidate {
  byId?: ChosenDevice;
  byName?: ChosenDevice;
  /** The name, without passwords of devices that have this name. */
  shown: string;
  readonly lines: number[];
}

/** Chooses devices from a stream. Call {@link see} once for each device, in order. */
export class DeviceChoice {
  readonly #selection: DeviceSelection;
  readonly #names = new FileNames();
  readonly #candidates: ReadonlyMap<string, Candidate>;
  #seen = 0;

  constructor(selection: DeviceSelection) {
    this.#selection = selection;
    const wanted = typeof selection === 'string' ? [] : selection;
    this.#candidates = new Map(wanted.map((name) => [name, { shown: name, lines: [] }]));
  }

  /** @returns the device if it is chosen; {@link end} returns devices that are chosen by name or id */
  see(device: Device): ChosenDevice | undefined {
    this.#seen += 1;
    // The first name cannot collide with another one.
    if (this.#selection === 'first' && this.#seen > 1) return undefined;
    const chosen = { device, fileName: this.#names.nameOf(device) };
    if (typeof this.#selection === 'string') return chosen;
    const byId = this.#candidates.get(device.deviceId);
    if (byId) byId.byId = chosen;
    const byName = this.#candidates.get(device.name);
    if (byName) {
      byName.byName ??= chosen;
      byName.shown = redactName(byName.shown, device.password.reveal());
      if (byName.lines.length < MAX_LINES) byName.lines.push(device.line);
    }
    return undefined;
  }

  /**
   * Returns the named devices, each once. An id takes precedence over a name.
   *
   * @param file the credentials file's name, for the message
   * @throws {@link BiotzPostmanError} `DEVICE_NOT_FOUND` with all names that no device has, `DEVICE_AMBIGUOUS`
   */
  end(file: string): ReadonlySet<ChosenDevice> {
    const unknown: string[] = [];
    const chosen = new Map<string, ChosenDevice>();
    for (const [name, { byId, byName, shown, lines }] of this.#candidates) {
      const found = byId ?? byName;
      if (found === undefined) unknown.push(name);
      else if (byId === undefined && lines.length > 1) {
        throw postmanError('DEVICE_AMBIGUOUS', { device: shown, lines });
      } else chosen.set(found.device.deviceId, found);
    }
    if (unknown.length > 0) {
      const wanted = [...this.#candidates.keys()];
      throw postmanError('DEVICE_NOT_FOUND', {
        file,
        device: unknown.join('", "'),
        ...(wanted.length > 1 && { positions: unknown.map((name) => wanted.indexOf(name) + 1) }),
      });
    }
    return new Set(chosen.values());
  }
}
