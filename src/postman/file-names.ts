import { createHash } from 'node:crypto';
import type { Device } from '../device/device.js';
import { SeenTexts } from '../device/seen-texts.js';
import { redactName } from '../secret/redact.js';

/** Names that Windows gives to devices of its own, alone or before a dot, in any case. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/** Leaves room for a suffix in the 255 bytes of a file's name. */
const MAX_LENGTH = 60;

/** What of a device's name can stand in a file's name on every system. */
function slug(name: string): string {
  const text = name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, MAX_LENGTH)
    .replace(/[.-]+$/, '');
  if (text === '') return 'device';
  return RESERVED.test(text) ? `device-${text}` : text;
}

/**
 * Names the private environments of a credentials file's devices. The first device with a name gets it
 * plain, a later one whose name differs only in case or in what a file's name cannot hold gets a part of
 * its id's digest: every device of a file has its own name, whichever of them are written.
 */
export class FileNames {
  readonly #taken = new SeenTexts();

  /** Call it for every device in the file's order. @returns a file name without its ending */
  nameOf({ name, deviceId, password }: Pick<Device, 'name' | 'deviceId' | 'password'>): string {
    const withoutPassword = (text: string) => slug(redactName(text, password.reveal()));
    // Twice: a slug may spell a password that the name spells otherwise.
    const plain = withoutPassword(withoutPassword(name));
    if (this.#take(plain)) return plain;
    const digest = createHash('sha256').update(deviceId).digest('hex');
    for (let length = 8; length < digest.length; length *= 2) {
      const distinct = `${plain}-${digest.slice(0, length)}`;
      if (this.#take(distinct)) return distinct;
    }
    return `${plain}-${digest}`;
  }

  /** Case is folded: macOS and Windows do not tell `A` from `a`. */
  #take(name: string): boolean {
    return this.#taken.add(name.toLowerCase());
  }
}

/** The shared files of `generate`, which hold no secret. */
export const COLLECTION_FILE = 'biotz.postman_collection.json';
export const SHARED_ENVIRONMENT_FILE = 'biotz.shared.postman_environment.json';
export const USER_ENVIRONMENT_FILE = 'biotz.user.postman_environment.json';
