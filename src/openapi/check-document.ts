import { isObject, objectOr, type JsonObject } from '../text/json.js';
import { ELSEWHERE, lookUp, pointerOf, isReference, referencesOf } from './references.js';
import { OpenApiRefusal } from './errors.js';
import { shorten } from '../text/quote.js';

/** Limit on a chain of references that lead to each other. */
const LONGEST_CHAIN = 20;
/** Limit on a reference in a message, in characters. */
const LONGEST_QUOTE = 120;

/**
 * Checks that this is a self-contained OpenAPI document of a known version, with paths, in which every `$ref` leads to an
 * existing part. A reference to another file or server is refused: otherwise the document would decide which files of
 * this machine are read, and which servers are contacted.
 *
 * @throws {OpenApiRefusal}
 * @see https://spec.openapis.org/oas/v3.1.0#reference-object
 */
export function checkDocument(document: unknown): JsonObject {
  if (!isObject(document) || !('openapi' in document || 'swagger' in document)) {
    throw new OpenApiRefusal('it is not an OpenAPI document: it has neither "openapi" nor "swagger"');
  }
  const version = versionOf(document);
  const { paths } = document;
  if (!isObject(paths) || Object.keys(paths).length === 0) throw new OpenApiRefusal('it has no paths');
  const checked = { ...document, ...version };
  const elsewhere = checkReferences(checked);
  return 'openapi' in version ? withinComponents(checked, elsewhere) : requireNone(checked, elsewhere);
}

/** YAML reads `openapi: 3.0` without quotes as the number 3; the converter requires all three parts of a version. */
function versionOf({
  openapi,
  swagger,
}: JsonObject): { readonly openapi: string } | { readonly swagger: string } {
  const version = String(openapi ?? swagger);
  if (openapi === undefined ? /^2(\.0)?$/.test(version) : /^3(\.[01](\.|$)|$)/.test(version)) {
    if (openapi === undefined) return { swagger: '2.0' };
    return { openapi: version.startsWith('3.1') ? '3.1.0' : '3.0.3' };
  }
  throw new OpenApiRefusal('its version is not OpenAPI 3.0, OpenAPI 3.1 or Swagger 2.0');
}

/** Objects whose `$ref` leads to a place that the converter does not support. */
type Elsewhere = readonly { $ref: string }[];

/** Places for shared parts, in OpenAPI 3 and in Swagger 2.0. */
const shared = /^#\/(?:components\/[^/]+\/|(?:definitions|parameters|responses)\/)[^/]/;

function checkReferences(document: JsonObject): Elsewhere {
  const elsewhere: { $ref: string }[] = [];
  for (const { holder, place } of referencesOf(document)) {
    checkReference(document, holder.$ref, place);
    const isShared =
      shared.test(holder.$ref) && holder.$ref.startsWith('#/components/') === 'openapi' in document;
    if (!isShared) elsewhere.push(holder);
  }
  return elsewhere;
}

function checkReference(document: JsonObject, reference: string, place: readonly string[]): void {
  const where = place.join('.');
  const quoted = `"${shorten(reference, LONGEST_QUOTE)}"`;
  if (!reference.startsWith('#')) {
    throw new OpenApiRefusal(`${where} refers to another document, ${quoted}, which is not followed`, {
      next: 'Bundle all parts into one file first, for example: npx @redocly/cli bundle FILE --output bundled.yaml.',
    });
  }
  let next = reference;
  for (let length = 0; length < LONGEST_CHAIN; length++) {
    const pointer = pointerOf(next);
    const target = pointer === undefined ? undefined : lookUp(document, pointer);
    if (target === undefined) throw new OpenApiRefusal(`${where} refers to ${quoted}, which does not exist`);
    if (typeof target !== 'object' || target === null || !isReference(target)) return;
    next = target.$ref;
  }
  throw new OpenApiRefusal(`${where} refers to ${quoted}, which leads back to itself`);
}

/**
 * Redirects references that lead outside of `components`. The converter replaces such references by a sentence, but some
 * bundlers write them. So a copy of the whole document is put below `components`.
 */
function withinComponents(document: JsonObject, elsewhere: Elsewhere): JsonObject {
  if (elsewhere.length === 0) return document;
  for (const each of elsewhere) each.$ref = each.$ref.replace('#/', `#/components/${ELSEWHERE}/`);
  return { ...document, components: { ...objectOr(document['components']), [ELSEWHERE]: document } };
}

function requireNone(document: JsonObject, [first]: Elsewhere): JsonObject {
  if (first === undefined) return document;
  throw new OpenApiRefusal(
    `it refers to "${shorten(first.$ref, LONGEST_QUOTE)}", but Swagger 2.0 allows references only to definitions, parameters and responses`,
  );
}
