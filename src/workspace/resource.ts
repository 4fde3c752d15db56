import type { Merge, MergeOptions } from './change.js';
import { type Document, documentsIn, textOf } from './document.js';
import { collectionInfo, entriesOf, isMadeFrom, matchEntries } from './entries.js';
import type { ResourceKind } from './errors.js';
import { descriptionOf, folderParts, isFolder, requestParts } from './item-parts.js';
import { mergeCollection } from './merge-collection.js';
import { environmentMarker, MARKER_VARIABLE, mergeEnvironment } from './merge-environment.js';
import { effectiveVariables } from './merge-variables.js';
import { newCollection } from './new-collection.js';

/** What is alike in pushing a collection and an environment. */
export interface Resource {
  readonly kind: ResourceKind;
  /** The largest body that the API takes, in bytes. */
  readonly mostBytes: number;
  nameOf(document: Document): string;
  /** Whether what is in Postman was made from this file. */
  isMadeFrom(theirs: Document, file: Document): boolean;
  /** What is sent to make it. */
  create(file: Document): Document;
  merge(theirs: Document, file: Document, uid: string, options: MergeOptions): Merge<Document>;
  /** The variables that both may have. */
  variablesOf(document: Document): unknown;
  /** What of others was there before and is not, or not as it was; names. */
  lost(before: Document, after: Document, file: Document): readonly string[];
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
    const [old, now] = [entriesOf(before), entriesOf(after)];
    const ours = new Set(matchEntries(entriesOf(file), old).values());
    const nodes = new Map(now.map(({ node }) => [node['id'], node]));
    const isKept = (node: Document, isOurs: boolean) => {
      const found = nodes.get(node['id']);
      return (
        found !== undefined && (isOurs ? hasExamples(found, node) : outlineOf(found) === outlineOf(node))
      );
    };
    return old.filter((entry) => !isKept(entry.node, ours.has(entry))).map(({ path }) => path);
  },
};

/** What a request or folder says, without what Postman adds to it. */
function outlineOf(node: Document): string {
  const parts = isFolder(node) ? folderParts : requestParts;
  return JSON.stringify([
    node['name'],
    descriptionOf(node),
    ...parts.map((part) => part.read(node, node)),
    examplesOf(node),
  ]);
}

const examplesOf = (node: Document) => documentsIn(node['response']).map(({ name }) => name);

function hasExamples(node: Document, of: Document): boolean {
  const there = new Set(examplesOf(node));
  return examplesOf(of).every((name) => there.has(name));
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
    const ours = new Set(documentsIn(file['values']).map(({ key }) => key));
    const there = new Map(documentsIn(after['values']).map(({ key, value }) => [key, value]));
    return effectiveVariables(documentsIn(values))
      .variables.filter(
        ({ key, value }) =>
          !ours.has(key) && !(there.has(key) && (key === MARKER_VARIABLE || there.get(key) === value)),
      )
      .map(({ key }) => textOf(key));
  },
};
