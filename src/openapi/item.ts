import {
  bearer,
  type AuthDocument,
  type ItemDocument,
  type RequestDocument,
  type ResponseDocument,
  type BodyDocument,
  type FileField,
  type Parameter,
} from '../postman/document.js';
import { stableId } from '../text/uuid.js';
import { harmless } from '../text/harmless.js';
import type { Address } from './address.js';
import { inert } from './inert.js';
import { listOr, objectOr, textOr, type JsonObject, isObject } from '../text/json.js';
import { nameOf, type Operation } from './operations.js';

const LONGEST_NAME = 200;
/** Limit on an example's body: schemas that refer to each other expand to many times their text. */
const LONGEST_EXAMPLE = 64 * 1024;

/**
 * Makes a request of the converter's result. It copies known parts only, so that no id, script or authorization of the
 * converter gets in, and makes every text {@link inert}.
 *
 * @param converted the request of {@link Operation}, with its examples
 */
export function itemOf(operation: Operation, converted: JsonObject, address: Address): ItemDocument {
  const id = (part: string) => stableId(`collection/openapi/${nameOf(operation)}${part}`);
  const request = requestOf(operation, objectOr(converted['request']), address);
  const { security } = operation.operation;
  // An operation without security gets no token.
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

/** The title of an operation, on one line. */
function titleOf(operation: Operation): string {
  const { summary, operationId } = operation.operation;
  return oneLine(textOr(summary) ?? textOr(operationId) ?? nameOf(operation));
}

/** Makes a name fit for one line of a CI log. */
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

const LONGEST_DESCRIPTION = 1000;
const LONGEST_BODY = 1024 * 1024;

/** Headers that this program or the connection sets. */
const foreignHeaders =
  /^(?:authorization|proxy-.*|cookie|host|connection|transfer-encoding|content-length)$/i;

/** The request with method, address, parameters and body, but without authorization. */
function requestOf(
  { method, operation }: Operation,
  { header, body, url }: JsonObject,
  address: Address,
): RequestDocument {
  const description = textOr(operation['description']);
  const converted = bodyOf(objectOr(body));
  const query = [
    ...address.query,
    ...parametersOf(objectOr(url)['query'])
      .map(forQuery)
      // The path already has this parameter with its value.
      .filter(({ key }) => address.query.every((fixed) => fixed.key !== key)),
  ];
  const enabled = query.filter(({ disabled }) => disabled !== true);
  const search = enabled.map(({ key, value }) => `${key}=${value}`).join('&');
  return {
    method: method.toUpperCase(),
    ...(description !== undefined && { description: inert(description) }),
    header: parametersOf(header).filter(
      ({ key }) =>
        /^[\w!#$%&'*+.^`|~-]+$/.test(key) &&
        !foreignHeaders.test(key) &&
        // The sending program must add the boundary.
        !(key.toLowerCase() === 'content-type' && converted?.mode !== 'raw'),
    ),
    ...(converted && { body: converted }),
    url: {
      raw: `{{${address.variable}}}/${address.path.join('/')}${search === '' ? '' : `?${search}`}`,
      host: [`{{${address.variable}}}`],
      path: address.path,
      ...(query.length > 0 && { query }),
    },
  };
}

/** Encodes characters that would end a value or begin another one. */
const forQuery = (each: Parameter): Parameter => ({
  ...each,
  key: each.key.replace(/[&#+=]/g, encodeURIComponent),
  value: each.value.replace(/[&#+]/g, encodeURIComponent),
});

/** Copies headers, queries and fields. */
function parametersOf(list: unknown): readonly Parameter[] {
  return listOr(list).filter(isObject).map(parameterOf);
}

function parameterOf({ key, value, description, disabled }: JsonObject): Parameter {
  const text = textOr(isObject(description) ? description['content'] : description)?.trim();
  return {
    key: inert(textIn(key)),
    value: inert(textIn(value)).replace(/[\r\n]+/g, ' '),
    ...(text !== undefined && { description: inert(text, LONGEST_DESCRIPTION) }),
    ...(disabled === true && { disabled }),
  };
}

/** Postman's values are texts; other values are written as JSON. */
const textIn = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value ?? '') ?? '').replace(/^""$/, '');

function bodyOf({ mode, raw, options, formdata, urlencoded }: JsonObject): BodyDocument | undefined {
  switch (mode) {
    case 'raw': {
      const language = textOr(objectOr(objectOr(options)['raw'])['language']) ?? 'text';
      return { mode, raw: inert(textIn(raw), LONGEST_BODY), options: { raw: { language } } };
    }
    case 'urlencoded':
      return { mode, urlencoded: parametersOf(urlencoded) };
    case 'formdata':
      return { mode, formdata: listOr(formdata).filter(isObject).map(fieldOf) };
    case 'file':
      return { mode, file: {} };
    default:
      return undefined;
  }
}

function fieldOf(field: JsonObject): Parameter | FileField {
  const { value, ...rest } = parameterOf(field);
  // The sender chooses the file.
  return field['type'] === 'file' ? { ...rest, type: 'file' } : { ...rest, value, type: 'text' };
}
