import { optionError } from '../../errors/option-error.js';
import { openConnections } from '../../http/connections.js';
import { isInsecure } from '../../platform/urls.js';
import { KEYS_PAGE } from '../../workspace/errors.js';
import { Secret } from '../../secret/secret.js';
import { PostmanApi } from '../../workspace/api.js';
import { connectionOptions } from './connections.js';
import type { ArgumentsOf } from '../options/options.js';
import type { Terminal } from '../terminal/terminal.js';

/** @see https://learning.postman.com/api-docs/api-reference */
const addresses = { us: 'https://api.postman.com', eu: 'https://api.eu.postman.com' } as const;

/** A collection may have 100 MB, and is read back. */
const MOST_ANSWER_BYTES = 120_000_000;

export interface OpenedApi {
  readonly api: PostmanApi;
  /** Where it is, for people. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Opens the Postman API with the key of the environment, of which no output will have a trace.
 *
 * @param signal breaks off what only waits
 * @throws {BiotzPostmanError} OPTION_INVALID, URL_INVALID, URL_INSECURE, CERTIFICATE_UNUSABLE
 */
export async function openPostmanApi(
  argv: ArgumentsOf<'push'>,
  environment: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<OpenedApi> {
  const key = keyFrom(environment);
  // For good: what goes wrong is told after everything is closed.
  terminal.redactor.hold([key.reveal()]);
  const address = addressOf(argv);
  const connections = openConnections(address, {
    ...(await connectionOptions(argv, environment)),
    connections: 1,
    maxAnswerBytes: MOST_ANSWER_BYTES,
  });
  const onWait = (ms: number) => terminal.note(`Waiting ${Math.ceil(ms / 1000)} s for the Postman API.\n`);
  return {
    api: new PostmanApi({ connections, key, signal, onWait }),
    address,
    close: () => connections.close(),
  };
}

function keyFrom(environment: NodeJS.ProcessEnv): Secret {
  const key = environment['POSTMAN_API_KEY'] ?? '';
  const invalid = (problem: string) =>
    optionError('OPTION_INVALID', {
      option: 'POSTMAN_API_KEY',
      problem,
      next: `Make an API key at ${KEYS_PAGE} (it begins with PMAK-) and set it in the environment; it is never taken from an argument or a file.`,
    });
  if (key === '') throw invalid('is not set');
  // What else is in it would not be a header, or not the same one.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw invalid('has a space, a line break or another character in it that no API key has');
  if (key.startsWith('PMAT-')) throw invalid('is an access key for one collection, which can only read');
  // Such a one would be masked wherever its letters stand.
  if (key.length < 8) throw invalid('is too short for an API key');
  return new Secret(key);
}

/** The key goes to Postman, or where the command line or the environment says. */
function addressOf({ region, postmanApiUrl: address }: ArgumentsOf<'push'>): string {
  const option = '--postman-api-url';
  if (address === undefined) return addresses[region === 'eu' ? 'eu' : 'us'];
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw optionError('OPTION_INVALID', {
      option,
      problem: 'is not an https:// address',
      next: 'Leave it out for Postman itself, or write the address whole, for example https://api.postman.com.',
    });
  }
  if (isInsecure(url)) {
    throw optionError('OPTION_INVALID', {
      option,
      problem: `is ${url.origin}: the API key would travel unencrypted`,
      next: 'Use an https:// address.',
    });
  }
  if (url.href !== `${url.origin}/`) {
    throw optionError('OPTION_INVALID', {
      option,
      problem: 'must be an address without a path, query or user',
    });
  }
  return url.origin;
}
