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

const LONGEST_DESCRIPTION = 1000;
const LONGEST_BODY = 1024 * 1024;

/** What is ours to say, or the connection's. */
const foreignHeaders =
  /^(?:authorization|proxy-.*|cookie|host|connection|transfer-encoding|content-length)$/i;

/** Method, address, parameters and body; without authorization. */
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
      // The path has its value.
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
        // The boundary is for the program that sends to write.
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

/** What would end a value or begin another. */
const forQuery = (each: Parameter): Parameter => ({
  ...each,
  key: each.key.replace(/[&#+=]/g, encodeURIComponent),
  value: each.value.replace(/[&#+]/g, encodeURIComponent),
});

/** Headers, queries and fields alike. */
function parametersOf(list: unknown): readonly Parameter[] {
  return listOr(list).filter(isObject).map(parameterOf);
}

function parameterOf({ key, value, description, disabled }: JsonObject): Parameter {
  const about = textOr(isObject(description) ? description['content'] : description)?.trim();
  return {
    key: inert(textIn(key)),
    value: inert(textIn(value)).replace(/[\r\n]+/g, ' '),
    ...(about !== undefined && { description: inert(about, LONGEST_DESCRIPTION) }),
    ...(disabled === true && { disabled }),
  };
}

/** Values are text in Postman; others are written as JSON. */
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
  // The user who sends it chooses the file.
  return field['type'] === 'file' ? { ...rest, type: 'file' } : { ...rest, value, type: 'text' };
}
