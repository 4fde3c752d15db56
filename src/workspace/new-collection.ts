import { isObject, type JsonObject } from '../text/json.js';
import { stableId } from '../text/uuid.js';
import { API_SCHEMA, collectionDescription, collectionId, collectionInfo } from './collection.js';
import { objectsIn, textOf, withProperties } from './document.js';
import { descriptionOf, folderParts, isFolder, requestParts, withDescription } from './item-parts.js';
import { digestOf, withMarker } from './marker.js';

/** Name of a description in a marker. */
export const DESCRIPTION = 'description';

/** The collection to create: the file with markers, and without ids, which Postman assigns. */
export function newCollection(file: JsonObject): JsonObject {
  const mark = (node: JsonObject): JsonObject => ({
    ...withDescription(node, markedDescription(node)),
    ...(isFolder(node) && { item: objectsIn(node['item']).map(mark) }),
  });
  const text = collectionDescription(file);
  const variables = objectsIn(file['variable']).filter(({ value }) => textOf(value) !== '');
  const written = {
    ...Object.fromEntries(variables.map(({ key, value }) => [textOf(key), digestOf(textOf(value))])),
    [DESCRIPTION]: digestOf(text),
  };
  const description = withMarker(text, { id: collectionId(file), written });
  return {
    ...withoutIds({ ...file, item: objectsIn(file['item']).map(mark) }),
    info: withProperties(collectionInfo(file), { _postman_id: undefined, description, schema: API_SCHEMA }),
  };
}

/**
 * An item to add to a collection in Postman. The Postman API requires an id, which must differ between collections.
 *
 * @param uid of the collection
 * @param exists says which items of a folder the collection already has; they are left out
 */
export function newItem(node: JsonObject, uid: string, exists: (node: JsonObject) => boolean): JsonObject {
  const children = objectsIn(node['item']).filter((child) => !exists(child));
  return {
    ...withoutIds(withDescription(node, markedDescription(node))),
    id: stableId(`push/${uid}/${textOf(node['id'])}`),
    ...(isFolder(node) && { item: children.map((child) => newItem(child, uid, exists)) }),
  };
}

function markedDescription(node: JsonObject): string {
  const editable = (isFolder(node) ? folderParts : requestParts).filter((part) => part.isForPeople === true);
  const description = descriptionOf(node);
  const written = {
    ...Object.fromEntries(editable.map((part) => [part.name, digestOf(part.read(node, node))])),
    [DESCRIPTION]: digestOf(description),
  };
  return withMarker(description, { id: textOf(node['id']), written });
}

/** Properties with items, scripts and examples, whose ids Postman assigns. */
const withIds: ReadonlySet<string> = new Set(['item', 'event', 'script', 'response']);

export function withoutIds(document: JsonObject): JsonObject {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    return isObject(value) ? withoutIds(value) : value;
  };
  return Object.fromEntries(
    Object.entries(document)
      .filter(([key]) => key !== 'id')
      .map(([key, value]) => [key, withIds.has(key) ? strip(value) : value]),
  );
}
