// This must be the first import: it replaces Math.random before the converter's libraries read it.
import { restartRandom } from './made-up-values.js';
import converter, { type CollectionResult, type Options } from 'openapi-to-postmanv2';
import { isObject, listOr, type JsonObject } from '../text/json.js';
import { OpenApiRefusal } from './errors.js';
import { ELSEWHERE, lookUp, pointerOf } from './references.js';
import { nameOf, type Operation } from './operations.js';

const options: Options = {
  // `<string>` instead of an example: an example may hold a real token, which must not get into a shared collection.
  parametersResolution: 'Schema',
  // Optional parameters stay in the request, but disabled.
  enableOptionalParameters: false,
  includeAuthInfoInExample: false,
  alwaysInheritAuthentication: true,
};

/** The converter is CommonJS: at run time, Node's import wraps it in `default`, which its types do not show. */
const { convertV2 } = (converter as unknown as { default?: typeof converter }).default ?? converter;

/**
 * Converts one operation to a request. The ids that the converter makes are not kept.
 *
 * @throws {OpenApiRefusal}
 */
export async function convertOperation(document: JsonObject, operation: Operation): Promise<JsonObject> {
  const data = singleOperation(document, operation);
  const name = nameOf(operation);
  restartRandom();
  const result = await new Promise<CollectionResult>((resolve, reject) => {
    const refused = () => reject(new OpenApiRefusal(`${name} cannot be converted`));
    try {
      convertV2({ type: 'json', data }, options, (error, result) => {
        if (error !== null || result?.result !== true) refused();
        else resolve(result);
      });
    } catch {
      refused();
    }
  });
  const request = firstRequest(result.output?.[0]?.data);
  // On a problem, the converter omits the operation and only writes to its console.
  if (request === undefined) throw new OpenApiRefusal(`${name} cannot be converted`);
  return request;
}

function firstRequest(item: unknown): JsonObject | undefined {
  if (!isObject(item)) return undefined;
  if (isObject(item['request'])) return item;
  for (const each of listOr(item['item'])) {
    const found = firstRequest(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Depth of shared entries: `components.schemas.X` in OpenAPI 3, `definitions.X` in Swagger 2.0. */
function depthOf([first, second]: readonly string[]): number {
  if (first !== 'components') return 2;
  return second === ELSEWHERE ? 4 : 3;
}

/**
 * Makes a document of one operation and the parts that it refers to. With the whole document, the converter would process
 * all components for every operation, omit an operation without an error, and let its made-up values depend on the
 * operations before it.
 *
 * Servers and security schemes are dropped, because this program decides the address and the token of a request.
 */
function singleOperation(document: JsonObject, { path, method, pathItem, operation }: Operation): object {
  const { servers: _servers, security: _security, callbacks: _callbacks, ...kept } = operation;
  const common = pathItem['parameters'] === undefined ? {} : { parameters: pathItem['parameters'] };
  // The converter would read a query as a part of the path.
  const paths = { [path.replace(/[?#].*/s, '')]: { ...common, [method]: kept } };
  const single: Record<string, unknown> = {
    ...('openapi' in document
      ? { openapi: String(document['openapi']) }
      : { swagger: '2.0', consumes: document['consumes'], produces: document['produces'] }),
    // The converter needs no other information about the document, which might be malformed.
    info: { title: 'API', version: '1' },
    paths,
  };
  for (const pointer of reachable(document, paths)) put(single, pointer, lookUp(document, pointer));
  // A copy: the converter changes its input, and other operations share parts of it.
  return structuredClone(single);
}

/** The entries that a value refers to, directly or through others. */
function reachable(document: JsonObject, start: unknown): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isObject(value) && typeof value['$ref'] === 'string') {
      const pointer = pointerOf(value['$ref']) ?? [];
      const entry = pointer.slice(0, depthOf(pointer));
      const key = JSON.stringify(entry);
      if (!found.has(key)) {
        found.set(key, entry);
        visit(lookUp(document, entry));
      }
    }
    for (const each of Object.values(value)) visit(each);
  };
  visit(start);
  return [...found.values()].toSorted((a, b) => (a.join('/') < b.join('/') ? -1 : 1));
}

function put(target: Record<string, unknown>, pointer: readonly string[], value: unknown): void {
  const last = pointer.length - 1;
  let place = target;
  pointer.slice(0, last).forEach((part) => {
    place[part] ??= {};
    place = place[part] as Record<string, unknown>;
  });
  place[pointer[last] ?? ''] = value;
}
