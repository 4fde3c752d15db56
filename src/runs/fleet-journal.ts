import type { Device } from '../device/device.js';
import type { Part } from '../fleet/census.js';
import type { Journal, ResumeMode } from '../journal/journal.js';
import type { DeviceRecord } from '../journal/record.js';
import { END_SESSION, GET_TOKEN, PUBLISH_DATA } from '../platform/request-names.js';
import type { DeviceResult, FailedDevice, RequestResult } from '../result/device-result.js';
import { redactName } from '../secret/redact.js';
import type { Redactor } from '../secret/redactor.js';

/** A device that was read and has no result. */
interface Pending {
  readonly index: number;
  readonly device: Device;
  readonly isStarted: boolean;
  readonly release: () => void;
}

/**
 * Connects the credentials file, the run and the journal: chooses which devices are sent, tells the redactor about their
 * secrets while they are in flight, and writes their results down.
 */
export class FleetJournal {
  readonly #journal: Journal;
  readonly #redactor: Redactor;
  readonly #part: Part;
  readonly #resume: ResumeMode | undefined;
  /** Whether the start of a device is written down, because it must not be sent twice. */
  readonly #noteStarts: boolean;
  /** By the line of the device's row. */
  readonly #pending = new Map<number, Pending>();

  constructor(
    journal: Journal,
    redactor: Redactor,
    choice: { readonly part: Part; readonly resume: ResumeMode | undefined; readonly noteStarts: boolean },
  ) {
    this.#journal = journal;
    this.#redactor = redactor;
    this.#part = choice.part;
    this.#resume = choice.resume;
    this.#noteStarts = choice.noteStarts;
  }

  /** Selects the devices to send from all devices of the file. */
  async *choose(batches: AsyncIterable<readonly Device[]>): AsyncGenerator<readonly Device[]> {
    const unknown = new Set(this.#journal.unfinished);
    let index = -1;
    for await (const batch of batches) {
      const chosen: Device[] = [];
      for (const device of batch) {
        index++;
        if (!this.#part.includes(device) || this.#journal.has(index)) continue;
        if (unknown.has(index) && !this.#journal.hadFailed(index)) this.#writeUnknown(device, index);
        else if (this.#resume !== 'failed' || this.#journal.hadFailed(index)) {
          this.#pending.set(device.line, { index, device, isStarted: false, release: () => undefined });
          chosen.push(device);
        }
      }
      if (chosen.length > 0) yield chosen;
    }
  }

  /** Must be called right before a device is sent. */
  readonly started = (device: Device): void => {
    const { line, password } = device;
    const { index } = this.#pendingAt(line);
    const release = this.#redactor.trackSecrets([password.reveal()]);
    this.#pending.set(line, { index, device, isStarted: true, release });
    if (this.#noteStarts) this.#journal.append([{ type: 'started', index }]);
  };

  /**
   * Writes results down.
   *
   * @returns the written results, without secrets
   * @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN
   */
  finished(results: readonly DeviceResult[]): readonly DeviceResult[] {
    const records = results.map((result): DeviceRecord => {
      const { index, device } = this.#pendingAt(result.line);
      return { type: 'device', index, ...withoutSecrets(result, device, this.#redactor) };
    });
    this.#journal.append(records);
    for (const { line } of results) {
      this.#pendingAt(line).release();
      this.#pending.delete(line);
    }
    return records;
  }

  /** Records an unknown outcome for each device in flight, if it may have published a message. */
  breakOff(): void {
    if (!this.#noteStarts) return;
    for (const { index, device, isStarted } of this.#pending.values()) {
      if (isStarted && !this.#journal.has(index)) this.#writeUnknown(device, index);
    }
  }

  /** If a run ends while a device is in flight, its message may or may not have been sent. */
  #writeUnknown(device: Device, index: number): void {
    const { deviceId, name, username, line, password } = device;
    const result: FailedDevice = {
      status: 'failed',
      deviceId,
      name,
      username,
      line,
      attempts: 1,
      retried: [],
      durationMs: 0,
      requests: [],
      reason: 'outcome-unknown',
    };
    const release = this.#redactor.trackSecrets([password.reveal()]);
    this.#journal.append([{ type: 'device', index, ...withoutSecrets(result, device, this.#redactor) }]);
    release();
  }

  #pendingAt(line: number): Pending {
    const pending = this.#pending.get(line);
    if (pending === undefined) throw new RangeError(`a result for line ${line}, whose device was not sent`);
    return pending;
  }
}

/** Our own request names: they cannot contain a secret. */
const ownRequests: ReadonlySet<string> = new Set([GET_TOKEN, PUBLISH_DATA, END_SESSION]);

/**
 * Redacts the texts in a result that other people chose: the names of the device and its requests, and the words of a
 * server or script. Our own codes and request names stay as they are, because a password may be a word such as "token".
 * The device id and username stay as well: journals and reports identify the device by them (docs/security.md).
 *
 * @param redactor knows the secrets of the devices in flight
 */
export function withoutSecrets<R extends DeviceResult>(
  result: R,
  { password }: Pick<Device, 'password'>,
  redactor: Redactor,
): R {
  const { requests } = result;
  if (result.status === 'passed' && requests.every(({ name }) => ownRequests.has(name))) {
    // The name comes from the same row, so it can only contain the password of that row.
    return { ...result, name: redactName(result.name, password.reveal()) };
  }
  const redacted = (text: string) => (ownRequests.has(text) ? text : redactor.redact(text));
  const redactedRequest = (request: RequestResult) => ({ ...request, name: redacted(request.name) });
  return {
    ...result,
    name: redactor.redact(redactName(result.name, password.reveal())),
    requests: requests.map(redactedRequest),
    ...(result.status === 'failed' && {
      ...(result.request !== undefined && { request: redacted(result.request) }),
      ...(result.detail !== undefined && { detail: redactor.redact(result.detail) }),
    }),
  };
}
