import { type Merge, type MergeOptions, withRemoved } from './change.js';
import {
  collectionDescription,
  collectionId,
  collectionInfo,
  collectionMarker,
  API_SCHEMA,
} from './collection-info.js';
import { type Document, documentsIn, isDocument, textOf } from './document.js';
import { type Entry, entriesOf, matchEntries } from './entries.js';
import { descriptionOf, folderParts, isFolder, requestParts, withDescription } from './item-parts.js';
import { Merging } from './merging.js';
import { newItem } from './new-collection.js';

/**
 * The collection with ours brought up to date: each of our requests, found again by its marker, gets our method,
 * URL, authorization, headers, scripts and settings, and our body and description unless somebody edited them.
 * Everything else stays as it is: items, their ids and order, examples, scripts and variables of others, and
 * whatever is not known here.
 *
 * @param theirs as Postman gave it
 * @param ours the file; its items have ids
 * @param uid of theirs
 */
export function mergeCollection(
  theirs: Document,
  ours: Document,
  uid: string,
  { force = false }: MergeOptions = {},
): Merge<Document> {
  const merging = new Merging(force);
  const [ourEntries, theirEntries] = [entriesOf(ours), entriesOf(theirs)];
  const matches = matchEntries(ourEntries, theirEntries);
  const replaced = new Map<unknown, Document>();
  const added = new Map<Document | undefined, Addition[]>();
  // Somebody may have moved it out of a folder that is gone.
  const there = new Set([...matches.keys()].map(({ node }) => node));
  const isThere = (node: Document) => there.has(node);

  for (const our of ourEntries) {
    const their = matches.get(our);
    if (their !== undefined) {
      replaced.set(their.node, mergeEntry(merging, their, our.node));
      continue;
    }
    merging.changes.push({ kind: 'added', what: isFolder(our.node) ? 'folder' : 'request', path: our.path });
    // Else it comes with the folder around it, which is new, too.
    if (our.parent === undefined || matches.has(our.parent)) {
      const place = our.parent && matches.get(our.parent)?.node;
      const before = nextThere(our, ourEntries, matches);
      added.set(place, [...(added.get(place) ?? []), { item: newItem(our.node, uid, isThere), before }]);
    }
  }

  const items = (folder: Document | undefined, found: unknown): readonly unknown[] => {
    const additions = added.get(folder) ?? [];
    const newBefore = (node: unknown): readonly unknown[] =>
      additions.filter(({ before }) => before === node).map(({ item }) => item);
    const there: readonly unknown[] = Array.isArray(found) ? found : [];
    return [...there.flatMap((node) => newBefore(node).concat(rebuild(node))), ...newBefore(undefined)];
  };
  const rebuild = (node: unknown): unknown => {
    const merged = replaced.get(node) ?? node;
    return isDocument(node) && isFolder(node)
      ? { ...(merged as Document), item: items(node, node['item']) }
      : merged;
  };
  const others = theirEntries.filter(({ node }) => !replaced.has(node));
  const ids = new Set(ourEntries.map(({ node }) => node['id']));
  // Somebody may have duplicated what we made, and its marker with it.
  const ofOthers = others.filter(({ marker }) => marker === undefined || ids.has(marker.id));
  const paths = (entries: readonly Entry[], folders: boolean) =>
    entries.filter(({ node }) => isFolder(node) === folders).map(({ path }) => path);
  const document = mergeWhole(merging, { ...theirs, item: items(undefined, theirs['item']) }, ours);
  return {
    document,
    changes: withRemoved(merging.changes, merging.removed),
    keptEdits: merging.keptEdits,
    ofOthers: {
      requests: paths(ofOthers, false),
      folders: paths(ofOthers, true),
      examples: merging.otherExamples,
      variables: merging.otherVariables,
    },
    noLongerMade: others.filter((entry) => !ofOthers.includes(entry)).map(({ path }) => path),
  };
}

/** A new item, and which of theirs it goes before; `undefined`: at the end. */
interface Addition {
  readonly item: Document;
  readonly before: Document | undefined;
}

/**
 * What follows ours in the file and is there, in the same folder. The order means something: a run ends at "End of
 * a run", and so before the folder that comes after it.
 */
function nextThere(
  our: Entry,
  ourEntries: readonly Entry[],
  matches: ReadonlyMap<Entry, Entry>,
): Document | undefined {
  const siblings = ourEntries.filter(({ parent }) => parent === our.parent);
  const parent = our.parent && matches.get(our.parent);
  return siblings
    .slice(siblings.indexOf(our) + 1)
    .map((each) => matches.get(each))
    .find((their) => their !== undefined && their.parent === parent)?.node;
}

function mergeEntry(merging: Merging, { node: theirs, path, marker }: Entry, ours: Document): Document {
  const place = merging.at(path, textOf(ours['id']), marker);
  let merged = theirs;
  for (const part of isFolder(ours) ? folderParts : requestParts) merged = place.part(part, merged, ours);
  merged = place.examples(merged, ours);
  const description = place.description(descriptionOf(theirs), descriptionOf(ours));
  return description === undefined ? merged : withDescription(merged, description);
}

function mergeWhole(merging: Merging, theirs: Document, ours: Document): Document {
  const place = merging.at('', collectionId(ours), collectionMarker(theirs));
  let merged = theirs;
  for (const part of folderParts) merged = place.part(part, merged, ours);
  const variable = place.variables(documentsIn(theirs['variable']), documentsIn(ours['variable']));
  const description = place.description(collectionDescription(theirs), collectionDescription(ours));
  const info = {
    ...collectionInfo(theirs),
    ...(description !== undefined && { description }),
    schema: API_SCHEMA,
  };
  return { ...merged, ...(variable.length > 0 && { variable }), info };
}
