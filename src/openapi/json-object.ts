/** An object of a document that somebody else wrote; nothing is known of what is in it. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object, or an empty one where there is none. */
export const objectOr = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** The list, or an empty one where there is none. */
export const listOr = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The text that is not empty, or `undefined`. */
export const textOr = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;
