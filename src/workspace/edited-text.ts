import { digestOf } from './marker.js';

/** A text that people may edit: what to do with it, and what the next push has to know. */
export interface Decision {
  readonly take: 'ours' | 'theirs';
  /** Theirs is not ours, and not what was written last: somebody edited it. */
  readonly edited: boolean;
  /** The digest to note. */
  readonly written: string | undefined;
}

/**
 * Decides between three texts: ours, theirs, and the one written last, of which only the digest is left.
 *
 * @param written the digest of what was written last; `undefined` where nobody knows
 */
export function decide(ours: string, theirs: string, written: string | undefined, force: boolean): Decision {
  const ourDigest = digestOf(ours);
  const theirDigest = digestOf(theirs);
  if (ourDigest === theirDigest) return { take: 'theirs', edited: false, written: ourDigest };
  if (force || theirDigest === written) return { take: 'ours', edited: false, written: ourDigest };
  return { take: 'theirs', edited: true, written };
}
