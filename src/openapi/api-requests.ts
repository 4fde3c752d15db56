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

/** Limit on all requests; Postman's API accepts 100 MB. */
const MOST_CHARACTERS = 50_000_000;

/** Names by which a run selects requests; a folder or request with the same name would be selected as well. */
const ownNames: ReadonlySet<string> = new Set([GET_TOKEN, PUBLISH_DATA, END_OF_RUN]);

/**
 * Converts every operation of a checked document to a request, grouped by tags, in a folder with the document's title.
 *
 * @param address base address of the requests, which overrides the document's servers
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
      throw new OpenApiRefusal(`its requests are larger than ${MOST_CHARACTERS / 1_000_000} MB`, {
        next: 'Drop what you do not need: use one document for each part of the API.',
      });
    }
    const tag = tagOf(operation);
    byTag.set(tag, [...(byTag.get(tag) ?? []), item]);
  }
  return { folder: withoutSecrets(folderOf(document, byTag, operations)), variables: values };
}

/** Removes secrets: not only examples, but also defaults and single values of schemas may hold one (`enum: [hunter2]`). */
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
  const withUniqueName = uniqueNames([...byTag.values()].flat(), names);
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
          description: inert(tagDescription(document, tag)),
          item: items.map(withUniqueName),
        })),
      ...(byTag.get('') ?? []).map(withUniqueName),
    ],
  };
}

function tagDescription(document: JsonObject, tag: string): string {
  const found = listOr(document['tags']).find((each) => isObject(each) && each['name'] === tag);
  return textOr(objectOr(found)['description']) ?? '';
}

const ownName = (name: string, what: string) => (ownNames.has(name) ? `${name} (${what})` : name);

/** Adds method and path to the name of each request that shares its name with another one. */
function uniqueNames(items: readonly ItemDocument[], names: ReadonlyMap<string, string>) {
  const counts = new Map<string, number>();
  for (const { name } of items) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (item: ItemDocument): ItemDocument => {
    const isOnly = counts.get(item.name) === 1 && !ownNames.has(item.name);
    return isOnly ? item : { ...item, name: `${item.name} (${oneLine(names.get(item.id) ?? '')})` };
  };
}
