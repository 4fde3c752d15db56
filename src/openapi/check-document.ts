import { isObject, objectOr, type JsonObject } from '../text/json.js';
import { ELSEWHERE, lookUp, pointerOf, isReference, referencesOf } from './references.js';
import { OpenApiRefusal } from './errors.js';
import { shorten } from '../text/quote.js';

/** References that only lead to further ones. */
const LONGEST_CHAIN = 20;
/** A reference is quoted in a message; a longer quote helps no reader. */
const LONGEST_QUOTE = 120;

/**
 * Checks that this is an OpenAPI document that stands by itself: of a version that is known, with paths, every
 * `$ref` leading to something in it. A reference to another file or server is refused rather than followed: the
 * document would decide what is read on this machine, and who is told of it.
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

/** YAML reads `openapi: 3.0` without quotes as the number 3; the converter wants all three parts of a version. */
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

/** Objects whose `$ref` leads to where the converter does not look. */
type Elsewhere = readonly { $ref: string }[];

/** Where things lie that are there to be referred to, in OpenAPI 3 and in Swagger 2.0. */
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
      next: 'Put all of it into one file first, for example: npx @redocly/cli bundle FILE --output bundled.yaml.',
    });
  }
  let next = reference;
  for (let length = 0; length < LONGEST_CHAIN; length++) {
    const pointer = pointerOf(next);
    const target = pointer === undefined ? undefined : lookUp(document, pointer);
    if (target === undefined) throw new OpenApiRefusal(`${where} refers to ${quoted}, which is not there`);
    if (typeof target !== 'object' || target === null || !isReference(target)) return;
    next = target.$ref;
  }
  throw new OpenApiRefusal(`${where} refers to ${quoted}, which leads back to itself`);
}

/**
 * The converter follows references into `components` only, and writes a sentence in place of others. Some bundlers
 * make those, into other paths: so the whole document gets a second place, in there.
 */
function withinComponents(document: JsonObject, elsewhere: Elsewhere): JsonObject {
  if (elsewhere.length === 0) return document;
  for (const each of elsewhere) each.$ref = each.$ref.replace('#/', `#/components/${ELSEWHERE}/`);
  return { ...document, components: { ...objectOr(document['components']), [ELSEWHERE]: document } };
}

function requireNone(document: JsonObject, [first]: Elsewhere): JsonObject {
  if (first === undefined) return document;
  throw new OpenApiRefusal(
    `"${shorten(first.$ref, LONGEST_QUOTE)}" is referred to, and in Swagger 2.0 only definitions, parameters and responses can be`,
  );
}
