/** A request's form: each field's values in the order in which they were sent. */
export type Form = ReadonlyMap<string, readonly string[]>;

/**
 * Takes the body that a form parser made: a value, or an array where a field was sent more than once.
 * Any other body is an empty form, which is how Keycloak 26 reads a body that is none.
 */
export function readForm(body: unknown): Form {
  const form = new Map<string, readonly string[]>();
  if (typeof body !== 'object' || body === null) return form;
  for (const [name, value] of Object.entries(body)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    form.set(
      name,
      values.filter((each) => typeof each === 'string'),
    );
  }
  return form;
}

/** The first value of a field; `undefined` where it was not sent. */
export function field(form: Form, name: string): string | undefined {
  return form.get(name)?.[0];
}
