/** A secret in every form in which a text may hold it. */
export const forms: readonly (readonly [string, (secret: string) => string])[] = [
  ['raw', (secret) => secret],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded in lower case', (secret) => encodeURIComponent(secret).toLowerCase()],
  ['form-encoded', (secret) => new URLSearchParams({ p: secret }).toString().slice(2)],
  ['JSON-escaped', (secret) => JSON.stringify(secret)],
  ['XML-escaped', (secret) => escapeMarkup(secret, '&apos;')],
  ['HTML-escaped', (secret) => escapeMarkup(secret, '&#39;')],
  ['base64', (secret) => Buffer.from(secret).toString('base64')],
  ['base64url', (secret) => Buffer.from(secret).toString('base64url')],
  ['Basic credentials', (secret) => Buffer.from(`user:${secret}`).toString('base64')],
  ['the body of a form', (secret) => new URLSearchParams({ username: 'u', password: secret }).toString()],
];

function escapeMarkup(text: string, apostrophe: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", apostrophe);
}
