import { describeProblem } from '../../files/file-problem.js';
import { readJson } from '../../files/read-file.js';
import { postmanError } from '../../postman/errors.js';

/** Postman's API accepts collections of up to 100 MB and environments of up to 30 MB. */
const MOST_BYTES = 100_000_000;

/**
 * Reads a JSON file that Postman exported.
 *
 * @throws {BiotzPostmanError} COLLECTION_INVALID or ENVIRONMENT_INVALID
 */
export async function readPostmanFile(
  file: string,
  code: 'COLLECTION_INVALID' | 'ENVIRONMENT_INVALID',
): Promise<object> {
  const read = await readJson(file, { mostBytes: MOST_BYTES });
  if ('problem' in read) {
    throw postmanError(code, { file, problem: `the file ${describeProblem(read.problem)}` });
  }
  if (typeof read.value === 'object' && read.value !== null) return read.value;
  throw postmanError(code, { file, problem: 'the file is not a JSON object' });
}
