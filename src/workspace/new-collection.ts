import { stableId } from '../text/uuid.js';
import { type Document, documentsIn, isDocument, textOf, withProperties } from './document.js';
import { API_SCHEMA, collectionDescription, collectionId, collectionInfo } from './entries.js';
import { descriptionOf, folderParts, isFolder, requestParts, withDescription } from './item-parts.js';
import { digestOf, withMarker } from './marker.js';

/** What a marker notes of a description. */
export const DESCRIPTION = 'description';

/** The collection to make: as the file has it, with markers, and without ids, which Postman gives. */
export function newCollection(file: Document): Document {
  const mark = (node: Document): Document => ({
    ...withDescription(node, markedDescription(node)),
    ...(isFolder(node) && { item: documentsIn(node['item']).map(mark) }),
  });
  const text = collectionDescription(file);
  const variables = documentsIn(file['variable']).filter(({ value }) => textOf(value) !== '');
  const written = {
    ...Object.fromEntries(variables.map(({ key, value }) => [textOf(key), digestOf(textOf(value))])),
    [DESCRIPTION]: digestOf(text),
  };
  const description = withMarker(text, { id: collectionId(file), written });
  return {
    ...withoutIds({ ...file, item: documentsIn(file['item']).map(mark) }),
    info: withProperties(collectionInfo(file), { _postman_id: undefined, description, schema: API_SCHEMA }),
  };
}

/**
 * An item to put into a collection that is there. The Postman API wants an id for it, and no two collections
 * may have the same.
 *
 * @param uid of the collection
 * @param isThere what of it is in the collection already, and is left out
 */
export function newItem(node: Document, uid: string, isThere: (node: Document) => boolean): Document {
  const children = documentsIn(node['item']).filter((child) => !isThere(child));
  return {
    ...withoutIds(withDescription(node, markedDescription(node))),
    id: stableId(`push/${uid}/${textOf(node['id'])}`),
    ...(isFolder(node) && { item: children.map((child) => newItem(child, uid, isThere)) }),
  };
}

function markedDescription(node: Document): string {
  const forPeople = (isFolder(node) ? folderParts : requestParts).filter((part) => part.isForPeople === true);
  const description = descriptionOf(node);
  const written = {
    ...Object.fromEntries(forPeople.map((part) => [part.name, digestOf(part.read(node, node))])),
    [DESCRIPTION]: digestOf(description),
  };
  return withMarker(description, { id: textOf(node['id']), written });
}

/** Below these keys are items, scripts and examples, whose ids are Postman's to give. */
const withIds: ReadonlySet<string> = new Set(['item', 'event', 'script', 'response']);

export function withoutIds(document: Document): Document {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    return isDocument(value) ? withoutIds(value) : value;
  };
  return Object.fromEntries(
    Object.entries(document)
      .filter(([key]) => key !== 'id')
      .map(([key, value]) => [key, withIds.has(key) ? strip(value) : value]),
  );
}
