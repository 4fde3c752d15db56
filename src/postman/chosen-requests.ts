import { postmanError } from './errors.js';
import { optionError } from '../errors/option-error.js';
import { isObject, type JsonObject } from '../text/json.js';

/** A request or folder of a collection, with its parents. */
export interface PlacedItem {
  readonly item: JsonObject;
  /** The collection first, then the folders around the item. */
  readonly parents: readonly JsonObject[];
  /** The names of the folders and the item's own: `EU / Smoke`. */
  readonly path: string;
}

/** Limit on the places in a message. */
const MOST_PLACES = 20;

/** The requests of a collection that a run sends. */
export interface ChosenRequests {
  /** The requested names or ids, which are passed to Newman; each item once. */
  readonly names: readonly string[];
  readonly requests: readonly PlacedItem[];
}

/**
 * Finds the requests that a run sends.
 *
 * @param wanted names or ids of requests and folders; empty for all
 * @param file the collection's name, for the error
 * @throws {BiotzPostmanError} COLLECTION_INVALID if it has no request; REQUEST_NOT_FOUND; OPTION_INVALID if several items
 *   have the name or id, because Newman would run only the first one
 */
export function chooseRequests(collection: object, wanted: readonly string[], file: string): ChosenRequests {
  const all = [...itemsBelow(collection as JsonObject)];
  const chosen = new Map<JsonObject, string>();
  for (const name of wanted) {
    const item = onlyOne(name, all);
    if (!chosen.has(item)) chosen.set(item, name);
  }
  const isChosen = ({ item, parents }: PlacedItem) =>
    chosen.size === 0 || [item, ...parents].some((each) => chosen.has(each));
  const requests = all.filter((placed) => !isFolder(placed.item) && isChosen(placed));
  if (requests.length === 0) {
    const problem = `the ${chosen.size === 0 ? 'collection has' : 'chosen folders have'} no request`;
    throw postmanError('COLLECTION_INVALID', { file, problem });
  }
  return { names: [...chosen.values()], requests };
}

function onlyOne(wanted: string, all: readonly PlacedItem[]): JsonObject {
  const [first, ...others] = all.filter(({ item: { id, name } }) => wanted === name || wanted === id);
  if (first === undefined) {
    throw postmanError('REQUEST_NOT_FOUND', {
      request: wanted,
      known: all.map(({ item }) => String(item['name'])),
    });
  }
  if (others.length === 0) return first.item;
  const found = [first, ...others];
  const places = found.map(({ item: { id }, path }) =>
    typeof id === 'string' ? `${path} (id ${id})` : path,
  );
  // An item without an id cannot be selected by its id: Newman makes up one for each run.
  const haveIds = new Set(found.map(({ item }) => item['id'] ?? '')).size === found.length;
  const hidden = places.length - MOST_PLACES;
  const list = [...places.slice(0, MOST_PLACES), ...(hidden > 0 ? [`${hidden} more`] : [])].join(', ');
  throw optionError('OPTION_INVALID', {
    option: `--folder "${wanted}"`,
    problem: `names ${places.length} requests or folders: ${list}`,
    next: haveIds ? 'Choose one by its id.' : 'Give each its own name in Postman.',
  });
}

function* itemsBelow(
  parent: JsonObject,
  parents: readonly JsonObject[] = [],
  path = '',
): Generator<PlacedItem> {
  const inside = [...parents, parent];
  for (const item of childrenOf(parent)) {
    const name = typeof item['name'] === 'string' ? item['name'] : 'unnamed';
    const placed = { item, parents: inside, path: path === '' ? name : `${path} / ${name}` };
    yield placed;
    if (isFolder(item)) yield* itemsBelow(item, inside, placed.path);
  }
}

const isFolder = (item: JsonObject) => Array.isArray(item['item']);

function childrenOf({ item }: JsonObject): readonly JsonObject[] {
  return Array.isArray(item) ? item.filter((each) => isObject(each)) : [];
}
