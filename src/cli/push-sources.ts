import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../error-code.js';
import { BiotzPostmanError } from '../errors.js';
import { COLLECTION_FILE, SHARED_ENVIRONMENT_FILE } from '../postman/shared-files.js';
import { isDocument } from '../workspace/document.js';
import type { Source } from '../workspace/plan.js';
import { collectionResource, environmentResource } from '../workspace/resource.js';
import { requireShareableCollection, requireShareableEnvironment } from '../workspace/shareable.js';
import type { ArgumentsOf } from './options.js';
import { readPostmanFile } from './postman-file.js';

/**
 * Reads the files to push, and refuses those that must not be shared.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID, COLLECTION_INVALID, ENVIRONMENT_INVALID, PUSH_SECRET
 */
export async function readSources(argv: ArgumentsOf<'push'>): Promise<readonly Source[]> {
  const { from = 'generated', only, collectionUid, environmentUid } = argv;
  const sources: Source[] = [];
  if (only !== 'environment') {
    const file = await fileIn(from, COLLECTION_FILE);
    const document = await readPostmanFile(file, 'COLLECTION_INVALID');
    requireShareableCollection(objectOf(document), file);
    sources.push(sourceOf(collectionResource, document, collectionUid));
  } else requireNoUid('--collection-uid', collectionUid, only);
  if (only !== 'collection') {
    const file = await fileIn(from, SHARED_ENVIRONMENT_FILE);
    const document = await readPostmanFile(file, 'ENVIRONMENT_INVALID');
    requireShareableEnvironment(objectOf(document), file);
    sources.push(sourceOf(environmentResource, document, environmentUid));
  } else requireNoUid('--environment-uid', environmentUid, only);
  return sources;
}

/** A list in the file is no document; what is missing in it is said by whoever looks at it. */
const objectOf = (document: object) => (isDocument(document) ? document : {});

function sourceOf(resource: Source['resource'], document: object, uid: string | undefined): Source {
  return { resource, document: objectOf(document), ...(uid !== undefined && { uid }) };
}

function requireNoUid(option: string, uid: string | undefined, only: string): void {
  if (uid === undefined) return;
  throw new BiotzPostmanError('OPTION_INVALID', {
    option,
    problem: `cannot be used together with --only ${only}`,
  });
}

/** Also a link to a private file is one. */
async function fileIn(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  const invalid = (problem: string, next: string) =>
    new BiotzPostmanError('OPTION_INVALID', { option: 'FOLDER', problem, next });
  let real: string;
  try {
    real = await realpath(file);
  } catch (error) {
    const reason = errorCode(error);
    const problem = `has no ${name} that can be read (${reason}): ${file}`;
    throw invalid(
      problem,
      'Make it with "biotz-postman generate DEVICES", or name the folder that it wrote to.',
    );
  }
  if (basename(dirname(real)) !== 'private') return file;
  throw invalid(
    `leads to a file in a folder called private: ${file}`,
    'Only what is outside of it may be shared.',
  );
}
