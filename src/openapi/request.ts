import type { BodyDocument, FileField, Parameter, RequestDocument } from '../postman/document.js';
import type { Address } from './address.js';
import { inert } from './inert.js';
import { isObject, listOr, objectOr, textOr, type JsonObject } from '../text/json.js';
import type { Operation } from './operations.js';

const LONGEST_DESCRIPTION = 1000;
const LONGEST_BODY = 1024 * 1024;

/** What is ours to say, or the connection's. */
const foreignHeaders =
  /^(?:authorization|proxy-.*|cookie|host|connection|transfer-encoding|content-length)$/i;

/** Method, address, parameters and body; without authorization. */
export function requestOf(
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
export function parametersOf(list: unknown): readonly Parameter[] {
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
export const textIn = (value: unknown): string =>
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
  // Which file is for whoever sends it to choose.
  return field['type'] === 'file' ? { ...rest, type: 'file' } : { ...rest, value, type: 'text' };
}
