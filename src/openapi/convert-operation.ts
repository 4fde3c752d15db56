// This must be the first import: it replaces Math.random before the converter's libraries read it.
import { startAgain } from './made-up-values.js';
import converter, { type CollectionResult, type Options } from 'openapi-to-postmanv2';
import { isObject, listOr, type JsonObject } from '../text/json.js';
import { OpenApiRefusal } from './errors.js';
import { ELSEWHERE, lookUp, pointerOf } from './references.js';
import { nameOf, type Operation } from './operations.js';

const options: Options = {
  // `<string>` rather than an example: examples may hold a real token, and a shared collection none.
  parametersResolution: 'Schema',
  // They stay in the request, switched off.
  enableOptionalParameters: false,
  includeAuthInfoInExample: false,
  alwaysInheritAuthentication: true,
};

/** The converter is CommonJS, and its types say what Node's import gives it differently. */
const { convertV2 } = (converter as unknown as { default?: typeof converter }).default ?? converter;

/**
 * The request of a document with one operation, as the converter makes it; of its ids none is kept.
 *
 * @throws {OpenApiRefusal}
 */
export async function convertOperation(document: JsonObject, operation: Operation): Promise<JsonObject> {
  const data = singleOperation(document, operation);
  const name = nameOf(operation);
  startAgain();
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
  // It writes to its console what it stumbled over, and leaves the operation out.
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

/** How deep the entries lie that references lead to: `components.schemas.X`, and `definitions.X` of Swagger 2.0. */
function depthOf([first, second]: readonly string[]): number {
  if (first !== 'components') return 2;
  return second === ELSEWHERE ? 4 : 3;
}

/**
 * A document of one operation and what it refers to. The converter takes time for all components at every
 * operation, gives up on an operation without a word, and lets the made-up values of one depend on those before it.
 *
 * Servers and security schemes stay behind: where requests go, and with which token, is for us to say.
 */
function singleOperation(document: JsonObject, { path, method, pathItem, operation }: Operation): object {
  const { servers: _servers, security: _security, callbacks: _callbacks, ...kept } = operation;
  const common = pathItem['parameters'] === undefined ? {} : { parameters: pathItem['parameters'] };
  // The converter would take a query for a part of the path.
  const paths = { [path.replace(/[?#].*/s, '')]: { ...common, [method]: kept } };
  const single: Record<string, unknown> = {
    ...('openapi' in document
      ? { openapi: String(document['openapi']) }
      : { swagger: '2.0', consumes: document['consumes'], produces: document['produces'] }),
    // What else the document says of itself is of no consequence, and may be of the wrong shape.
    info: { title: 'API', version: '1' },
    paths,
  };
  for (const pointer of reachable(document, paths)) put(single, pointer, lookUp(document, pointer));
  // The converter changes what it is given, and others refer to the same things.
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
