/** An object of a Postman file that somebody else wrote. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether a variable, header, field or parameter is switched off. Postman writes `enabled: false` in environments and
 * `disabled: true` in collections; files written by hand mix them up.
 */
export function isSwitchedOff({ enabled, disabled }: JsonObject): boolean {
  const isFalse = (flag: unknown) => flag === false || flag === 'false' || flag === 0;
  return isFalse(enabled) || (Boolean(disabled) && !isFalse(disabled));
}
