import { invalidOption } from '../../errors/option-error.js';
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

/** A collection can have 100 MB, and is read back. */
const MOST_ANSWER_BYTES = 120_000_000;

export interface OpenedApi {
  readonly api: PostmanApi;
  /** The address that is shown to people. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Opens the Postman API with the key from the environment. No output contains the key.
 *
 * @param signal ends waits
 * @throws {BiotzPostmanError} OPTION_INVALID, URL_INVALID, URL_INSECURE, CERTIFICATE_UNUSABLE
 */
export async function openPostmanApi(
  argv: ArgumentsOf<'push'>,
  environment: NodeJS.ProcessEnv,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<OpenedApi> {
  const key = keyFrom(environment);
  // Never released, because errors are reported after everything is closed.
  terminal.redactor.trackSecrets([key.reveal()]);
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
    invalidOption(
      'POSTMAN_API_KEY',
      problem,
      `Make an API key at ${KEYS_PAGE} (it begins with PMAK-) and set it in the environment; it is never read from an argument or a file.`,
    );
  if (key === '') throw invalid('is not set');
  // Other characters would break or change the header.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw invalid('contains a space, a line break or another character that API keys do not have');
  if (key.startsWith('PMAT-')) throw invalid('is a read-only access key for one collection');
  // So short a key would be masked in ordinary words.
  if (key.length < 8) throw invalid('is too short for an API key');
  return new Secret(key);
}

/** The key is sent to Postman, or to the address that the command line or the environment names. */
function addressOf({ region, postmanApiUrl: address }: ArgumentsOf<'push'>): string {
  const option = '--postman-api-url';
  if (address === undefined) return addresses[region === 'eu' ? 'eu' : 'us'];
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw invalidOption(
      option,
      'is not an https:// address',
      'Omit it to use Postman itself, or write the full address, for example https://api.postman.com.',
    );
  }
  if (isInsecure(url)) {
    throw invalidOption(
      option,
      `is ${url.origin}, which would receive the API key unencrypted`,
      'Use an https:// address.',
    );
  }
  if (url.href !== `${url.origin}/`) {
    throw invalidOption(option, 'must be an address without a path, query or user');
  }
  return url.origin;
}
