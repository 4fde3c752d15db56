import type { JsonObject } from '../text/json.js';
import type { Merge, MergeOptions } from './change.js';
import { collectionInfo, entriesOf, isMadeFrom, matchEntries } from './collection.js';
import { objectsIn, textOf } from './document.js';
import type { ResourceKind } from './errors.js';
import { descriptionOf, folderParts, isFolder, requestParts } from './item-parts.js';
import { mergeCollection } from './merge-collection.js';
import { environmentMarker, MARKER_VARIABLE, mergeEnvironment } from './merge-environment.js';
import { effectiveVariables } from './merge-variables.js';
import { newCollection } from './new-collection.js';

/** What collections and environments have in common for a push. */
export interface Resource {
  readonly kind: ResourceKind;
  /** The largest body that the API accepts, in bytes. */
  readonly mostBytes: number;
  nameOf(document: JsonObject): string;
  /** Whether a document in Postman was made from this file. */
  isMadeFrom(theirs: JsonObject, file: JsonObject): boolean;
  /** The document to create. */
  create(file: JsonObject): JsonObject;
  merge(theirs: JsonObject, file: JsonObject, uid: string, options: MergeOptions): Merge<JsonObject>;
  variablesOf(document: JsonObject): unknown;
  /** Names of what other users added and an update lost or changed. */
  lost(before: JsonObject, after: JsonObject, file: JsonObject): readonly string[];
}

/** The API's document says "MB"; the smaller meaning is the safe one. */
const MB = 1_000_000;

export const collectionResource: Resource = {
  kind: 'collection',
  mostBytes: 100 * MB,
  nameOf: (document) => textOf(collectionInfo(document)['name']),
  isMadeFrom,
  create: newCollection,
  merge: mergeCollection,
  variablesOf: ({ variable }) => variable,
  lost: (before, after, file) => {
    const old = entriesOf(before);
    const ours = new Set(matchEntries(entriesOf(file), old).values());
    const nodes = new Map(entriesOf(after).map(({ node }) => [node['id'], node]));
    return old
      .filter((entry) => {
        const { node } = entry;
        const found = nodes.get(node['id']);
        if (found === undefined) return true;
        return ours.has(entry) ? !hasExamples(found, node) : outlineOf(found) !== outlineOf(node);
      })
      .map(({ path }) => path);
  },
};

/** A request or folder without what Postman adds to it. */
function outlineOf(node: JsonObject): string {
  const parts = isFolder(node) ? folderParts : requestParts;
  return JSON.stringify([
    node['name'],
    descriptionOf(node),
    ...parts.map((part) => part.read(node, node)),
    examplesOf(node),
  ]);
}

const examplesOf = (node: JsonObject) => objectsIn(node['response']).map(({ name }) => name);

function hasExamples(node: JsonObject, of: JsonObject): boolean {
  const found = new Set(examplesOf(node));
  return examplesOf(of).every((name) => found.has(name));
}

export const environmentResource: Resource = {
  kind: 'environment',
  mostBytes: 30 * MB,
  nameOf: ({ name }) => textOf(name),
  isMadeFrom: (theirs, { id }) => environmentMarker(theirs)?.id === id,
  create: (file) => mergeEnvironment({}, file).document,
  merge: (theirs, file, _uid, options) => mergeEnvironment(theirs, file, options),
  variablesOf: ({ values }) => values,
  lost: ({ values }, after, file) => {
    const ours = new Set(objectsIn(file['values']).map(({ key }) => key));
    const found = new Map(objectsIn(after['values']).map(({ key, value }) => [key, value]));
    const isKept = ({ key, value }: JsonObject) =>
      found.has(key) && (key === MARKER_VARIABLE || found.get(key) === value);
    return effectiveVariables(objectsIn(values))
      .variables.filter((variable) => !ours.has(variable['key']) && !isKept(variable))
      .map(({ key }) => textOf(key));
  },
};
