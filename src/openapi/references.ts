import { isObject } from '../text/json.js';
import { OpenApiRefusal } from './errors.js';

/** Name in `components` of a copy of the document, for references to places outside of `components`. */
export const ELSEWHERE = 'x-elsewhere';

/** The parts of a reference into the same document, `#/a/b` (RFC 6901, 6); `undefined` for other references. */
export function pointerOf(reference: string): readonly string[] | undefined {
  if (!reference.startsWith('#/')) return undefined;
  try {
    return reference
      .slice(2)
      .split('/')
      .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'));
  } catch {
    // Thrown for a percent sign without two hex digits.
    return undefined;
  }
}

/** The target of a pointer; `undefined` if it does not exist. */
export function lookUp(document: unknown, pointer: readonly string[]): unknown {
  let value = document;
  for (const part of pointer) {
    const exists = (isObject(value) || Array.isArray(value)) && Object.hasOwn(value, part);
    value = exists ? (value as Readonly<Record<string, unknown>>)[part] : undefined;
  }
  return value;
}

/** Limit on nested values, far beyond real documents: each level costs the converter several calls on its stack. */
const DEEPEST = 100;
/** Limit on values. A document of 16 MB has a tenth of it, unless aliases repeat its parts. */
const MOST_VALUES = 5_000_000;

/** A reference of a document, with its place. */
export interface Reference {
  readonly holder: { $ref: string };
  readonly place: readonly string[];
}

type Holder = Record<string, unknown>;

/** A value that does not describe the API, such as an example: a `$ref` in it is an ordinary member. */
interface Data {
  readonly holder: Holder;
  readonly key: string;
  readonly place: readonly string[];
}

/** Meaning of an object's members: keywords of the specification, or names that the document chooses. */
type Kind = 'keywords' | 'names' | 'paths' | 'example' | 'link';

/** Keywords whose members are names, such as `properties`; the members of a name are keywords again. */
const named: ReadonlySet<string> = new Set(
  (
    'pathItems webhooks responses parameters headers requestBodies securitySchemes callbacks content encoding ' +
    'schemas properties patternProperties dependentSchemas definitions $defs securityDefinitions variables mapping'
  ).split(' '),
);

/** @see https://spec.openapis.org/oas/v3.1.0 sections 4.8.20 (Link Object), 4.8.24 and 4.9 */
function isData(key: string, value: unknown, kind: Kind, isSwagger: boolean): boolean {
  if (kind === 'names') return false;
  // Each path begins with a slash, so only here an extension differs from a name.
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
 * Lists every reference of a document. Data that contains a `$ref` is removed from the document, because the converter
 * would follow it. Data that is the target of a reference is kept: some documents keep schemas under `x-…`.
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
    if (values > MOST_VALUES) throw new OpenApiRefusal(`it expands to more than ${MOST_VALUES} values`);
    if (typeof value !== 'object' || value === null) return false;
    if (place.length <= DEEPEST) return true;
    const where = place.slice(0, 4).join('.');
    throw new OpenApiRefusal(`${where} is nested more than ${DEEPEST} levels deep, or contains itself`);
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
  /** Whether a value contains a `$ref`. */
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
