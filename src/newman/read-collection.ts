import { postmanError } from '../postman/errors.js';
import { createRequire } from 'node:module';
import type { BiotzPostmanError } from '../errors/biotz-postman-error.js';
import { isObject } from '../text/json.js';
import { isSwitchedOff } from '../postman/document.js';

type Transformer = {
  convert(
    collection: object,
    options: { readonly inputVersion: string; readonly outputVersion: string },
    done: (error: unknown, converted: object) => void,
  ): void;
};

/**
 * A collection as Newman reads it: format 2, with or without its `info`, or format 1, which is converted as Newman
 * does. Members with `enabled: false` get `disabled: true`, which Newman understands.
 *
 * @param file its name, for the error
 * @throws {BiotzPostmanError} COLLECTION_INVALID
 */
export async function readCollection(document: object, file = 'collection'): Promise<object> {
  // The Postman API wraps a collection in an object; Newman accepts that in a file as well.
  const { collection: inner } = document as { collection?: unknown };
  const collection = isObject(inner) ? inner : document;
  requireKnownFormat(collection, file);
  const read = isFormatOne(collection) ? await converted(collection, file) : collection;
  if (!Array.isArray((read as { item?: unknown }).item)) {
    throw invalid(file, 'this is not a Postman collection of format 1, 2.0 or 2.1');
  }
  return switchOff(read) as object;
}

/** Newman takes no notice of `info.schema`, but it knows nothing of a newer format's requests either. */
function requireKnownFormat(collection: object, file: string): void {
  const { info } = collection as { info?: unknown };
  const schema = isObject(info) ? info['schema'] : undefined;
  const [, major] = typeof schema === 'string' ? (/\/v(\d+)\./.exec(schema) ?? []) : [];
  if (Number(major) > 2)
    throw invalid(file, `it is a collection of format ${major}, which Newman cannot run`);
}

/** By the same marks as in Newman (`isV1Collection` in lib/util.js). */
function isFormatOne(collection: object): boolean {
  const { name, order, requests } = collection as Record<string, unknown>;
  return Boolean(name && order && requests);
}

function converted(collection: object, file: string): Promise<object> {
  // Loaded here, because collections of format 1 are rare and the converter is large.
  const fromNewman = createRequire(createRequire(import.meta.url).resolve('newman'));
  const transformer = fromNewman('postman-collection-transformer') as Transformer;
  return new Promise((resolve, reject) => {
    const options = { inputVersion: '1.0.0', outputVersion: '2.1.0' };
    const done = (error: unknown, result: object) => {
      if (isObject(result) && !error) resolve(result);
      else reject(invalid(file, 'it is a collection of format 1 that cannot be converted'));
    };
    try {
      transformer.convert(structuredClone(collection), options, done);
    } catch (error) {
      done(error, {});
    }
  });
}

function switchOff(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(switchOff);
  if (!isObject(value)) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, switchOff(each)]));
  return 'key' in value && 'enabled' in value ? { ...copy, disabled: isSwitchedOff(value) } : copy;
}

function invalid(file: string, problem: string): BiotzPostmanError {
  return postmanError('COLLECTION_INVALID', { file, problem });
}
