/** Characters of base64 with its padding (RFC 4648, 4); Node's own decoder skips whatever else it meets. */
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads a client id from HTTP Basic. Both halves are form-encoded before they are joined (RFC 6749,
 * 2.3.1). The secret is not looked at: the devices' client is public, and Keycloak then ignores it.
 *
 * @param authorization the header's value
 * @returns the client id; `undefined` where the header is not Basic or has no colon, which Keycloak
 *   ignores; `'malformed'` where it cannot be decoded, which Keycloak refuses
 */
export function basicClient(
  authorization: string | undefined,
): { readonly clientId: string } | 'malformed' | undefined {
  const encoded = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  if (!BASE64.test(encoded)) return 'malformed';
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 0) return undefined;
  try {
    return { clientId: decodeURIComponent(decoded.slice(0, colon).replaceAll('+', ' ')) };
  } catch {
    return 'malformed';
  }
}
