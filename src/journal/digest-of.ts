import { createHash } from 'node:crypto';

/** SHA-256, in hex, of a value as JSON: by it a journal knows again what a run was to do. */
export function digestOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
