import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../error-code.js';
import { BiotzPostmanError } from '../errors.js';
import { readBytes } from '../files/read-file.js';
import { refuseLinks } from '../files/make-folder.js';

const { O_CREAT, O_EXCL, O_WRONLY } = constants;

/**
 * Writes a file of secrets (0600) that is not there yet. It never replaces one, which may be a real credentials
 * file; the same text in its place is as good.
 *
 * @param option the flag that led here, for the message
 * @throws {BiotzPostmanError} OPTION_INVALID where something else is there; OUTPUT_NOT_WRITTEN
 */
export async function writeNewFile(file: string, text: string, option: string): Promise<void> {
  try {
    await refuseLinks(dirname(file));
    const handle = await open(file, O_WRONLY | O_CREAT | O_EXCL, 0o600);
    try {
      // A umask may have taken it from its owner, too.
      await handle.chmod(0o600);
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const reason = errorCode(error) ?? 'unknown';
    if (reason !== 'EEXIST') throw new BiotzPostmanError('OUTPUT_NOT_WRITTEN', { file, reason });
    if (await holds(file, text)) return;
    const problem = `would replace ${file}, which may hold real credentials`;
    throw new BiotzPostmanError('OPTION_INVALID', { option, problem, next: 'Choose another place.' });
  }
}

async function holds(file: string, text: string): Promise<boolean> {
  const expected = Buffer.from(text);
  const read = await readBytes(file, { mostBytes: expected.length, pipes: false });
  // What cannot be read (a folder, another user's) is something else for certain.
  return 'bytes' in read && read.bytes.equals(expected);
}
