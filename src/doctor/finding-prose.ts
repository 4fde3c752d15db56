import type { ArgsOf } from '../errors/prose.js';
import type { BodyMode, ClientAuth } from '../platform/profile.js';

/** What was found, as a clause, and what to do where there is something to do. */
export interface FindingProse {
  readonly meaning: string;
  readonly remedy?: string;
}

/** A header of an answer, or the time at which a token says it was issued. */
export type ClockSource = 'date' | 'iat';

/** `seconds`: how far the server is ahead of this machine, negative where it is behind. */
interface Clock {
  readonly seconds: number;
  readonly source: ClockSource;
}

interface RequestShape {
  readonly bodyMode: BodyMode;
  readonly clientAuth: ClientAuth;
}

const askTheOperator = 'Tell the operator of the server';
const trustIt =
  'For an own certificate authority give its certificate with --ca FILE (token, doctor) or NODE_EXTRA_CA_CERTS (run). --insecure skips the check and exposes the passwords.';
const clocks =
  "Set this machine's clock by NTP (timedatectl shows whether that is so); if it is right, tell the operator of the server.";

const counted = (count: number, noun: string, plural = `${noun}s`) =>
  `${count} ${count === 1 ? noun : plural}`;

const because: { readonly [B in 'not-set' | 'this-machine' | 'plain-http' | 'exempt']: string } = {
  'not-set': 'HTTPS_PROXY is not set',
  'this-machine': 'the server is on this machine',
  'plain-http': 'only https goes through one',
  exempt: 'NO_PROXY names the server',
};

const sources: { readonly [S in ClockSource]: string } = {
  date: 'by the Date header of its answers',
  iat: 'by the time at which it says it issued the id_token',
};

function clock({ seconds, source }: Clock): string {
  const off = counted(Math.abs(seconds), 'second');
  const relation = seconds === 0 ? 'agrees with' : `is ${off} ${seconds > 0 ? 'ahead of' : 'behind'}`;
  return `the server's clock ${relation} this machine's, ${sources[source]}`;
}

function way({ bodyMode, clientAuth }: RequestShape): string {
  const body = bodyMode === 'formdata' ? 'form-data' : 'urlencoded';
  return `${body} with the client ${clientAuth === 'body' ? 'in the body' : 'in HTTP Basic'}`;
}

/** The doctor's own codes: what each carries, never a secret, and its sentences. Codes may be added, never renamed. */
export const findingProse = {
  // Any check
  'not-checked': ({ because }: { readonly because: CheckName }) => ({
    meaning: `not looked at, because of "${checkProse[because]}"`,
  }),
  interrupted: () => ({ meaning: 'not looked at, because it was interrupted' }),

  // proxy
  'proxy-not-used': ({
    because: reason,
  }: {
    readonly because: 'not-set' | 'this-machine' | 'plain-http' | 'exempt';
  }) => ({ meaning: `none is used: ${because[reason]}` }),
  /** `proxy`: its origin, without user and password. */
  'proxy-used': ({ proxy }: { readonly proxy: string }) => ({
    meaning: `${proxy} is used, as a tunnel (HTTPS_PROXY)`,
  }),
  /** A proxy is set in a variable that this program does not use. */
  'proxy-variable-ignored': ({ variable }: { readonly variable: string }) => ({
    meaning: `${variable} is set, and not used: none is used`,
    remedy: 'Set HTTPS_PROXY if the server can only be reached through a proxy.',
  }),

  // name
  'name-found': ({ host, addresses }: { readonly host: string; readonly addresses: number }) => ({
    meaning: `${host} has ${counted(addresses, 'address', 'addresses')}`,
  }),
  'name-not-needed': ({ host }: { readonly host: string }) => ({ meaning: `${host} is an address` }),
  /** Nobody could say whether the name exists. `problem`: the resolver's code. */
  'resolver-failed': ({ host, problem }: { readonly host: string; readonly problem: string }) => ({
    meaning: `no name server said whether ${host} exists (${problem})`,
    remedy: 'Check the network of this machine, and the name servers that it asks (/etc/resolv.conf).',
  }),

  // tcp
  'port-open': ({ host, port }: { readonly host: string; readonly port: number }) => ({
    meaning: `${host} takes connections at port ${port}`,
  }),
  'port-partly-open': ({
    host,
    port,
    open,
    addresses,
  }: {
    readonly host: string;
    readonly port: number;
    readonly open: number;
    readonly addresses: number;
  }) => ({
    meaning: `only ${open} of the ${addresses} addresses of ${host} take connections at port ${port}`,
    remedy: `Logins get through, some after a delay. ${askTheOperator}: all addresses of a name should be served.`,
  }),

  // tls
  'tls-absent': ({ origin }: { readonly origin: string }) => ({
    meaning: `none: ${origin} is plain http`,
    remedy: 'Everybody on the way can read the passwords. Let token_url (--token-url) begin with https://.',
  }),
  /** `problem`: OpenSSL's or Node's code. */
  'tls-failed': ({ problem }: { readonly problem: string }) => ({
    meaning: `no TLS connection could be made (${problem})`,
    remedy:
      'Check that token_url (--token-url) names a port at which https is spoken, in TLS 1.2 or 1.3. The server may also want a client certificate (--cert, --key).',
  }),
  'certificate-good': ({ daysLeft, protocol }: { readonly daysLeft: number; readonly protocol: string }) => ({
    meaning: `${protocol}, with a certificate that is trusted, for this host, and valid for ${counted(daysLeft, 'day')}`,
  }),
  'certificate-expires-soon': ({ daysLeft }: { readonly daysLeft: number }) => ({
    meaning: `the certificate is good, but expires in ${counted(daysLeft, 'day')}`,
    remedy: `${askTheOperator}: it should have been renewed by now.`,
  }),
  'certificate-expired': ({ subject, days }: { readonly subject: string; readonly days: number }) => ({
    meaning: `the certificate of ${subject} expired ${days === 0 ? 'today' : `${counted(days, 'day')} ago`}`,
    remedy: `Check the clock of this machine. If it is right: ${askTheOperator.toLowerCase()}, who has to renew it.`,
  }),
  'certificate-not-yet-valid': ({ subject, days }: { readonly subject: string; readonly days: number }) => ({
    meaning: `the certificate of ${subject} becomes valid in ${counted(days, 'day')} only`,
    remedy: 'Check the clock of this machine.',
  }),
  'certificate-of-another-host': ({ host }: { readonly host: string }) => ({
    meaning: `the certificate is not for ${host}`,
    remedy:
      'Use one of the names that the certificate is for in token_url (--token-url), if it is that server.',
  }),
  'certificate-untrusted': ({ problem }: { readonly problem: string }) => ({
    meaning: `nobody who is trusted here vouches for the certificate (${problem})`,
    remedy: trustIt,
  }),

  // discovery
  'discovery-agrees': ({ issuer }: { readonly issuer: string }) => ({
    meaning: `the realm describes itself as ${issuer}, as it should`,
  }),
  'realm-not-recognised': () => ({
    meaning: 'token_url does not look like that of a Keycloak realm, so its description cannot be found',
    remedy:
      'Logins may work all the same. Signatures cannot be checked (token: --no-verify), and sessions not be ended.',
  }),
  /** `problem`: a clause, e.g. `its jwks_uri is on another server`. */
  'discovery-refused': ({ problem }: { readonly problem: string }) => ({
    meaning: `the realm's description is not to be trusted: ${problem}`,
    remedy:
      'Use the public address of the realm as token_url (--token-url). run works without the description, token with --no-verify.',
  }),
  'token-url-differs': ({ tokenUrl }: { readonly tokenUrl: string }) => ({
    meaning: `the realm names another token endpoint: ${tokenUrl}`,
    remedy: 'Use that one as token_url (--token-url), unless you know why not.',
  }),
  'password-grant-unlisted': () => ({
    meaning: 'the realm does not list the password grant',
    remedy: '"client" below says whether it takes it all the same.',
  }),
  'scopes-unlisted': ({ scopes }: { readonly scopes: readonly string[] }) => ({
    meaning: `the realm does not list the scope ${scopes.join(', ')}`,
    remedy: 'If logins are refused for it, set scope (--scope) to "openid".',
  }),

  // keys
  'keys-usable': ({
    keys,
    algorithms,
  }: {
    readonly keys: number;
    readonly algorithms: readonly string[];
  }) => ({
    meaning: `${counted(keys, 'key')} for signatures (${algorithms.join(', ')})`,
  }),
  'keys-unusable': ({ keys }: { readonly keys: number }) => ({
    meaning: `none of the ${counted(keys, 'key')} that the realm publishes can verify an id_token`,
    remedy: `${askTheOperator}: a key for RS256, PS256, ES256 or EdDSA is needed.`,
  }),

  // client
  'client-accepted': ({ clientId }: { readonly clientId: string }) => ({
    meaning: `${clientId} exists and may use the password grant`,
  }),
  'scope-without-openid': ({ scope }: { readonly scope: string }) => ({
    meaning: `the scope "${scope}" is without openid, so logins get no id_token`,
    remedy: 'Set scope (--scope) to "openid", with the others behind it.',
  }),

  // encoding
  /** The way that was asked for, or the guide's, works. */
  'encoding-read': (shape: RequestShape) => ({ meaning: `the server reads ${way(shape)}` }),
  /** Nobody asked for a way, and the guide's does not work; this one does. */
  'encoding-differs': (shape: RequestShape) => ({
    meaning: `the server does not read form-data as the guide sends it; it reads ${way(shape)}`,
    remedy: 'Use the settings below.',
  }),
  /** The way that was asked for does not work, and another does. */
  'encoding-refused': ({
    instead,
    ...shape
  }: {
    readonly bodyMode: BodyMode;
    readonly clientAuth: ClientAuth;
    readonly instead: RequestShape;
  }) => ({
    meaning: `the server does not read ${way(shape)}; it reads ${way(instead)}`,
    remedy: 'Use the settings below.',
  }),
  'encoding-unclear': () => ({
    meaning: 'nobody can tell whether the server reads it',
    remedy: 'It was not tried, or the server was busy. --body urlencoded was read a moment ago.',
  }),

  // device
  'device-not-given': () => ({
    meaning: 'nobody was logged in; name a credentials file to log one of its devices in',
  }),
  'device-logged-in': ({ device }: { readonly device: string }) => ({ meaning: `${device} can log in` }),

  // clock; `seconds`: how far the server is ahead of this machine, negative where it is behind
  'clock-agrees': (args: Clock) => ({ meaning: clock(args) }),
  'clock-drifts': (args: Clock) => ({ meaning: clock(args), remedy: clocks }),
  'clock-off': (args: Clock) => ({ meaning: `${clock(args)}: tokens may count as expired`, remedy: clocks }),
  'clock-unknown': () => ({
    meaning: "the server does not tell its time; a device's token would, so name a credentials file",
  }),

  // id-token
  'id-token-genuine': ({ lifetimeS }: { readonly lifetimeS: number }) => ({
    meaning: `signature, issuer, audience and times are right; it lives for ${counted(lifetimeS, 'second')}`,
  }),
  'id-token-unchecked': () => ({
    meaning: "it was not checked, because the realm's keys could not be read",
    remedy: 'See to "discovery" and "keys" above.',
  }),
  'id-token-short-lived': ({ lifetimeS }: { readonly lifetimeS: number }) => ({
    meaning: `it lives for ${counted(lifetimeS, 'second')} only, and will be refused after that`,
    remedy: 'Get a token right before it is used, or have the lifetime of access tokens raised in the realm.',
  }),
  /** `aud` does not have the client; only `azp` names it. */
  'id-token-audience-elsewhere': ({ clientId }: { readonly clientId: string }) => ({
    meaning: `its audience (aud) does not name ${clientId}`,
    remedy: 'A receiver that goes by the audience alone will refuse it. Check client_id (--client-id).',
  }),

  // message
  'message-not-asked-for': () => ({
    meaning: 'nothing was published; --message-type and --payload publish a message',
  }),
  'message-published': ({ messageType }: { readonly messageType: string }) => ({
    meaning: `the platform took a message of type ${messageType}`,
  }),

  // session
  'session-ended': () => ({
    meaning: 'the session of the login is ended again; nothing is left at the server',
  }),
} satisfies Readonly<Record<string, (args: never) => FindingProse>>;

export type FindingArgs = ArgsOf<typeof findingProse>;

/** The checks in their order, and what each is called. Names may be added, never renamed: people's scripts read them. */
export const checkProse = {
  proxy: 'proxy',
  name: 'name resolution',
  tcp: 'TCP',
  tls: 'TLS',
  discovery: 'discovery',
  keys: 'keys (JWKS)',
  client: 'client',
  encoding: 'body encoding',
  device: 'device login',
  clock: 'clock',
  'id-token': 'id_token',
  message: 'message',
  session: 'session',
} as const;

export type CheckName = keyof typeof checkProse;

export const checkNames = Object.keys(checkProse) as readonly CheckName[];
