import { BiotzPostmanError } from '../errors.js';

/** A request or folder of a collection, as far as it is looked for by name. */
interface CollectionItem {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly item?: unknown;
}

/**
 * Checks that a collection is one that Newman can run, and has all of these requests or folders.
 *
 * @param wanted names or ids
 * @param file the collection's name, for the error
 * @throws {BiotzPostmanError} COLLECTION_INVALID, REQUEST_NOT_FOUND
 */
export function requireRequests(collection: object, wanted: readonly string[], file = 'collection'): void {
  const { info, item } = collection as { info?: { schema?: unknown }; item?: unknown };
  const schema = info?.schema;
  if (!Array.isArray(item) || typeof schema !== 'string' || !schema.includes('/v2.')) {
    throw invalid(file, 'this is not a Postman collection of format 2.1');
  }
  const known = [...allItems(item as readonly CollectionItem[])];
  if (known.length === 0) throw invalid(file, 'the collection has no request');
  for (const request of wanted) {
    if (!known.some(({ id, name }) => request === name || request === id)) {
      throw new BiotzPostmanError('REQUEST_NOT_FOUND', {
        request,
        known: known.map(({ name }) => String(name)),
      });
    }
  }
}

function* allItems(items: readonly CollectionItem[]): Generator<CollectionItem> {
  for (const item of items) {
    yield item;
    if (Array.isArray(item.item)) yield* allItems(item.item as readonly CollectionItem[]);
  }
}

function invalid(file: string, problem: string): BiotzPostmanError {
  return new BiotzPostmanError('COLLECTION_INVALID', { file, problem });
}
