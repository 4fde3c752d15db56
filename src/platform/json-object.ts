/** A text as a JSON object; `undefined` if it is a list, a single value or not JSON. A byte order mark is ignored (RFC 8259, 8.1). */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // Not JSON is an answer here, and the parser's message would quote the text.
    return undefined;
  }
}
