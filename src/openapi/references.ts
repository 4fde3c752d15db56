import { isObject } from '../text/json.js';
import { OpenApiRefusal } from './errors.js';

/** In `components`: the document once more, for what is referred to and lies elsewhere. */
export const ELSEWHERE = 'x-elsewhere';

/** The parts of a reference into the same document, `#/a/b` (RFC 6901, 6); `undefined` where it is none. */
export function pointerOf(reference: string): readonly string[] | undefined {
  if (!reference.startsWith('#/')) return undefined;
  try {
    return reference
      .slice(2)
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
  } catch {
    // A percent sign without two hex digits.
    return undefined;
  }
}

/** What a pointer points to; `undefined` where nothing is. */
export function lookUp(document: unknown, pointer: readonly string[]): unknown {
  let value = document;
  for (const part of pointer) {
    const isThere = (isObject(value) || Array.isArray(value)) && Object.hasOwn(value, part);
    value = isThere ? (value as Readonly<Record<string, unknown>>)[part] : undefined;
  }
  return value;
}

/** Beyond any document that people write; each level costs the converter several calls on its stack. */
const DEEPEST = 100;
/** A 16 MB document has a tenth of it, unless aliases repeat its parts. */
const MOST_VALUES = 5_000_000;

/** A reference of a document, and where it stands. */
export interface Reference {
  readonly holder: { $ref: string };
  readonly place: readonly string[];
}

type Holder = Record<string, unknown>;

/** A value that is no part of the description, such as an example: a `$ref` in it is a member like any other. */
interface Data {
  readonly holder: Holder;
  readonly key: string;
  readonly place: readonly string[];
}

/** What the members of an object are: keywords of the specification, or names that the document chooses. */
type Kind = 'keywords' | 'names' | 'paths' | 'example' | 'link';

/** Keywords under which names stand, such as `properties`; what has a name has keywords again. */
const named: ReadonlySet<string> = new Set(
  (
    'pathItems webhooks responses parameters headers requestBodies securitySchemes callbacks content encoding ' +
    'schemas properties patternProperties dependentSchemas definitions $defs securityDefinitions variables mapping'
  ).split(' '),
);

/** @see https://spec.openapis.org/oas/v3.1.0 sections 4.8.20 (Link Object), 4.8.24 and 4.9 */
function isData(key: string, value: unknown, kind: Kind, isSwagger: boolean): boolean {
  if (kind === 'names') return false;
  // Each path begins with a slash, so that only here an extension can be told from a name.
  if (kind === 'paths') return key.startsWith('x-');
  if (kind === 'link' && (key === 'parameters' || key === 'requestBody')) return true;
  if (kind === 'example' && key === 'value') return true;
  if (key === 'examples') return isSwagger || Array.isArray(value);
  return key.startsWith('x-') || ['example', 'default', 'enum', 'const'].includes(key);
}

function kindOf(key: string, kind: Kind): Kind {
  if (kind === 'names' || kind === 'paths') return 'keywords';
  if (key === 'paths') return 'paths';
  return named.has(key) ? 'names' : 'keywords';
}

/**
 * Every reference of a document. Data with a `$ref` in it is removed from the document, because the converter would
 * follow it, except data that a reference leads into: some documents keep schemas under `x-…`.
 *
 * @throws {OpenApiRefusal} if the document is too deep or too large
 * @see https://spec.openapis.org/oas/v3.1.0#reference-object
 */
export function referencesOf(document: Holder): readonly Reference[] {
  const references: Reference[] = [];
  const isSwagger = 'swagger' in document;
  const place: string[] = [];
  let data: Data[] = [];
  let values = 0;

  const enter = (value: unknown): value is object => {
    values += 1;
    if (values > MOST_VALUES) throw new OpenApiRefusal(`it unfolds to more than ${MOST_VALUES} values`);
    if (typeof value !== 'object' || value === null) return false;
    if (place.length <= DEEPEST) return true;
    const where = place.slice(0, 4).join('.');
    throw new OpenApiRefusal(`${where} goes more than ${DEEPEST} levels deep, or contains itself`);
  };
  const within = <T>(key: string, visit: () => T): T => {
    place.push(key);
    const result = visit();
    place.pop();
    return result;
  };

  const visit = (value: unknown, kind: Kind): void => {
    if (!enter(value)) return;
    if (isReference(value)) references.push({ holder: value, place: [...place] });
    for (const [key, each] of Object.entries(value)) {
      within(key, () => {
        if (Array.isArray(value)) visit(each, kind);
        else if (isData(key, each, kind, isSwagger)) {
          if (mentions(each)) data.push({ holder: value as Holder, key, place: [...place] });
        } else if (key === 'examples' && kind !== 'names') visitNamed(each, 'example');
        else if (key === 'links' && kind !== 'names') visitNamed(each, 'link');
        else visit(each, kindOf(key, kind));
      });
    }
  };
  const visitNamed = (value: unknown, kind: Kind): void => {
    if (!enter(value)) return;
    if (isReference(value)) references.push({ holder: value, place: [...place] });
    for (const [key, each] of Object.entries(value)) within(key, () => visit(each, kind));
  };
  /** Whether a `$ref` is anywhere in it. */
  const mentions = (value: unknown): boolean => {
    if (!enter(value)) return false;
    let found = isReference(value);
    for (const [key, each] of Object.entries(value)) found = within(key, () => mentions(each)) || found;
    return found;
  };

  visit(document, 'keywords');
  for (let seen = 0; seen < references.length;) {
    const pointers = references.slice(seen).map(({ holder }) => pointerOf(holder.$ref) ?? []);
    seen = references.length;
    const isTarget = ({ place: at }: Data) =>
      pointers.some((pointer) => at.every((part, i) => part === pointer[i]));
    const targets = data.filter(isTarget);
    data = data.filter((each) => !targets.includes(each));
    for (const { holder, key, place: at } of targets) {
      place.splice(0, place.length, ...at);
      visit(holder[key], 'names');
    }
    place.length = 0;
  }
  for (const { holder, key } of data) delete holder[key];
  return references;
}

export const isReference = (value: object): value is { $ref: string } =>
  isObject(value) && typeof value['$ref'] === 'string';
