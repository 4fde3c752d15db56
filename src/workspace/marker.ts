import { createHash } from 'node:crypto';

/**
 * Identifies what a push wrote, because Postman gives it other ids: the id in the file, and a digest of each editable
 * text as it was last written. If a text no longer has its digest, a user edited it.
 */
export interface Marker {
  /** A UUID. */
  readonly id: string;
  /** By the text's name, the digest of what was written. */
  readonly written: Readonly<Record<string, string>>;
}

const pattern =
  /`?biotz-postman ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})((?: [^\s/`]+\/[0-9a-f]{8})*)`?/;

/** The first marker in a text. */
export function readMarker(text: string): Marker | undefined {
  const [, id, digests = ''] = pattern.exec(text) ?? [];
  if (id === undefined) return undefined;
  const written = digests
    .split(' ')
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => [decoded(pair.slice(0, -9)), pair.slice(-8)]);
  return { id, written: Object.fromEntries(written) };
}

/** A name that is not valid percent-encoding was edited by a user, and stays as it is. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** A marker as one line. It uses `/`, because an exported `password=` before a digest would be reported as a secret. */
export function formatMarker({ id, written }: Marker): string {
  const digests = Object.entries(written).map(([name, digest]) => ` ${encodeURIComponent(name)}/${digest}`);
  return `biotz-postman ${id}${digests.join('')}`;
}

/** A description without its marker. */
export function withoutMarker(description: string): string {
  return description.replace(pattern, '').trim();
}

/**
 * A description with a marker as its last line, as code in Markdown: Postman's editor removes HTML comments.
 *
 * @see https://github.com/postmanlabs/postman-app-support/issues/10463
 */
export function withMarker(description: string, marker: Marker): string {
  const text = withoutMarker(description);
  return `${text}${text === '' ? '' : '\n\n'}\`${formatMarker(marker)}\``;
}

/** A short digest of a text. It does not depend on the kind of line ends. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text.replace(/\r\n?/g, '\n').trim()).digest('hex').slice(0, 8);
}

/** Which version of an editable text counts, and what the next push must know. */
export interface Decision {
  readonly take: 'ours' | 'theirs';
  /** Whether a user edited it: it is neither ours nor what was written last. */
  readonly edited: boolean;
  /** The digest to store in the marker. */
  readonly written: string | undefined;
}

/**
 * Decides between three texts: ours, theirs, and the one written last, of which only the digest is left.
 *
 * @param written the digest of what was written last; `undefined` if unknown
 */
export function decide(ours: string, theirs: string, written: string | undefined, force: boolean): Decision {
  const ourDigest = digestOf(ours);
  const theirDigest = digestOf(theirs);
  if (ourDigest === theirDigest) return { take: 'theirs', edited: false, written: ourDigest };
  if (force || theirDigest === written) return { take: 'ours', edited: false, written: ourDigest };
  return { take: 'theirs', edited: true, written };
}
