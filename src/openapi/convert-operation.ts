// First: see there.
import { startAgain } from './made-up-values.js';
import converter from 'openapi-to-postmanv2';
import type { Options, CollectionResult } from 'openapi-to-postmanv2';
import { isObject, listOr, type JsonObject } from '../text/json.js';
import { OpenApiRefusal } from './problem.js';

const options: Options = {
  // `<string>` rather than an example: examples may hold somebody's token, and a shared collection none.
  parametersResolution: 'Schema',
  // They stay in the request, switched off.
  enableOptionalParameters: false,
  includeAuthInfoInExample: false,
  alwaysInheritAuthentication: true,
};

/** The converter is CommonJS, and its types say what Node's import gives it differently. */
const { convertV2 } = (converter as unknown as { default?: typeof converter }).default ?? converter;

/**
 * The request of a document with one operation, as the converter makes it; of its ids none is kept.
 *
 * @param name what to call the operation in messages
 * @throws {OpenApiRefusal}
 */
export async function convertOperation(document: object, name: string): Promise<JsonObject> {
  startAgain();
  const result = await new Promise<CollectionResult>((resolve, reject) => {
    const refused = () => reject(new OpenApiRefusal(`${name} cannot be converted`));
    try {
      convertV2({ type: 'json', data: document }, options, (error, result) => {
        if (error !== null || result?.result !== true) refused();
        else resolve(result);
      });
    } catch {
      refused();
    }
  });
  const request = firstRequest(result.output?.[0]?.data);
  // It writes to its console what it stumbled over, and leaves the operation out.
  if (request === undefined) throw new OpenApiRefusal(`${name} cannot be converted`);
  return request;
}

function firstRequest(item: unknown): JsonObject | undefined {
  if (!isObject(item)) return undefined;
  if (isObject(item['request'])) return item;
  for (const each of listOr(item['item'])) {
    const found = firstRequest(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
