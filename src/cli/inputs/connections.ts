import { invalidOption } from '../../errors/option-error.js';
import { describeProblem } from '../../files/file-problem.js';
import { readText } from '../../files/read-file.js';
import type { Profile } from '../../platform/profile.js';
import { type ConnectionOptions, type Connections, openConnections } from '../../http/connections.js';
import { proxySettings } from '../../http/proxy.js';
import { wholeNumber } from '../options/values.js';
import type { Terminal } from '../terminal/terminal.js';
import { tokenError } from '../../token/errors.js';
import { probe } from '../../token/probe.js';

/** Command line options of connections over plain HTTP. */
export interface ConnectionArguments {
  readonly timeoutRequest: number;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly http2?: boolean | undefined;
  readonly insecure?: boolean | undefined;
}

/** The certificate authorities of a whole system take a quarter of a megabyte. */
const MOST_PEM_BYTES = 10_000_000;

/** A day. */
const LONGEST_TIMEOUT_MS = 86_400_000;

/**
 * Prepares connections to the token endpoint's server.
 *
 * @param connections the most connections at once
 * @param terminal notes each request before it is sent
 * @throws {BiotzPostmanError} CERTIFICATE_UNUSABLE, OPTION_INVALID
 */
export async function connectionsFor(
  { tokenUrl }: Pick<Profile, 'tokenUrl'>,
  argv: ConnectionArguments,
  connections: number,
  terminal: Terminal,
): Promise<Connections> {
  const opened = openConnections(tokenUrl, {
    ...(await connectionOptions(argv, terminal.io.env)),
    connections,
  });
  return {
    send: (request) => {
      terminal.noteSent();
      return opened.send(request);
    },
    close: () => opened.close(),
  };
}

/**
 * Reads the options of connections, and the files that they name.
 *
 * @param environment holds the variables of the proxy, and the key's passphrase
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export async function connectionOptions(
  argv: ConnectionArguments,
  environment: NodeJS.ProcessEnv,
): Promise<ConnectionOptions> {
  const { ca, cert, key, http2 = false, insecure = false } = argv;
  const passphrase = environment['BIOTZ_KEY_PASSPHRASE'];
  return {
    timeoutMs: wholeNumber('--timeout-request', argv.timeoutRequest, { min: 1, max: LONGEST_TIMEOUT_MS }),
    insecure,
    http2,
    proxy: proxySettings(environment),
    ...(ca !== undefined && { ca: [await readPem('--ca', ca)] }),
    ...(cert !== undefined &&
      key !== undefined && {
        clientCertificate: {
          cert: await readPem('--cert', cert),
          key: await readPem('--key', key),
          ...(passphrase !== undefined && { passphrase }),
        },
      }),
  };
}

async function readPem(option: string, file: string): Promise<string> {
  const read = await readText(file, { mostBytes: MOST_PEM_BYTES });
  if ('text' in read) return read.text;
  throw invalidOption(option, `names a file that ${describeProblem(read.problem)}`);
}

/**
 * Adds the body and client authentication that the server accepts, which logins of a nonexistent user find out.
 *
 * @throws {BiotzPostmanError} SERVER_UNSUITABLE if the server does not accept logins
 */
export async function probedProfile(
  profile: Profile,
  connections: Connections,
  terminal: Terminal,
): Promise<Profile> {
  const { client, recommended } = await probe(connections, profile);
  if (recommended === undefined) {
    throw tokenError('SERVER_UNSUITABLE', {
      reason: client === 'accepted' ? 'status-unexpected' : client,
    });
  }
  const { bodyMode, clientAuth } = recommended;
  terminal.note(`The server accepts --body ${bodyMode} --client-auth ${clientAuth}; using these.\n`);
  return { ...profile, ...recommended };
}

/** Warns about the risk of `--insecure`. */
export function warnInsecure(terminal: Terminal): void {
  terminal.noteWarning('--insecure: others on the network can read the passwords.');
}
