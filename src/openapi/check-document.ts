import { isObject, objectOr, type JsonObject } from './json-object.js';
import { ELSEWHERE, lookUp, pointerOf } from './json-pointer.js';
import { OpenApiRefusal } from './problem.js';

/** Beyond any document that people write; each level costs the converter several calls on its stack. */
const DEEPEST = 100;
/** A 16 MB document has a tenth of it, unless aliases repeat its parts. */
const MOST_VALUES = 5_000_000;
/** References that only lead to further ones. */
const LONGEST_CHAIN = 20;
/** A reference is quoted in a message; a longer one tells nobody more. */
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
  const version = String(document['openapi'] ?? document['swagger']);
  if (!('openapi' in document ? /^3\.[01](\.|$)/ : /^2(\.0)?$/).test(version)) {
    throw new OpenApiRefusal('its version is not one of OpenAPI 3.0, 3.1 and Swagger 2.0');
  }
  const { paths } = document;
  if (!isObject(paths) || Object.keys(paths).length === 0) throw new OpenApiRefusal('it has no paths');
  const elsewhere = checkReferences(document);
  return 'openapi' in document ? withinComponents(document, elsewhere) : requireNone(document, elsewhere);
}

/** Objects whose `$ref` leads to where the converter does not look. */
type Elsewhere = readonly { $ref: string }[];

/** Where things lie that are there to be referred to, in OpenAPI 3 and in Swagger 2.0. */
const shared = /^#\/(?:components\/[^/]+\/|(?:definitions|parameters|responses)\/)[^/]/;

function checkReferences(document: JsonObject): Elsewhere {
  const elsewhere: { $ref: string }[] = [];
  const place: string[] = [];
  let values = 0;
  const visit = (value: unknown): void => {
    values += 1;
    if (values > MOST_VALUES) throw new OpenApiRefusal(`it unfolds to more than ${MOST_VALUES} values`);
    if (typeof value !== 'object' || value === null) return;
    if (place.length > DEEPEST) {
      const where = place.slice(0, 4).join('.');
      throw new OpenApiRefusal(`${where} goes more than ${DEEPEST} levels deep, or contains itself`);
    }
    if (isReference(value)) {
      checkReference(document, value.$ref, place);
      const isShared =
        shared.test(value.$ref) && value.$ref.startsWith('#/components/') === 'openapi' in document;
      if (!isShared) elsewhere.push(value);
    }
    for (const [key, each] of Object.entries(value)) {
      place.push(key);
      visit(each);
      place.pop();
    }
  };
  visit(document);
  return elsewhere;
}

const isReference = (value: object): value is { $ref: string } =>
  '$ref' in value && typeof value.$ref === 'string';

function checkReference(document: JsonObject, reference: string, place: readonly string[]): void {
  const where = place.join('.');
  const quoted = `"${reference.slice(0, LONGEST_QUOTE)}"`;
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
    `"${first.$ref.slice(0, LONGEST_QUOTE)}" is referred to, and in Swagger 2.0 only definitions, parameters and responses can be`,
  );
}
