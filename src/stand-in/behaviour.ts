/**
 * The server that the stand-in imitates. They differ in how they read a form-data body:
 * - `gateway`: reads all of it, as the platform's guide assumes.
 * - `keycloak-26`: reads it, but takes the client only from an urlencoded body or from HTTP Basic.
 * - `keycloak-21`: reads only urlencoded bodies.
 *
 * Measured on Keycloak 26.4.0 and 21.1.2.
 */
export type Behaviour = 'gateway' | 'keycloak-26' | 'keycloak-21';

/** The encoding of a body, by its Content-Type. */
export type BodyKind = 'urlencoded' | 'form-data' | 'none' | 'other';

/** @param contentType the header's value; `undefined` if it was not sent */
export function bodyKind(contentType: string | undefined): BodyKind {
  if (contentType === undefined) return 'none';
  const mediaType = contentType.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType === 'application/x-www-form-urlencoded') return 'urlencoded';
  return mediaType === 'multipart/form-data' ? 'form-data' : 'other';
}

/** Whether the server reads the body; otherwise it answers 415. */
export function consumes(behaviour: Behaviour, kind: BodyKind): boolean {
  return behaviour !== 'keycloak-21' || kind === 'urlencoded' || kind === 'none';
}

/** Whether the server takes `client_id` from such a body. */
export function readsClient(behaviour: Behaviour, kind: BodyKind): boolean {
  return kind === 'urlencoded' || (kind === 'form-data' && behaviour === 'gateway');
}
