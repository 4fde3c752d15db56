import { createHash } from 'node:crypto';
import type { Device } from '../device/device.js';
import { SeenTexts } from '../device/seen-texts.js';
import { redactName } from '../secret/redact.js';

/** Names that Windows reserves for its own devices, alone or before a dot, in any case. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

/** Longest part of a name; leaves room for a suffix in the 255 bytes of a file's name. */
const MAX_LENGTH = 60;

/** The characters of a device's name that file names allow on every system. */
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
 * Names the private environments of the devices of a credentials file. The first device with a name gets the plain name.
 * A later device gets a part of its id's digest appended if the names differ only in case, or in characters that file
 * names do not allow. So every device has its own name, whichever environments are written.
 */
export class FileNames {
  readonly #taken = new SeenTexts();

  /** Call it for every device in the file's order. @returns a file name without its ending */
  nameOf({ name, deviceId, password }: Pick<Device, 'name' | 'deviceId' | 'password'>): string {
    const withoutPassword = (text: string) => slug(redactName(text, password.reveal()));
    // Twice: a slug may contain a password that the name spells differently.
    const plain = withoutPassword(withoutPassword(name));
    if (this.#take(plain)) return plain;
    const digest = createHash('sha256').update(deviceId).digest('hex');
    for (let length = 8; length < digest.length; length *= 2) {
      const distinct = `${plain}-${digest.slice(0, length)}`;
      if (this.#take(distinct)) return distinct;
    }
    return `${plain}-${digest}`;
  }

  /** Ignores case, because macOS and Windows do not distinguish `A` from `a`. */
  #take(name: string): boolean {
    return this.#taken.add(name.toLowerCase());
  }
}

/** Shared files of `generate`, which hold no secret. */
export const COLLECTION_FILE = 'biotz.postman_collection.json';
export const SHARED_ENVIRONMENT_FILE = 'biotz.shared.postman_environment.json';
export const USER_ENVIRONMENT_FILE = 'biotz.user.postman_environment.json';
