import { type Document, isDocument, textOf } from './document.js';
import { entriesOf } from './entries.js';
import { type Marker, readMarker } from './marker.js';

/** The format's address in the Postman API; the files have the older one, which all importers know. */
export const API_SCHEMA = 'https://schema.postman.com/json/collection/v2.1.0/collection.json';

export function collectionInfo({ info }: Document): Document {
  return isDocument(info) ? info : {};
}

/** The id that a collection has in its file. */
export function collectionId(collection: Document): string {
  return textOf(collectionInfo(collection)['_postman_id']);
}

export function collectionDescription(collection: Document): string {
  const { description } = collectionInfo(collection);
  return isDocument(description) ? textOf(description['content']) : textOf(description);
}

export function collectionMarker(collection: Document): Marker | undefined {
  return readMarker(collectionDescription(collection));
}

/**
 * Whether a collection in Postman was made from this file. People may have edited the marker of the collection
 * away; then one of the file's own items in it says the same.
 */
export function isMadeFrom(collection: Document, file: Document): boolean {
  const marker = collectionMarker(collection);
  if (marker !== undefined) return marker.id === collectionId(file);
  const ids = new Set(entriesOf(file).map(({ node }) => node['id']));
  return entriesOf(collection).some((entry) => entry.marker !== undefined && ids.has(entry.marker.id));
}
