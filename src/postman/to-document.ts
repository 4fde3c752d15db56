import type sdk from 'postman-collection';
import type {
  AuthDocument,
  BodyDocument,
  CollectionDocument,
  EventDocument,
  ItemDocument,
} from './document.js';

/** The format's address as every importer knows it; the newer `schema.postman.com` is not read by all. */
const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

/**
 * The document of an SDK collection, its keys in the order in which a person reads them. The SDK's own
 * `toJSON` puts `info` last, adds empty lists everywhere and leaves out a URL's `raw`, which other
 * programs read.
 */
export function toDocument(collection: sdk.Collection): CollectionDocument {
  return {
    info: {
      _postman_id: collection.id,
      name: collection.name,
      description: textOf(collection.description),
      schema: SCHEMA,
    },
    auth: collection.auth?.toJSON() as AuthDocument,
    item: collection.items.map((item) => itemOf(item as Item)),
  };
}

/** What the SDK keeps of an item, and its types leave out. */
type Item = sdk.Item & Pick<ItemDocument, 'protocolProfileBehavior'>;

function itemOf({ id, name, events, protocolProfileBehavior, request }: Item): ItemDocument {
  const { host = [], path } = request.url;
  return {
    id,
    name,
    event: events.map((event) => event.toJSON() as unknown as EventDocument),
    protocolProfileBehavior,
    request: {
      method: 'POST',
      description: textOf(request.description),
      ...(request.auth && { auth: { type: request.auth.type as AuthDocument['type'] } }),
      header: request.headers.map(({ key, value }) => ({ key, value })),
      body: request.body?.toJSON() as unknown as BodyDocument,
      url: { raw: request.url.toString(), host: [host].flat(), ...(path && { path }) },
    },
  };
}

function textOf(description: sdk.Property<object>['description']): string {
  return typeof description === 'object' ? description.content : (description ?? '');
}
