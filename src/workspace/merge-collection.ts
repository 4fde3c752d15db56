import { isObject, type JsonObject, listOr } from '../text/json.js';
import { type Change, type KeptEdit, type Merge, type MergeOptions, withRemoved } from './change.js';
import {
  API_SCHEMA,
  collectionDescription,
  collectionId,
  collectionInfo,
  collectionMarker,
  entriesOf,
  type Entry,
  matchEntries,
} from './collection.js';
import { objectsIn, textOf } from './document.js';
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

/** What a merge changes and keeps, collected from all its places. */
interface Merging {
  readonly force: boolean;
  readonly changes: Change[];
  readonly keptEdits: KeptEdit[];
  removed: readonly Change[];
  otherExamples: number;
  otherVariables: readonly string[];
}

/**
 * Brings a collection in Postman up to date. Each of our requests is found by its marker and gets our method, URL,
 * authorization, headers, scripts and settings, and our body and description unless a user edited them. Everything else
 * stays as it is: items, their ids and order, examples, scripts and variables of other users, and every unknown property.
 *
 * @param theirs as Postman sent it
 * @param ours the file; its items have ids
 * @param uid of theirs
 */
export function mergeCollection(
  theirs: JsonObject,
  ours: JsonObject,
  uid: string,
  { force = false }: MergeOptions = {},
): Merge<JsonObject> {
  const merging: Merging = {
    force,
    changes: [],
    keptEdits: [],
    removed: [],
    otherExamples: 0,
    otherVariables: [],
  };
  const [ourEntries, theirEntries] = [entriesOf(ours), entriesOf(theirs)];
  const matches = matchEntries(ourEntries, theirEntries);
  const replaced = new Map<unknown, JsonObject>();
  const added = new Map<JsonObject | undefined, Addition[]>();
  // A user may have moved a request out of a folder and then removed the folder.
  const existing = new Set([...matches.keys()].map(({ node }) => node));

  for (const our of ourEntries) {
    const their = matches.get(our);
    if (their !== undefined) {
      replaced.set(their.node, mergeEntry(merging, their, our.node));
      continue;
    }
    merging.changes.push({ kind: 'added', what: isFolder(our.node) ? 'folder' : 'request', path: our.path });
    // An item of a new folder is added together with the folder.
    if (our.parent === undefined || matches.has(our.parent)) {
      const folder = our.parent && matches.get(our.parent)?.node;
      const item = newItem(our.node, uid, (node) => existing.has(node));
      const before = nextExisting(our, ourEntries, matches);
      added.set(folder, [...(added.get(folder) ?? []), { item, before }]);
    }
  }

  const items = (folder: JsonObject | undefined, found: unknown): readonly unknown[] => {
    const additions = added.get(folder) ?? [];
    const newBefore = (node: unknown): readonly unknown[] =>
      additions.filter(({ before }) => before === node).map(({ item }) => item);
    return [
      ...listOr(found).flatMap((node) => newBefore(node).concat(rebuild(node))),
      ...newBefore(undefined),
    ];
  };
  const rebuild = (node: unknown): unknown => {
    const merged = replaced.get(node) ?? node;
    return isObject(node) && isFolder(node)
      ? { ...(merged as JsonObject), item: items(node, node['item']) }
      : merged;
  };
  const others = theirEntries.filter(({ node }) => !replaced.has(node));
  const ids = new Set(ourEntries.map(({ node }) => node['id']));
  // A duplicate that a user made of our request has our marker, too.
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

/** A new item, and the item in Postman that follows it; `undefined`: it is the last. */
interface Addition {
  readonly item: JsonObject;
  readonly before: JsonObject | undefined;
}

/**
 * The next of our entries that exists in Postman in the same folder. Order matters: a run ends at "End of a run", so the
 * folder that follows it must stay behind it.
 */
function nextExisting(
  our: Entry,
  ourEntries: readonly Entry[],
  matches: ReadonlyMap<Entry, Entry>,
): JsonObject | undefined {
  const siblings = ourEntries.filter(({ parent }) => parent === our.parent);
  const parent = our.parent && matches.get(our.parent);
  return siblings
    .slice(siblings.indexOf(our) + 1)
    .map((each) => matches.get(each))
    .find((their) => their !== undefined && their.parent === parent)?.node;
}

function mergeEntry(merging: Merging, { node: theirs, path, marker }: Entry, ours: JsonObject): JsonObject {
  const place = new Place(merging, path, textOf(ours['id']), marker);
  let merged = theirs;
  for (const part of isFolder(ours) ? folderParts : requestParts) merged = place.part(part, merged, ours);
  merged = place.examples(merged, ours);
  const description = place.description(descriptionOf(theirs), descriptionOf(ours));
  return description === undefined ? merged : withDescription(merged, description);
}

function mergeWhole(merging: Merging, theirs: JsonObject, ours: JsonObject): JsonObject {
  const place = new Place(merging, '', collectionId(ours), collectionMarker(theirs));
  let merged = theirs;
  for (const part of folderParts) merged = place.part(part, merged, ours);
  const variable = place.variables(objectsIn(theirs['variable']), objectsIn(ours['variable']));
  const description = place.description(collectionDescription(theirs), collectionDescription(ours));
  const info = {
    ...collectionInfo(theirs),
    ...(description !== undefined && { description }),
    schema: API_SCHEMA,
  };
  return { ...merged, ...(variable.length > 0 && { variable }), info };
}

/** One request, folder or collection. Its description must be merged last: the marker in it stores the other digests. */
class Place {
  readonly #merging: Merging;
  readonly #path: string;
  readonly #id: string;
  readonly #marker: Marker | undefined;
  readonly #written: Record<string, string> = {};

  /**
   * @param path of a request or folder, '' for the collection
   * @param id in the file
   * @param marker in Postman
   */
  constructor(merging: Merging, path: string, id: string, marker: Marker | undefined) {
    this.#merging = merging;
    this.#path = path;
    this.#id = id;
    this.#marker = marker;
  }

  /** @returns theirs, with this part from ours if ours counts */
  part(part: Part, theirs: JsonObject, ours: JsonObject): JsonObject {
    const [before, after] = [part.read(theirs, ours), part.read(ours, ours)];
    if (part.isForPeople === true && !this.#takesOurs(part.name, before, after)) return theirs;
    if (before === after) return theirs;
    this.#changed(part.name, before, after);
    return part.replace(theirs, ours);
  }

  /** Adds our examples whose names do not exist yet. */
  examples(theirs: JsonObject, ours: JsonObject): JsonObject {
    const found = objectsIn(theirs['response']);
    const own = objectsIn(ours['response']);
    const names = (examples: readonly JsonObject[]) => new Set(examples.map(({ name }) => textOf(name)));
    const [foundNames, ownNames] = [names(found), names(own)];
    this.#merging.otherExamples += found.filter(({ name }) => !ownNames.has(textOf(name))).length;
    const missing = own.filter(({ name }) => !foundNames.has(textOf(name)));
    for (const { name } of missing) {
      const path = `${this.#path} / ${textOf(name)}`;
      this.#merging.changes.push({ kind: 'added', what: 'example', path });
    }
    return missing.length === 0 ? theirs : { ...theirs, response: [...found, ...missing.map(withoutIds)] };
  }

  variables(theirs: readonly JsonObject[], ours: readonly JsonObject[]): readonly JsonObject[] {
    const merging = this.#merging;
    const merged = mergeVariables(theirs, ours, this.#marker?.written ?? {}, merging.force);
    merging.changes.push(...merged.changes);
    merging.removed = merged.removed;
    merging.keptEdits.push(...merged.keptEdits);
    merging.otherVariables = merged.ofOthers;
    Object.assign(this.#written, merged.written);
    return merged.values;
  }

  /** @returns the description to write, with its marker; `undefined` if the present one can stay */
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

  /** Whether our version of an editable text counts. */
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
