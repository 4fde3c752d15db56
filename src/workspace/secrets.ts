import { KnownSecrets } from '../leak/known-secrets.js';
import { scanWhole } from '../leak/window-scan.js';
import { postmanError } from '../postman/errors.js';
import { type Document, documentsIn, isDocument, textOf } from './document.js';
import { collectionId, collectionInfo, entriesOf } from './entries.js';
import { workspaceError } from './errors.js';

/** So many are named at most. */
const MOST_PLACES = 100;

/**
 * Where a Postman document holds what must not be shared: what `share check` finds in it by structure.
 *
 * @returns places such as `values[6] "password"`, without the values
 */
export function secretsIn(document: unknown): readonly string[] {
  const spans = scanWhole(Buffer.from(JSON.stringify(document)), new KnownSecrets(), { most: MOST_PLACES });
  return [...new Set(spans.map(({ place = '' }) => place))];
}

/**
 * The variables in Postman whose shared value is a secret: to send the others would send these along.
 *
 * @param ours the file's: what is a secret there is one in Postman, whatever its type is by now
 */
export function filledSecrets(theirs: unknown, ours: unknown): readonly string[] {
  const secret = new Set(
    documentsIn(ours)
      .filter(({ type }) => type === 'secret')
      .map(({ key }) => key),
  );
  return documentsIn(theirs)
    .filter(({ key, value, type }) => {
      const typed = secret.has(key) ? 'secret' : type;
      return secretsIn({ key, value, type: typed }).length > 0;
    })
    .map(({ key }) => textOf(key));
}

const isUuid = (value: unknown) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(textOf(value));

/**
 * Refuses a collection file that cannot be pushed.
 *
 * @param file its name
 * @throws {BiotzPostmanError} COLLECTION_INVALID, PUSH_SECRET
 */
export function requireShareableCollection(collection: Document, file: string): void {
  const invalid = (problem: string) => postmanError('COLLECTION_INVALID', { file, problem });
  if (!Array.isArray(collection['item'])) throw invalid('this is not a Postman collection of format 2.1');
  if (textOf(collectionInfo(collection)['name']) === '') throw invalid('it has no name');
  if (!isUuid(collectionId(collection))) throw invalid('its _postman_id is no UUID');
  const without = entriesOf(collection).find(({ node }) => !isUuid(node['id']));
  if (without !== undefined) throw invalid(`"${without.path}" has no id that is a UUID`);
  requireNoSecret(collection, file);
}

/**
 * Refuses an environment file that cannot be pushed; a private one is one with secrets.
 *
 * @throws {BiotzPostmanError} ENVIRONMENT_INVALID, PUSH_SECRET
 */
export function requireShareableEnvironment(environment: Document, file: string): void {
  const invalid = (problem: string) => postmanError('ENVIRONMENT_INVALID', { file, problem });
  const { id, name, values } = environment;
  const isEnvironment =
    Array.isArray(values) && values.every((each) => isDocument(each) && typeof each['key'] === 'string');
  if (!isEnvironment) throw invalid('this is not a Postman environment');
  if (textOf(name) === '') throw invalid('it has no name');
  if (!isUuid(id)) throw invalid('its id is no UUID');
  requireNoSecret(environment, file);
}

function requireNoSecret(document: Document, file: string): void {
  const places = secretsIn(document);
  if (places.length > 0) throw workspaceError('PUSH_SECRET', { file, places });
}
