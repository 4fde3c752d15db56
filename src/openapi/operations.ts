import { isObject, objectOr, type JsonObject } from '../text/json.js';
import { lookUp, pointerOf } from './references.js';
import { OpenApiRefusal } from './errors.js';

/** All methods that the specification allows, in the order of the requests. */
const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'] as const;

/** Limit on operations; GitHub's API has 1,000. */
const MOST_OPERATIONS = 5000;

export interface Operation {
  /** The path in the document: `/devices/{deviceId}`. */
  readonly path: string;
  readonly method: (typeof methods)[number];
  /** Parts that all operations of this path share, such as `parameters` and `servers`. */
  readonly pathItem: JsonObject;
  readonly operation: JsonObject;
}

/** Name in messages and ids: `GET /devices/{deviceId}`. */
export const nameOf = ({ method, path }: Operation) => `${method.toUpperCase()} ${path}`;

/**
 * Lists every operation of a document, sorted by path and method.
 *
 * @throws {OpenApiRefusal}
 */
export function operationsOf(document: JsonObject): readonly Operation[] {
  const operations: Operation[] = [];
  const paths = Object.entries(objectOr(document['paths'])).toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [path, value] of paths) {
    if (path.startsWith('x-')) continue;
    const pathItem = resolved(document, value);
    if (!path.startsWith('/')) throw new OpenApiRefusal(`paths: "${path}" does not begin with a slash`);
    if (!isObject(pathItem)) throw new OpenApiRefusal(`paths.${path} is not an object`);
    for (const method of methods) {
      const operation = pathItem[method];
      if (operation === undefined) continue;
      if (!isObject(operation)) throw new OpenApiRefusal(`paths.${path}.${method} is not an object`);
      for (const { parameters } of [pathItem, operation]) {
        const isList = parameters === undefined || (Array.isArray(parameters) && parameters.every(isObject));
        if (!isList) throw new OpenApiRefusal(`paths.${path}.${method}: parameters is not a list of objects`);
      }
      operations.push({ path, method, pathItem, operation });
    }
  }
  if (operations.length === 0) throw new OpenApiRefusal('its paths have no operations');
  if (operations.length > MOST_OPERATIONS) {
    throw new OpenApiRefusal(
      `it has ${operations.length} operations; at most ${MOST_OPERATIONS} are supported`,
      {
        next: 'Drop what you do not need: use one document for each part of the API.',
      },
    );
  }
  return operations;
}

/** Follows references, which `checkDocument` has found to be finite. */
function resolved(document: JsonObject, value: unknown): unknown {
  let found = value;
  while (isObject(found) && typeof found['$ref'] === 'string') {
    found = lookUp(document, pointerOf(found['$ref']) ?? []);
  }
  return found;
}
