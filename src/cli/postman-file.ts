import { readFile } from 'node:fs/promises';
import { errorCode } from '../error-code.js';
import { BiotzPostmanError } from '../errors.js';

/**
 * Reads a JSON file that Postman exported.
 *
 * @throws {BiotzPostmanError} COLLECTION_INVALID or ENVIRONMENT_INVALID
 */
export async function readPostmanFile(
  file: string,
  code: 'COLLECTION_INVALID' | 'ENVIRONMENT_INVALID',
): Promise<object> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const reason = errorCode(error);
    throw new BiotzPostmanError(code, { file, problem: `the file cannot be read (${reason})` });
  }
  try {
    const document: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    if (typeof document === 'object' && document !== null) return document;
  } catch {
    // Said below; the parser's own message would quote the file, and with it a secret.
  }
  throw new BiotzPostmanError(code, { file, problem: 'it is not valid JSON' });
}
