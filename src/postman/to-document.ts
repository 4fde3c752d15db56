import type sdk from 'postman-collection';
import type { AuthDocument, CollectionDocument, ItemDocument } from './document.js';

/** The format's address as every importer knows it; the newer `schema.postman.com` is not read by all. */
const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

/**
 * The document of an SDK collection, its keys in the order in which a person reads them. The SDK's own
 * `toJSON` puts `info` last, adds empty lists everywhere and leaves out a URL's `raw`, which other
 * programs read.
 */
export function toDocument(collection: sdk.Collection): CollectionDocument {
  const { auth }: CollectionDocument = JSON.parse(JSON.stringify(collection));
  const item: ItemDocument[] = [];
  collection.forEachItem((each) => item.push(itemOf(each)));
  return {
    info: {
      _postman_id: collection.id,
      name: collection.name,
      description: textOf(collection.description),
      schema: SCHEMA,
    },
    auth: authOf(auth),
    item,
  };
}

function itemOf(item: sdk.Item): ItemDocument {
  // The SDK's types say less than what it writes.
  const { id, name, event, protocolProfileBehavior, request }: ItemDocument = JSON.parse(
    JSON.stringify(item),
  );
  const { host = [], path } = item.request.url;
  return {
    id,
    name,
    event,
    protocolProfileBehavior,
    request: {
      method: request.method,
      description: textOf(item.request.description),
      ...(request.auth && { auth: authOf(request.auth) }),
      header: request.header ?? [],
      ...(request.body && { body: request.body }),
      url: { raw: item.request.url.toString(), host: [host].flat(), ...(path && { path }) },
    },
  };
}

function authOf({ type, bearer }: AuthDocument): AuthDocument {
  return { type, ...(bearer && { bearer: bearer.map(({ key, value, type }) => ({ key, value, type })) }) };
}

function textOf(description: sdk.Collection['description']): string {
  return typeof description === 'object' ? description.content : (description ?? '');
}
