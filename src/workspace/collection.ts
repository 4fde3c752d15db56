import { type JsonObject, objectOr } from '../text/json.js';
import { descriptionIn, objectsIn, textOf } from './document.js';
import { descriptionOf, isFolder, requestParts } from './item-parts.js';
import { type Marker, readMarker } from './marker.js';

/** The format's address in the Postman API. The files have the older address, which all importers know. */
export const API_SCHEMA = 'https://schema.postman.com/json/collection/v2.1.0/collection.json';

export const collectionInfo = ({ info }: JsonObject): JsonObject => objectOr(info);

/** The id of a collection in its file. */
export const collectionId = (collection: JsonObject): string =>
  textOf(collectionInfo(collection)['_postman_id']);

export const collectionDescription = (collection: JsonObject): string =>
  descriptionIn(collectionInfo(collection));

export const collectionMarker = (collection: JsonObject): Marker | undefined =>
  readMarker(collectionDescription(collection));

/**
 * Whether a collection in Postman was made from this file. If a user removed the collection's marker, one of the file's
 * own items in the collection shows the same.
 */
export function isMadeFrom(collection: JsonObject, file: JsonObject): boolean {
  const marker = collectionMarker(collection);
  if (marker !== undefined) return marker.id === collectionId(file);
  const ids = new Set(entriesOf(file).map(({ node }) => node['id']));
  return entriesOf(collection).some((entry) => entry.marker !== undefined && ids.has(entry.marker.id));
}

/** A request or folder of a collection, with its place. */
export interface Entry {
  readonly node: JsonObject;
  /** `undefined`: the collection itself. */
  readonly parent: Entry | undefined;
  /** Its name, after the names of the folders that contain it. */
  readonly path: string;
  readonly marker: Marker | undefined;
}

/** Every request and folder in order; a folder comes before its content. */
export function entriesOf(collection: JsonObject): readonly Entry[] {
  const entries: Entry[] = [];
  const gather = (folder: JsonObject, parent: Entry | undefined) => {
    for (const node of objectsIn(folder['item'])) {
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
 * Finds the entry in Postman for each of our entries: by its marker, by its id if Postman kept it, and otherwise by name,
 * method and URL, because a user may have removed the marker. A duplicate that a user made of a request has the same
 * marker: the one that still has our name counts, or the first.
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
