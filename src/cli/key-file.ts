import { open } from 'node:fs/promises';
import { errorCode } from '../error-code.js';
import { BiotzPostmanError } from '../errors.js';

/**
 * Reads a file of keys; it may be a pipe, such as the shell's `<(…)`.
 *
 * @param option the flag that names it, for the message
 * @param most how many bytes it may have; of a larger one, a byte more than that is given
 * @throws {BiotzPostmanError} KEY_FILE_NOT_READABLE
 */
export async function readKeyFile(file: string, option: string, most: number): Promise<Buffer> {
  try {
    const handle = await open(file, 'r');
    try {
      const parts: Buffer[] = [];
      let left = most + 1;
      while (left > 0) {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(left, 64 * 1024)));
        if (bytesRead === 0) break;
        parts.push(buffer.subarray(0, bytesRead));
        left -= bytesRead;
      }
      return Buffer.concat(parts);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new BiotzPostmanError('KEY_FILE_NOT_READABLE', {
      option,
      file,
      reason: errorCode(error) ?? 'unknown',
    });
  }
}
