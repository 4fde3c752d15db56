import { isInsecure } from '../platform/urls.js';
import { redact } from '../secret/redact.js';
import { isObject, listOr, objectOr, textOr, type JsonObject } from '../text/json.js';
import { nameOf, type Operation } from './operations.js';
import { OpenApiRefusal } from './errors.js';

const next = 'Pass the address of the API with --api-url URL.';

/** The variable of each base address. */
export type Addresses = ReadonlyMap<string, string>;

/**
 * The base address of a document, without a slash at the end: its first server, with the defaults of its variables.
 *
 * An address without encryption is refused, because the id_token is sent there.
 *
 * @throws {OpenApiRefusal}
 */
export function documentAddress(document: JsonObject): string {
  const given = 'swagger' in document ? swaggerAddress(document) : firstServer(document);
  if (given === undefined) throw new OpenApiRefusal('it does not name a server', { next });
  return safeAddress(given, 'its server');
}

/**
 * The base address of one operation, if it has its own.
 *
 * @param base the document's address, to resolve a relative one
 * @throws {OpenApiRefusal}
 */
export function operationAddress(operation: Operation, base: string): string | undefined {
  const given = firstServer(operation.operation) ?? firstServer(operation.pathItem);
  if (given === undefined) return undefined;
  const address = URL.canParse(given, `${base}/`) ? new URL(given, `${base}/`).href : given;
  return safeAddress(address, `the server of ${nameOf(operation)}`);
}

/** Names the variables: `api_url` for the document's own address, then `api_url_2` and so on, sorted by address. */
export function variablesOf(base: string, others: Iterable<string>): Addresses {
  const further = [...new Set(others)].filter((address) => address !== base).toSorted();
  return new Map(
    [base, ...further].map((address, at) => [address, at === 0 ? 'api_url' : `api_url_${at + 1}`]),
  );
}

function safeAddress(address: string, whose: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  // Braces are left by a variable without a default.
  if (url === undefined || !/^https?:$/.test(url.protocol) || /[{}]|%7[bd]/i.test(url.href)) {
    throw new OpenApiRefusal(`${whose} has no complete http:// or https:// address`, { next });
  }
  const { username, password, search, hash, href } = url;
  if (username + password + search + hash !== '' || redact(href) !== href) {
    throw new OpenApiRefusal(`the address of ${whose} may only have a host and a path`, { next });
  }
  if (isInsecure(url)) {
    throw new OpenApiRefusal(
      `${whose} is ${url.origin}: the id_token would travel unencrypted to a host that is not this machine`,
      { next: 'Use an https:// address, or confirm this address with --api-url.' },
    );
  }
  return url.href.replace(/\/+$/, '');
}

/** @see https://spec.openapis.org/oas/v3.1.0#server-object */
function firstServer({ servers }: JsonObject): string | undefined {
  const [server] = listOr(servers);
  if (!isObject(server)) return undefined;
  const variables = objectOr(server['variables']);
  return textOr(server['url'])?.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const { default: value } = objectOr(variables[name]);
    return textOr(value) ?? (typeof value === 'number' ? String(value) : whole);
  });
}

/** @see https://swagger.io/specification/v2/#swagger-object */
function swaggerAddress({ schemes, host, basePath }: JsonObject): string | undefined {
  const server = textOr(host);
  if (server === undefined) return undefined;
  const known = listOr(schemes);
  const scheme = known.length === 0 || known.includes('https') ? 'https' : String(known[0]);
  return `${scheme}://${server}${textOr(basePath) ?? ''}`;
}
