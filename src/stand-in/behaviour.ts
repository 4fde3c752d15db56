/**
 * Which server the stand-in behaves like. They differ in what they do with a form-data body:
 * - `gateway`: reads all of it, as the platform's guide supposes.
 * - `keycloak-26`: reads it, but takes the client only from an urlencoded body or from HTTP Basic.
 * - `keycloak-21`: reads nothing but urlencoded bodies.
 *
 * Measured on Keycloak 26.4.0 and 21.1.2.
 */
export type Behaviour = 'gateway' | 'keycloak-26' | 'keycloak-21';

/** How a body travels, as its Content-Type says. */
export type BodyKind = 'urlencoded' | 'form-data' | 'none' | 'other';

/** @param contentType the header's value, or `undefined` where it was not sent */
export function bodyKind(contentType: string | undefined): BodyKind {
  if (contentType === undefined) return 'none';
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === 'application/x-www-form-urlencoded') return 'urlencoded';
  return mediaType === 'multipart/form-data' ? 'form-data' : 'other';
}

/** Whether the server looks at the body at all, or answers 415. */
export function consumes(behaviour: Behaviour, kind: BodyKind): boolean {
  return behaviour !== 'keycloak-21' || kind === 'urlencoded' || kind === 'none';
}

/** Whether the server takes `client_id` from such a body. */
export function readsClient(behaviour: Behaviour, kind: BodyKind): boolean {
  return kind === 'urlencoded' || (kind === 'form-data' && behaviour === 'gateway');
}
