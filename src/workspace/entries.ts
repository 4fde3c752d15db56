import { type Document, documentsIn, isDocument, textOf } from './document.js';
import { descriptionOf, isFolder, requestParts } from './item-parts.js';
import { type Marker, readMarker } from './marker.js';

/** A request or folder of a collection, with where it stands. */
export interface Entry {
  readonly node: Document;
  /** `undefined`: the collection itself. */
  readonly parent: Entry | undefined;
  /** Its name, after those of the folders around it. */
  readonly path: string;
  readonly marker: Marker | undefined;
}

/** Every request and folder, in their order; a folder before what is in it. */
export function entriesOf(collection: Document): readonly Entry[] {
  const entries: Entry[] = [];
  const gather = (around: Document, parent: Entry | undefined) => {
    for (const node of documentsIn(around['item'])) {
      const name = textOf(node['name']);
      const path = parent === undefined ? name : `${parent.path} / ${name}`;
      const entry = { node, parent, path, marker: readMarker(descriptionOf(node)) };
      entries.push(entry);
      gather(node, entry);
    }
  };
  gather(collection, undefined);
  return entries;
}

/**
 * Finds which entry of theirs is which of ours: by the marker, by the id where Postman kept it, and else by
 * name, method and URL, because people may have edited a marker away. A copy that somebody made of a request
 * has its marker too: the one that is still called as ours counts, or the first.
 */
export function matchEntries(ours: readonly Entry[], theirs: readonly Entry[]): ReadonlyMap<Entry, Entry> {
  const found = new Map<Entry, Entry>();
  const taken = new Set<Entry>();
  const match = (isSame: (our: Entry, their: Entry) => boolean) => {
    for (const our of ours) {
      if (found.has(our)) continue;
      const same = theirs.filter(
        (their) => !taken.has(their) && isFolder(their.node) === isFolder(our.node) && isSame(our, their),
      );
      const their = same.find(({ node }) => node['name'] === our.node['name']) ?? same[0];
      if (their === undefined) continue;
      found.set(our, their);
      taken.add(their);
    }
  };
  match((our, their) => their.marker?.id === our.node['id']);
  match((our, their) => their.marker === undefined && their.node['id'] === our.node['id']);
  match((our, their) => their.marker === undefined && isAlike(our, their));
  return found;
}

function isAlike(our: Entry, their: Entry): boolean {
  if (our.path !== their.path) return false;
  if (isFolder(our.node)) return true;
  return requestParts
    .filter(({ name }) => name === 'method' || name === 'URL')
    .every((part) => part.read(their.node, our.node) === part.read(our.node, our.node));
}

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
