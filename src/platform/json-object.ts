/** A text as a JSON object; `undefined` where it is none, be it a list or no JSON at all. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // Not JSON is an answer here, and the parser's message would quote the text.
    return undefined;
  }
}
