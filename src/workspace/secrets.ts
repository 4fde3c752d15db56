import { KnownSecrets } from '../leak/known-secrets.js';
import { scanWhole } from '../leak/window-scan.js';
import { postmanError } from '../postman/errors.js';
import { isObject, type JsonObject } from '../text/json.js';
import { collectionId, collectionInfo, entriesOf } from './collection.js';
import { objectsIn, textOf } from './document.js';
import { workspaceError } from './errors.js';

/** Limit on the places in one refusal. */
const MOST_PLACES = 100;

/**
 * Finds secrets in a Postman document by its structure, as `share check` does.
 *
 * @returns places such as `values[6] "password"`, without the values
 */
export function secretsIn(document: unknown): readonly string[] {
  const spans = scanWhole(Buffer.from(JSON.stringify(document)), new KnownSecrets(), { most: MOST_PLACES });
  return [...new Set(spans.map(({ place = '' }) => place))];
}

/**
 * The variables in Postman whose shared value is a secret. An update would send these values along with the others.
 *
 * @param ours the file's variables; what is a secret there is a secret in Postman, too, even with another type
 */
export function filledSecrets(theirs: unknown, ours: unknown): readonly string[] {
  const secret = new Set(
    objectsIn(ours)
      .filter(({ type }) => type === 'secret')
      .map(({ key }) => key),
  );
  return objectsIn(theirs)
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
export function requireShareableCollection(collection: JsonObject, file: string): void {
  const invalid = (problem: string) => postmanError('COLLECTION_INVALID', { file, problem });
  if (!Array.isArray(collection['item'])) throw invalid('this is not a Postman collection of format 2.1');
  if (textOf(collectionInfo(collection)['name']) === '') throw invalid('it has no name');
  if (!isUuid(collectionId(collection))) throw invalid('its _postman_id is not a UUID');
  const without = entriesOf(collection).find(({ node }) => !isUuid(node['id']));
  if (without !== undefined) throw invalid(`the id of "${without.path}" is not a UUID`);
  requireNoSecret(collection, file);
}

/**
 * Refuses an environment file that cannot be pushed, such as a private one, which contains secrets.
 *
 * @throws {BiotzPostmanError} ENVIRONMENT_INVALID, PUSH_SECRET
 */
export function requireShareableEnvironment(environment: JsonObject, file: string): void {
  const invalid = (problem: string) => postmanError('ENVIRONMENT_INVALID', { file, problem });
  const { id, name, values } = environment;
  const isEnvironment =
    Array.isArray(values) && values.every((each) => isObject(each) && typeof each['key'] === 'string');
  if (!isEnvironment) throw invalid('this is not a Postman environment');
  if (textOf(name) === '') throw invalid('it has no name');
  if (!isUuid(id)) throw invalid('its id is not a UUID');
  requireNoSecret(environment, file);
}

function requireNoSecret(document: JsonObject, file: string): void {
  const places = secretsIn(document);
  if (places.length > 0) throw workspaceError('PUSH_SECRET', { file, places });
}
