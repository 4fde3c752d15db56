import { type Change, type KeptEdit, type Merge, type MergeOptions, withRemoved } from './change.js';
import { type Document, documentsIn, isDocument, textOf } from './document.js';
import {
  API_SCHEMA,
  collectionDescription,
  collectionId,
  collectionInfo,
  collectionMarker,
  entriesOf,
  type Entry,
  matchEntries,
} from './entries.js';
import {
  descriptionOf,
  folderParts,
  isFolder,
  type Part,
  requestParts,
  withDescription,
} from './item-parts.js';
import { decide, formatMarker, type Marker, withMarker, withoutMarker } from './marker.js';
import { mergeVariables } from './merge-variables.js';
import { DESCRIPTION, newItem, withoutIds } from './new-collection.js';

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

/** Gathers what a merge of collections changes and keeps. */
class Merging {
  readonly changes: Change[] = [];
  readonly keptEdits: KeptEdit[] = [];
  removed: readonly Change[] = [];
  otherExamples = 0;
  otherVariables: readonly string[] = [];
  readonly force: boolean;

  constructor(force: boolean) {
    this.force = force;
  }

  /**
   * @param path of a request or folder, '' for the collection
   * @param id that it has in the file
   * @param marker that it has in Postman
   */
  at(path: string, id: string, marker: Marker | undefined): Place {
    return new Place(this, path, id, marker);
  }
}

/** One request, folder or collection. Its description comes last: the marker in it notes the rest. */
class Place {
  readonly #merging: Merging;
  readonly #path: string;
  readonly #id: string;
  readonly #marker: Marker | undefined;
  readonly #written: Record<string, string> = {};

  constructor(merging: Merging, path: string, id: string, marker: Marker | undefined) {
    this.#merging = merging;
    this.#path = path;
    this.#id = id;
    this.#marker = marker;
  }

  /** @returns theirs, with this part from ours where that is what counts */
  part(part: Part, theirs: Document, ours: Document): Document {
    const [before, after] = [part.read(theirs, ours), part.read(ours, ours)];
    if (part.isForPeople === true && !this.#takesOurs(part.name, before, after)) return theirs;
    if (before === after) return theirs;
    this.#changed(part.name, before, after);
    return part.replace(theirs, ours);
  }

  /** Those of ours that are not there by name are added. */
  examples(theirs: Document, ours: Document): Document {
    const found = documentsIn(theirs['response']);
    const own = documentsIn(ours['response']);
    const names = (examples: readonly Document[]) => new Set(examples.map(({ name }) => textOf(name)));
    const [foundNames, ownNames] = [names(found), names(own)];
    this.#merging.otherExamples += found.filter(({ name }) => !ownNames.has(textOf(name))).length;
    const missing = own.filter(({ name }) => !foundNames.has(textOf(name)));
    for (const { name } of missing) {
      const path = `${this.#path} / ${textOf(name)}`;
      this.#merging.changes.push({ kind: 'added', what: 'example', path });
    }
    return missing.length === 0 ? theirs : { ...theirs, response: [...found, ...missing.map(withoutIds)] };
  }

  variables(theirs: readonly Document[], ours: readonly Document[]): readonly Document[] {
    const { force } = this.#merging;
    const merged = mergeVariables(theirs, ours, this.#marker?.written ?? {}, force);
    this.#merging.changes.push(...merged.changes);
    this.#merging.removed = merged.removed;
    this.#merging.keptEdits.push(...merged.keptEdits);
    this.#merging.otherVariables = merged.ofOthers;
    Object.assign(this.#written, merged.written);
    return merged.values;
  }

  /** @returns the description to write, with its marker; `undefined` where what is there can stay */
  description(theirs: string, ours: string): string | undefined {
    const before = withoutMarker(theirs);
    const text = this.#takesOurs(DESCRIPTION, before, ours) ? ours : before;
    const marker = { id: this.#id, written: this.#written };
    const [was, is] = [this.#marker === undefined ? '' : formatMarker(this.#marker), formatMarker(marker)];
    if (text !== before) this.#changed(DESCRIPTION, before, text);
    else if (was === is) return undefined;
    else this.#changed('marker', was, is);
    return withMarker(text, marker);
  }

  /** For what people may edit. */
  #takesOurs(name: string, theirs: string, ours: string): boolean {
    const { take, edited, written } = decide(ours, theirs, this.#marker?.written[name], this.#merging.force);
    if (written !== undefined) this.#written[name] = written;
    if (edited) this.#merging.keptEdits.push({ path: this.#path, part: name });
    return take === 'ours';
  }

  #changed(part: string, before: string, after: string): void {
    this.#merging.changes.push({ kind: 'changed', path: this.#path, part, before, after });
  }
}
