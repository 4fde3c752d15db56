import { isObject, type JsonObject, objectOr } from '../text/json.js';

/** The objects of a list; none if it is not a list. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A text; '' for every other value. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The description of a Postman document: a text, or an object with the text in `content`. */
export function descriptionIn({ description }: JsonObject): string {
  return textOf(objectOr(description)['content'] ?? description);
}

/** A copy with some properties set, and without those that are `undefined`. */
export function withProperties(document: JsonObject, properties: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries({ ...document, ...properties }).filter(([, value]) => value !== undefined),
  );
}
