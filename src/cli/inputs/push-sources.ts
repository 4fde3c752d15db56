import { invalidOption } from '../../errors/option-error.js';
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../../errors/error-code.js';
import { COLLECTION_FILE, SHARED_ENVIRONMENT_FILE, USER_ENVIRONMENT_FILE } from '../../postman/file-names.js';
import type { SourceRole } from '../../workspace/errors.js';
import { objectOr } from '../../text/json.js';
import type { Source } from '../../workspace/plan.js';
import { collectionResource, environmentResource } from '../../workspace/resource.js';
import { requireShareableCollection, requireShareableEnvironment } from '../../workspace/secrets.js';
import type { ArgumentsOf } from '../options/options.js';
import { readPostmanFile } from './postman-file.js';

/**
 * Reads the files to push, and refuses files that must not be shared. `generate --user` writes another environment,
 * instead of the shared one or in addition: existing files are pushed.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID, COLLECTION_INVALID, ENVIRONMENT_INVALID, PUSH_SECRET
 */
export async function readSources(argv: ArgumentsOf<'push'>): Promise<readonly Source[]> {
  const { from = 'generated', only, collectionUid, environmentUid, userEnvironmentUid } = argv;
  const sources: Source[] = [];
  if (only !== 'environment') sources.push(await readCollection(from, collectionUid));
  if (only === 'collection') return sources;
  const hasUser = await doesExist(join(from, USER_ENVIRONMENT_FILE));
  if (!hasUser || (await doesExist(join(from, SHARED_ENVIRONMENT_FILE)))) {
    sources.push(await readEnvironment(from, SHARED_ENVIRONMENT_FILE, 'environment', environmentUid));
  } else requireNoUid('--environment-uid', environmentUid, `without ${SHARED_ENVIRONMENT_FILE}`);
  if (hasUser) {
    sources.push(await readEnvironment(from, USER_ENVIRONMENT_FILE, 'user-environment', userEnvironmentUid));
  } else requireNoUid('--user-environment-uid', userEnvironmentUid, `without ${USER_ENVIRONMENT_FILE}`);
  return sources;
}

async function readCollection(folder: string, uid: string | undefined): Promise<Source> {
  const file = await fileIn(folder, COLLECTION_FILE);
  const document = objectOr(await readPostmanFile(file, 'COLLECTION_INVALID'));
  requireShareableCollection(document, file);
  return { role: 'collection', resource: collectionResource, document, ...(uid !== undefined && { uid }) };
}

async function readEnvironment(
  folder: string,
  name: string,
  role: SourceRole,
  uid: string | undefined,
): Promise<Source> {
  const file = await fileIn(folder, name);
  const document = objectOr(await readPostmanFile(file, 'ENVIRONMENT_INVALID'));
  requireShareableEnvironment(document, file);
  return { role, resource: environmentResource, document, ...(uid !== undefined && { uid }) };
}

/** A broken link exists as well, so that it is not skipped silently. */
const doesExist = (file: string) =>
  lstat(file).then(
    () => true,
    (error: unknown) => errorCode(error) !== 'ENOENT',
  );

function requireNoUid(option: string, uid: string | undefined, where: string): void {
  if (uid === undefined) return;
  throw invalidOption(option, `cannot be used ${where}`);
}

/** The path of a file to push; a link to a private file is refused as well. */
async function fileIn(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  const invalid = (problem: string, next: string) => invalidOption('FOLDER', problem, next);
  let real: string;
  try {
    real = await realpath(file);
  } catch (error) {
    const reason = errorCode(error);
    const problem = `has no ${name} that can be read (${reason}): ${file}`;
    throw invalid(
      problem,
      'Create it with "biotz-postman generate DEVICES", or name the folder that it wrote to.',
    );
  }
  if (basename(dirname(real)) !== 'private') return file;
  throw invalid(
    `leads to a file in a folder called private: ${file}`,
    'Only files outside of it may be shared.',
  );
}
