import { bearer } from '../postman/bearer.js';
import type { AuthDocument, ItemDocument, RequestDocument, ResponseDocument } from '../postman/document.js';
import { stableId } from '../postman/stable-id.js';
import { harmless } from '../text/harmless.js';
import type { Address } from './address.js';
import { inert } from './inert.js';
import { listOr, objectOr, textOr, type JsonObject } from '../text/json.js';
import { nameOf, type Operation } from './operations.js';
import { parametersOf, requestOf, textIn } from './request.js';

const LONGEST_NAME = 200;
/** Of an example's body; schemas that refer to each other unfold to many times what is written. */
const LONGEST_EXAMPLE = 64 * 1024;

/**
 * What of the converter's request is kept: named parts only, so that none of its ids, scripts and authorizations
 * gets in, and every text made {@link inert}.
 *
 * @param converted the request of {@link Operation}, with its examples
 */
export function itemOf(operation: Operation, converted: JsonObject, address: Address): ItemDocument {
  const id = (part: string) => stableId(`collection/openapi/${nameOf(operation)}${part}`);
  const request = requestOf(operation, objectOr(converted['request']), address);
  const { security } = operation.operation;
  // The token is not sent where it is not wanted.
  const auth = Array.isArray(security) && security.length === 0 ? noauth : bearer;
  const { description: _description, ...originalRequest } = request;
  const seen = new Map<unknown, number>();
  const response = listOr(converted['response']).flatMap((each) => {
    const { code, ...rest } = objectOr(each);
    const number = (seen.get(code) ?? 0) + 1;
    seen.set(code, number);
    return exampleOf(id(`/response/${String(code)}/${number}`), { code, ...rest }, originalRequest);
  });
  return {
    id: id(''),
    name: titleOf(operation),
    event: [],
    protocolProfileBehavior: {
      followRedirects: false,
      ...(request.body && /^(?:get|head)$/.test(operation.method) && { disableBodyPruning: true }),
    },
    request: { ...request, auth },
    ...(response.length > 0 && { response }),
  };
}

const noauth: AuthDocument = { type: 'noauth' };

/** What people call it, on one line. */
function titleOf(operation: Operation): string {
  const { summary, operationId } = operation.operation;
  return oneLine(textOr(summary) ?? textOr(operationId) ?? nameOf(operation));
}

/** A name as it may also be printed into a CI log. */
export const oneLine = (text: string) => harmless(inert(text.trim().replace(/\s+/g, ' '), LONGEST_NAME));

function exampleOf(
  id: string,
  { name, status, code, header, body, _postman_previewlanguage }: JsonObject,
  originalRequest: RequestDocument,
): readonly ResponseDocument[] {
  const text = textIn(body);
  if (typeof code !== 'number' || text.length > LONGEST_EXAMPLE) return [];
  return [
    {
      id,
      name: oneLine(textOr(name) ?? String(code)),
      originalRequest,
      status: textOr(status) ?? '',
      code,
      header: parametersOf(header).map(({ key, value }) => ({ key, value })),
      body: inert(text, LONGEST_EXAMPLE),
      _postman_previewlanguage: textOr(_postman_previewlanguage) ?? 'text',
    },
  ];
}
