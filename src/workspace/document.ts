/** A JSON object of Postman's, of which only some properties are known here; the others are handed on. */
export type Document = Readonly<Record<string, unknown>>;

export function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; none where it is no list. */
export function documentsIn(value: unknown): readonly Document[] {
  return Array.isArray(value) ? value.filter(isDocument) : [];
}

/** A text; '' for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A copy with some properties set, and those removed that are `undefined`. */
export function withProperties(document: Document, properties: Document): Document {
  return Object.fromEntries(
    Object.entries({ ...document, ...properties }).filter(([, value]) => value !== undefined),
  );
}
