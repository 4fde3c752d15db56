import { KnownSecrets } from '../leak/known-secrets.js';
import { scanWhole } from '../leak/window-scan.js';
import { documentsIn, textOf } from './document.js';

/** So many are named at most. */
const MOST_PLACES = 100;

/**
 * Where a Postman document holds what must not be shared: what `share check` finds in it by structure.
 *
 * @returns places such as `values[6] "password"`, without the values
 */
export function secretsIn(document: unknown): readonly string[] {
  const spans = scanWhole(Buffer.from(JSON.stringify(document)), new KnownSecrets(), { most: MOST_PLACES });
  return [...new Set(spans.map(({ place = '' }) => place))];
}

/**
 * The variables in Postman whose shared value is a secret: to send the others would send these along.
 *
 * @param ours the file's: what is a secret there is one in Postman, whatever its type is by now
 */
export function filledSecrets(theirs: unknown, ours: unknown): readonly string[] {
  const secret = new Set(
    documentsIn(ours)
      .filter(({ type }) => type === 'secret')
      .map(({ key }) => key),
  );
  return documentsIn(theirs)
    .filter(({ key, value, type }) => {
      const typed = secret.has(key) ? 'secret' : type;
      return secretsIn({ key, value, type: typed }).length > 0;
    })
    .map(({ key }) => textOf(key));
}
