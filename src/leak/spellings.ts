/**
 * How encoders write a text that has no run of letters and digits to recognise it by: every way in which such a text is
 * usually written, and that once more in JSON; and JSON in markup, as in a report of HTML.
 *
 * @returns each once, the text itself among them
 */
export function spellingsOf(text: string): readonly string[] {
  const percent = percentEncoded(text);
  // RFC 3986, 2.2: encodeURIComponent leaves these five as they are.
  const strict = percent.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = new URLSearchParams({ '': text }).toString().slice(1);
  const once = [
    text,
    ...[percent, strict, form].flatMap((encoded) => [
      encoded,
      encoded.replace(/%../g, (escape) => escape.toLowerCase()),
    ]),
    ...markupSpellings(text),
    // RFC 4180, 2.7
    text.replaceAll('"', '""'),
  ];
  const json = jsonSpellings(text);
  const twice = [...json.flatMap(jsonSpellings), ...json.flatMap(markupSpellings)];
  return [...new Set([...once, ...once.flatMap(jsonSpellings), ...twice])];
}

/** As XML and HTML have it, with or without their two kinds of quotes escaped. */
function markupSpellings(text: string): readonly string[] {
  const markup = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  return [markup, markup.replaceAll('&quot;', '"')].flatMap((escaped) => [
    escaped,
    escaped.replaceAll("'", '&apos;'),
    escaped.replaceAll("'", '&#39;'),
  ]);
}

function percentEncoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    // Half of a surrogate pair: whoever encodes it writes U+FFFD in its place.
    return encodeURIComponent(Buffer.from(text).toString());
  }
}

/** As JavaScript writes it, with `\u` beyond ASCII (Python) in either case, and with `\/` (PHP). */
function jsonSpellings(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const capitals = ascii.replace(/\\u(....)/g, (_escape, digits: string) => `\\u${digits.toUpperCase()}`);
  return [json, ascii, capitals].flatMap((spelling) => [spelling, spelling.replaceAll('/', '\\/')]);
}
