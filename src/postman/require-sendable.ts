import { postmanError } from './errors.js';
import type { PlacedItem } from './chosen-requests.js';
import { isObject, type JsonObject } from '../text/json.js';
import { isSwitchedOff } from './document.js';
import { optionError } from '../errors/option-error.js';
import { isIterationVariable } from './iteration-row.js';

/**
 * Refuses requests that Newman would send incompletely or without resolving them: files to upload, and references to
 * Postman's vault. Disabled parts are ignored.
 *
 * @param requests the requests that a run sends
 * @param variables of the collection and the environment, with their texts
 * @param file the collection's name, for the error
 * @throws {BiotzPostmanError} COLLECTION_INVALID
 */
export function requireSendable(
  requests: readonly PlacedItem[],
  variables: ReadonlyMap<string, string>,
  file: string,
): void {
  for (const placed of requests) {
    const { path } = placed;
    const upload = uploadOf(bodyOf(placed));
    if (upload !== undefined) {
      throw postmanError('COLLECTION_INVALID', {
        file,
        problem: `the request "${path}" uploads a file (${upload}), but a run reads no files for a collection`,
        next: 'Exclude it with --folder, or put the content into the request; docs/running.md explains how.',
      });
    }
    for (const text of sentTexts(placed)) {
      if (refersToVault(text, variables)) {
        throw postmanError('COLLECTION_INVALID', {
          file,
          problem: `the request "${path}" refers to Postman's vault, which only Postman itself resolves`,
          next: 'Use a variable of the devices, such as {{password}}, or one of the environment.',
        });
      }
    }
  }
}

/** The file that a request uploads. Base64 in the collection itself needs no file, and is sent. */
function uploadOf(body: JsonObject | undefined): string | undefined {
  if (body?.['mode'] === 'file') {
    const content = body['file'];
    return isObject(content) && isInline(content['src'], content['content']) ? undefined : 'the whole body';
  }
  const fields = body?.['mode'] === 'formdata' ? body['formdata'] : undefined;
  if (!Array.isArray(fields)) return undefined;
  for (const field of fields) {
    if (!isObject(field) || field['type'] !== 'file' || isSwitchedOff(field)) continue;
    if (!isInline(field['src'], field['value'])) return `field "${String(field['key'])}"`;
  }
  return undefined;
}

const isInline = (source: unknown, content: unknown) =>
  !source && typeof content === 'string' && content !== '';

/** Methods whose body Newman omits by default (postman-runtime's requester/core.js). */
const withoutBody = /^(get|head|copy|purge|unlock)$/i;

function bodyOf({ item, parents }: PlacedItem): JsonObject | undefined {
  const { body, method } = isObject(item['request']) ? item['request'] : {};
  if (!isObject(body) || isSwitchedOff(body)) return undefined;
  if (!withoutBody.test(typeof method === 'string' && method !== '' ? method : 'GET')) return body;
  const says = [item, ...parents.toReversed()]
    .map((each) => each['protocolProfileBehavior'])
    .find((behaviour) => isObject(behaviour) && behaviour['disableBodyPruning'] !== undefined);
  return isObject(says) && says['disableBodyPruning'] ? body : undefined;
}

/** Every text of a request in which Newman replaces variables before sending it. */
function* sentTexts(placed: PlacedItem): Generator<string> {
  const { item, parents } = placed;
  const request = item['request'];
  const { url, header, auth } = isObject(request) ? request : { url: request };
  // Newman makes the address from the other parts of a URL, and uses `raw` only if these are missing.
  if (isObject(url) && (url['host'] !== undefined || url['path'] !== undefined)) {
    const { raw: _raw, ...parts } = url;
    yield* textsOf(parts);
  } else yield* textsOf(url);
  yield* textsOf(header);
  const body = bodyOf(placed);
  if (body !== undefined) yield* textsOf(body[String(body['mode'])]);
  const chosen = [auth, ...parents.toReversed().map((parent) => parent['auth'])].find(
    (each) => isObject(each) && typeof each['type'] === 'string',
  );
  if (isObject(chosen)) yield* textsOf(chosen[String(chosen['type'])]);
}

function* textsOf(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const each of value) yield* textsOf(each);
  else if (isObject(value) && !isSwitchedOff(value)) {
    for (const [name, each] of Object.entries(value)) if (name !== 'description') yield* textsOf(each);
  }
}

const anyVariable = /\{\{([^{}]*)\}\}/g;

/** Whether a text refers to Postman's vault, except by a name that a variable has. */
function refersToVault(text: string, variables: ReadonlyMap<string, string>): boolean {
  return Array.from(text.matchAll(anyVariable), ([, name = '']) => name).some(
    (name) => /^\s*vault:/i.test(name) && !variables.has(name),
  );
}

/** Names of the collection and the environment of a run, for errors. */
export interface PlanNames {
  readonly collection?: string | undefined;
  readonly environment?: string | undefined;
}

/**
 * Refuses references to Postman's vault in variables and in the message to publish: only Postman resolves them, and Newman
 * would send the reference itself. Variables that a device's own values override are ignored.
 *
 * @param variables of the collection and the environment, with their texts
 * @param values of the environment alone
 * @throws {BiotzPostmanError} COLLECTION_INVALID, ENVIRONMENT_INVALID, OPTION_INVALID
 */
export function requireNoVault(
  variables: ReadonlyMap<string, string>,
  values: ReadonlyMap<string, string>,
  payload: string,
  { collection = 'collection', environment = 'environment' }: PlanNames,
): void {
  if (refersToVault(payload, variables)) {
    throw optionError('OPTION_INVALID', {
      option: 'payload (--payload)',
      problem: "refers to Postman's vault, which only Postman itself resolves",
      next: 'Write the value itself, or use a variable of the environment.',
    });
  }
  for (const [name, value] of variables) {
    if (isIterationVariable(name) || !refersToVault(value, variables)) continue;
    const problem = `${name} is a reference to Postman's vault, which only Postman itself resolves`;
    const next = 'Pass an environment that holds the value itself.';
    throw values.has(name)
      ? postmanError('ENVIRONMENT_INVALID', { file: environment, problem, next })
      : postmanError('COLLECTION_INVALID', { file: collection, problem, next });
  }
}
