import type { ApiRequests, FolderDocument, ItemDocument } from '../postman/document.js';
import { END_OF_RUN, GET_TOKEN, PUBLISH_DATA } from '../platform/request-names.js';
import { stableId } from '../text/uuid.js';
import { pathParts } from './address.js';
import { convertOperation } from './convert-operation.js';
import { cleanText } from '../leak/clean-text.js';
import { KnownSecrets } from '../leak/known-secrets.js';
import { inert } from './inert.js';
import { itemOf, oneLine } from './item.js';
import { isObject, listOr, objectOr, textOr, type JsonObject } from '../text/json.js';
import { nameOf, operationsOf, type Operation } from './operations.js';
import { OpenApiRefusal } from './errors.js';
import { documentAddress, operationAddress, variablesOf } from './servers.js';

/** What Postman's API takes is 100 MB; a person's patience is less. */
const MOST_CHARACTERS = 50_000_000;

/** Names by which a run chooses requests; a folder or request of the same name would be chosen with them. */
const ownNames: ReadonlySet<string> = new Set([GET_TOKEN, PUBLISH_DATA, END_OF_RUN]);

/**
 * Every operation of a checked document as a request, in a folder with the document's title, by its tags.
 *
 * @param address where the requests go, in place of what the document says
 * @throws {OpenApiRefusal}
 */
export async function apiRequests(document: JsonObject, address: string | undefined): Promise<ApiRequests> {
  const operations = operationsOf(document);
  const base = address ?? documentAddress(document);
  const addresses = new Map(
    operations.map((each) => [each, address ?? operationAddress(each, base) ?? base] as const),
  );
  const variables = variablesOf(base, addresses.values());
  const values = Object.fromEntries([...variables].map(([url, name]) => [name, url]));
  const byTag = new Map<string, ItemDocument[]>();
  let characters = 0;
  for (const operation of operations) {
    const { parts, query, variables: names } = pathParts(operation.path);
    for (const name of names) values[name] ??= '';
    const converted = await convertOperation(document, operation);
    const variable = variables.get(addresses.get(operation) ?? base) ?? 'api_url';
    const item = itemOf(operation, converted, { variable, path: parts, query });
    characters += JSON.stringify(item).length;
    if (characters > MOST_CHARACTERS) {
      throw new OpenApiRefusal(`its requests take more than ${MOST_CHARACTERS / 1_000_000} MB`, {
        next: 'Leave out what you do not need: one document for each part of the API.',
      });
    }
    const tag = tagOf(operation);
    byTag.set(tag, [...(byTag.get(tag) ?? []), item]);
  }
  return { folder: withoutSecrets(folderOf(document, byTag, operations)), variables: values };
}

/** Defaults and single values of schemas are no examples, and a password all the same: `enum: [hunter2]`. */
function withoutSecrets(folder: FolderDocument): FolderDocument {
  const { bytes } = cleanText(Buffer.from(JSON.stringify(folder)), new KnownSecrets());
  return JSON.parse(bytes.toString()) as FolderDocument;
}

const tagOf = ({ operation }: Operation) => textOr(listOr(operation['tags'])[0]) ?? '';

function folderOf(
  document: JsonObject,
  byTag: ReadonlyMap<string, readonly ItemDocument[]>,
  operations: readonly Operation[],
): FolderDocument {
  const info = objectOr(document['info']);
  const names = new Map(
    operations.map((each) => [stableId(`collection/openapi/${nameOf(each)}`), nameOf(each)]),
  );
  const told = toldApart([...byTag.values()].flat(), names);
  const tags = [...byTag].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    id: stableId('collection/openapi'),
    name: ownName(oneLine(textOr(info['title']) ?? 'API'), 'API'),
    description: inert(textOr(info['description']) ?? ''),
    item: [
      ...tags
        .filter(([tag]) => tag !== '')
        .map(([tag, items]) => ({
          id: stableId(`collection/openapi/tag/${tag}`),
          name: ownName(oneLine(tag), 'tag'),
          description: inert(aboutTag(document, tag)),
          item: items.map(told),
        })),
      ...(byTag.get('') ?? []).map(told),
    ],
  };
}

function aboutTag(document: JsonObject, tag: string): string {
  const found = listOr(document['tags']).find((each) => isObject(each) && each['name'] === tag);
  return textOr(objectOr(found)['description']) ?? '';
}

const ownName = (name: string, what: string) => (ownNames.has(name) ? `${name} (${what})` : name);

/** Adds method and path to the name of each request that does not have it for itself. */
function toldApart(items: readonly ItemDocument[], names: ReadonlyMap<string, string>) {
  const counts = new Map<string, number>();
  for (const { name } of items) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (item: ItemDocument): ItemDocument => {
    const isOnly = counts.get(item.name) === 1 && !ownNames.has(item.name);
    return isOnly ? item : { ...item, name: `${item.name} (${oneLine(names.get(item.id) ?? '')})` };
  };
}
