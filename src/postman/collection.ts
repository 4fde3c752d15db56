import sdk from 'postman-collection';
import { biotzProfile, type BodyMode, type Profile } from '../platform/profile.js';
import {
  bearer,
  type CollectionDocument,
  type AuthDocument,
  type ItemDocument,
  type ApiRequests,
  type CollectionWithApi,
} from './document.js';
import { fillScript } from './fill-script.js';
import { GET_TOKEN, PUBLISH_DATA, END_OF_RUN } from '../platform/request-names.js';
import { stableId } from '../text/uuid.js';
import { loadTemplates, type Templates, readTemplate } from './templates.js';

/** The five fields of the guide "Getting the token", in its order. */
const tokenFields: readonly (readonly [name: string, value: string])[] = [
  ['username', '{{username}}'],
  ['password', '{{password}}'],
  ['grant_type', 'password'],
  ['client_id', '{{client_id}}'],
  ['scope', '{{scope}}'],
];

export interface CollectionOptions {
  /** Default: the package's own. */
  readonly templates?: Templates;
  /**
   * `variables`, for collections that people import: a script before the token request applies `body_mode` and
   * `client_auth` of the environment. `fixed`: the request is written as the profile requires, and no script runs
   * before it, which saves 2-3 ms of CPU per device in Newman.
   */
  readonly switches?: 'variables' | 'fixed';
  /** The body of `Publish data`, a JSON text. Default: the template's. */
  readonly payload?: string;
}

/**
 * Makes the Postman collection: `Get token`, then `Publish data`. It holds no secret, only variables.
 *
 * @param profile decides the token request's shape if `switches` is `fixed`; otherwise the environment does
 * @throws {@link BiotzPostmanError} `TEMPLATE_INVALID` when the package's templates cannot be read
 *
 * @example
 * const collection = await createCollection();
 * await writeFile('biotz.postman_collection.json', JSON.stringify(collection, null, 2));
 */
export async function createCollection(
  profile: Profile = biotzProfile,
  { templates, switches = 'variables', payload }: CollectionOptions = {},
): Promise<CollectionDocument> {
  const texts = templates ?? (await loadTemplates());
  const fixed = switches === 'fixed';
  const before = (path: string, template: string) => (fixed ? [] : [event(path, 'prerequest', template)]);
  const tokenRequest: sdk.RequestDefinition = {
    method: 'POST',
    description: texts.getTokenDescription,
    url: '{{token_url}}',
    auth: { type: 'noauth' },
    header: fixed && profile.clientAuth === 'basic' ? [basicHeader(profile.clientId)] : [],
    body: tokenBody(fixed ? profile.bodyMode : 'formdata'),
  };
  const publishRequest: sdk.RequestDefinition = {
    method: 'POST',
    description: texts.publishDataDescription,
    url: '{{ingestion_url}}/api/device/publish/data/{{message_type}}',
    // Postman would infer both from the collection and the body's language; Insomnia's importer does not.
    auth: bearer,
    header: [{ key: 'Content-Type', value: 'application/json' }],
    // The SDK knows `options`, its types do not.
    body: {
      mode: 'raw',
      raw: payload ?? texts.publishDataBody,
      options: { raw: { language: 'json' } },
    } as sdk.RequestBodyDefinition,
  };
  const collection = new sdk.Collection({
    info: {
      id: stableId('collection'),
      name: 'Biotz devices',
    },
    auth: bearer,
    item: [
      item('get-token', GET_TOKEN, tokenRequest, [
        ...before('get-token/prerequest', texts.getTokenPrerequest),
        event('get-token/test', 'test', texts.getTokenTest),
      ]),
      item('publish-data', PUBLISH_DATA, publishRequest, [
        ...before('publish-data/prerequest', texts.publishDataPrerequest),
        event('publish-data/test', 'test', texts.publishDataTest),
      ]),
    ],
  });
  collection.describe(texts.description);
  return toDocument(collection);
}

function item(path: string, name: string, request: sdk.RequestDefinition, event: sdk.EventDefinition[]) {
  // A redirect would send the password or the token to any host that it names.
  const protocolProfileBehavior = { followRedirects: false };
  return { id: stableId(`collection/${path}`), name, event, protocolProfileBehavior, request };
}

function tokenBody(mode: BodyMode): sdk.RequestBodyDefinition {
  return mode === 'formdata'
    ? { mode, formdata: tokenFields.map(([key, value]) => ({ key, value, type: 'text' })) }
    : { mode, urlencoded: tokenFields.map(([key, value]) => ({ key, value })) };
}

/** HTTP Basic for a client without a secret (RFC 6749, 2.3.1). */
function basicHeader(clientId: string): sdk.HeaderDefinition {
  const credentials = Buffer.from(`${encodeURIComponent(clientId)}:`).toString('base64');
  return { key: 'Authorization', value: `Basic ${credentials}` };
}

/** A script of a request or folder; its id follows from `path`. */
function event(path: string, listen: 'prerequest' | 'test', template: string) {
  const exec = fillScript(template).split('\n');
  return { listen, script: { id: stableId(`collection/${path}`), type: 'text/javascript' as const, exec } };
}

/** Address of the format that every importer knows; some do not know the newer `schema.postman.com`. */
const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

/**
 * The document of an SDK collection, with its keys in a natural order. The SDK's own `toJSON` puts `info` last, adds
 * empty lists everywhere and omits a URL's `raw`, which other programs read.
 */
function toDocument(collection: sdk.Collection): CollectionDocument {
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
  // The SDK's types do not cover all the properties that it writes.
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

/**
 * Adds another API's requests to a collection, in a folder at its end.
 *
 * A run of the whole collection must not send them, because it would call every operation, including DELETE, for each
 * device. Two guards prevent that, and `--templates` cannot change them: a request that sends nothing and ends the run
 * before the folder, and the folder's own script, which skips changing requests in a run over data.
 *
 * @throws {@link BiotzPostmanError} `TEMPLATE_INVALID` when the package's templates cannot be read
 */
export async function withApi(
  collection: CollectionDocument,
  { folder }: ApiRequests,
): Promise<CollectionWithApi> {
  const endOfRun: ItemDocument = {
    id: stableId('collection/end-of-run'),
    name: END_OF_RUN,
    event: [event('end-of-run/prerequest', 'prerequest', await readTemplate('openapi/end-of-run.js'))],
    protocolProfileBehavior: { followRedirects: false },
    request: {
      method: 'GET',
      description: await readTemplate('openapi/end-of-run.md'),
      auth: { type: 'noauth' },
      header: [],
      // A program that cannot skip requests sends this harmless request without a token.
      url: { raw: '{{api_url}}', host: ['{{api_url}}'] },
    },
  };
  const { item, ...rest } = folder;
  const guarded = {
    ...rest,
    event: [event('openapi/prerequest', 'prerequest', await readTemplate('openapi/folder.js'))],
    item,
  };
  return { ...collection, item: [...collection.item, endOfRun, guarded] };
}
