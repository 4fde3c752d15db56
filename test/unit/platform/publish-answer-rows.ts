import type { ReasonCode } from '../../../src/platform/reason.js';

const accepted = '{"success?":true,"details":{}}';
const unauthorized = '{"error":"Authentication required"}';

/** The situation, the status, the body, and what it means. */
export type PublishRow = readonly [string, number, string, ReasonCode | 'accepted'];

/** Every kind of answer of the ingestion endpoint, and what script, run and plain HTTP must make of it. */
export const publishRows: readonly PublishRow[] = [
  ['that takes the message', 200, accepted, 'accepted'],
  ['after a byte order mark', 200, `\ufeff${accepted}`, 'accepted'],
  ['between white space', 200, `\r\n ${accepted}\n`, 'accepted'],
  ['that says yes, then no', 200, '{"success?":true,"success?":false}', 'publish-refused'],
  ['that says no, then yes', 200, '{"success?":false,"success?":true}', 'accepted'],
  ['that says yes in a text', 200, '{"success?":"true"}', 'publish-refused'],
  ['that says yes deeper down', 200, '{"details":{"success?":true}}', 'publish-refused'],
  ['that says no', 200, '{"success?":false}', 'publish-refused'],
  ['that says yes in a list', 200, `[${accepted}]`, 'publish-refused'],
  ['that says yes in a page', 200, `<html>${accepted}`, 'publish-refused'],
  ['that is null', 200, 'null', 'publish-refused'],
  ['that is empty', 200, '', 'publish-refused'],
  ['that says yes with another status', 201, accepted, 'publish-refused'],
  ['that says no with another status', 400, '{"success?":false}', 'publish-refused'],
  ['that wants a token', 404, unauthorized, 'publish-unauthorized'],
  ['that wants a token, after a byte order mark', 404, `\ufeff${unauthorized}`, 'publish-unauthorized'],
  ['that wants a token elsewhere', 404, '{"details":"Authentication required"}', 'publish-refused'],
  ['that wants a token in a page', 404, '<h1>Authentication required</h1>', 'publish-refused'],
  ['that finds nothing', 404, '{"error":"Not found"}', 'publish-refused'],
  ['that is empty and finds nothing', 404, '', 'publish-refused'],
  ['that is unauthorized', 401, unauthorized, 'publish-unauthorized'],
  ['that is unauthorized and empty', 401, '', 'publish-unauthorized'],
  ['that is unauthorized, in a page', 401, '<html>', 'publish-unauthorized'],
  ['that is unauthorized and says yes', 401, accepted, 'publish-unauthorized'],
  ['that forbids', 403, unauthorized, 'publish-refused'],
  ['that redirects', 307, '', 'publish-refused'],
  ['that fails', 500, unauthorized, 'publish-refused'],
];
