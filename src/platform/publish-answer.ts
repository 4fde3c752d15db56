import { parseObject } from '../text/json.js';
import type { ReasonCode } from './reason.js';

/**
 * Says why the ingestion endpoint did not take a message, or `undefined` if it did. The collection's test script
 * asks the same in the same order; test/unit/templates/publish-data.test.ts holds the two together.
 *
 * @param status the HTTP status
 * @param body the body's text
 */
export function explainPublishAnswer(status: number, body: string): ReasonCode | undefined {
  const answer = parseObject(body);
  if (status === 200 && answer?.['success?'] === true) return undefined;
  // The platform answers 404 to a missing or expired token; a gateway before it would answer 401.
  const isUnauthorized =
    status === 401 || (status === 404 && answer?.['error'] === 'Authentication required');
  return isUnauthorized ? 'publish-unauthorized' : 'publish-refused';
}
