import type { ArgsOf } from '../errors/biotz-postman-error.js';
import type { BodyMode, ClientAuth } from '../platform/profile.js';

/** The checks in order, with their names for people. Names may be added and are never renamed: scripts read them. */
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

/** A finding as a clause, and a next step if there is one. */
export interface FindingProse {
  readonly meaning: string;
  readonly remedy?: string;
}

/** The Date header of an answer, or the time at which a token was issued. */
export type ClockSource = 'date' | 'iat';

/** `seconds`: how far the server is ahead of this machine; negative if it is behind. */
interface Clock {
  readonly seconds: number;
  readonly source: ClockSource;
}

interface RequestShape {
  readonly bodyMode: BodyMode;
  readonly clientAuth: ClientAuth;
}

interface Host {
  readonly host: string;
}

interface Port extends Host {
  readonly port: number;
}

/** `problem`: a code of the resolver, Node or OpenSSL, or a clause. */
interface Problem {
  readonly problem: string;
}

interface CertificateDates {
  readonly subject: string;
  readonly days: number;
}

interface Lifetime {
  readonly lifetimeS: number;
}

type WhyNoProxy = keyof typeof whyNoProxy;

const tellTheOperator = 'Tell the operator of the server';
const clocks =
  "Set this machine's clock by NTP (timedatectl shows its state). If it is right, tell the operator of the server.";

const counted = (count: number, noun: string, plural = `${noun}s`) =>
  `${count} ${count === 1 ? noun : plural}`;

const whyNoProxy = {
  'not-set': 'HTTPS_PROXY is not set',
  'this-machine': 'the server is on this machine',
  'plain-http': 'only https uses a proxy',
  exempt: 'NO_PROXY names the server',
} as const;

const sources: { readonly [S in ClockSource]: string } = {
  date: 'by the Date header of its answers',
  iat: 'by the time at which it issued the id_token',
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

/** The doctor's own codes: their arguments, never a secret, and their sentences. Codes may be added, never renamed. */
export const findingProse = {
  // Every check
  'not-checked': ({ because }: { readonly because: CheckName }) => ({
    meaning: `not checked, because of "${checkProse[because]}"`,
  }),
  interrupted: () => ({ meaning: 'not checked, because the doctor was interrupted' }),

  // proxy
  'proxy-not-used': ({ because }: { readonly because: WhyNoProxy }) => ({
    meaning: `no proxy is used: ${whyNoProxy[because]}`,
  }),
  /** `proxy`: its origin, without user and password. */
  'proxy-used': ({ proxy }: { readonly proxy: string }) => ({
    meaning: `${proxy} is used as a tunnel (HTTPS_PROXY)`,
  }),
  /** A variable that this program ignores names a proxy. */
  'proxy-variable-ignored': ({ variable }: { readonly variable: string }) => ({
    meaning: `${variable} is set but ignored: no proxy is used`,
    remedy: 'If the server can only be reached through a proxy, set HTTPS_PROXY.',
  }),

  // name
  'name-found': ({ host, addresses }: Host & { readonly addresses: number }) => ({
    meaning: `${host} has ${counted(addresses, 'address', 'addresses')}`,
  }),
  'name-not-needed': ({ host }: Host) => ({ meaning: `${host} is an address` }),
  /** No name server answered. */
  'resolver-failed': ({ host, problem }: Host & Problem) => ({
    meaning: `no name server said whether ${host} exists (${problem})`,
    remedy: 'Check the network of this machine and its name servers (/etc/resolv.conf).',
  }),

  // tcp
  'port-open': ({ host, port }: Port) => ({ meaning: `${host} accepts connections at port ${port}` }),
  'port-partly-open': ({
    host,
    port,
    open,
    addresses,
  }: Port & { readonly open: number; readonly addresses: number }) => ({
    meaning: `only ${open} of the ${addresses} addresses of ${host} accept connections at port ${port}`,
    remedy: `Logins get through, some after a delay. ${tellTheOperator} that every address of the name should accept connections.`,
  }),

  // tls
  'tls-absent': ({ origin }: { readonly origin: string }) => ({
    meaning: `no TLS: ${origin} is plain http`,
    remedy:
      'Every machine on the way can read the passwords. Use an https:// address as token_url (--token-url).',
  }),
  'tls-failed': ({ problem }: Problem) => ({
    meaning: `no TLS connection could be made (${problem})`,
    remedy:
      'Check that token_url (--token-url) names an https port with TLS 1.2 or 1.3. The server may also require a client certificate (--cert, --key).',
  }),
  'certificate-good': ({ daysLeft, protocol }: { readonly daysLeft: number; readonly protocol: string }) => ({
    meaning: `${protocol}; the certificate is trusted, is for this host, and is valid for ${counted(daysLeft, 'day')}`,
  }),
  'certificate-expires-soon': ({ daysLeft }: { readonly daysLeft: number }) => ({
    meaning: `the certificate is good, but expires in ${counted(daysLeft, 'day')}`,
    remedy: `${tellTheOperator} to renew it.`,
  }),
  'certificate-expired': ({ subject, days }: CertificateDates) => ({
    meaning: `the certificate of ${subject} expired ${days === 0 ? 'today' : `${counted(days, 'day')} ago`}`,
    remedy: 'Check the clock of this machine. If it is right, tell the operator of the server to renew it.',
  }),
  'certificate-not-yet-valid': ({ subject, days }: CertificateDates) => ({
    meaning: `the certificate of ${subject} is not valid yet, but will be in ${counted(days, 'day')}`,
    remedy: 'Check the clock of this machine.',
  }),
  'certificate-of-another-host': ({ host }: Host) => ({
    meaning: `the certificate is not for ${host}`,
    remedy:
      'If this is the right server, use one of the names in its certificate in token_url (--token-url).',
  }),
  'certificate-untrusted': ({ problem }: Problem) => ({
    meaning: `the certificate is not signed by a trusted authority (${problem})`,
    remedy:
      'For your own certificate authority, pass its certificate with --ca FILE (token, doctor) or NODE_EXTRA_CA_CERTS (run). --insecure skips the check and exposes the passwords.',
  }),

  // discovery
  'discovery-agrees': ({ issuer }: { readonly issuer: string }) => ({
    meaning: `the realm describes itself as ${issuer}, as expected`,
  }),
  'realm-not-recognised': () => ({
    meaning: 'token_url is not the address of a Keycloak realm, so its description cannot be found',
    remedy:
      'Logins may still work. Signatures cannot be verified (token: --no-verify), and sessions cannot be ended.',
  }),
  'discovery-refused': ({ problem }: Problem) => ({
    meaning: `the realm's description cannot be trusted: ${problem}`,
    remedy:
      'Use the public address of the realm as token_url (--token-url). run works without the description, token with --no-verify.',
  }),
  'token-url-differs': ({ tokenUrl }: { readonly tokenUrl: string }) => ({
    meaning: `the realm names another token endpoint: ${tokenUrl}`,
    remedy: 'Use that endpoint as token_url (--token-url), unless you chose yours on purpose.',
  }),
  'password-grant-unlisted': () => ({
    meaning: 'the realm does not list the password grant',
    remedy: 'The check "client" below shows whether the realm accepts it nevertheless.',
  }),
  'scopes-unlisted': ({ scopes }: { readonly scopes: readonly string[] }) => ({
    meaning: `the realm does not list the scope ${scopes.join(', ')}`,
    remedy: 'If the server refuses logins because of it, set scope (--scope) to "openid".',
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
    meaning: `the realm publishes ${counted(keys, 'key')}, but no key that can verify an id_token`,
    remedy: `${tellTheOperator} to add a key for RS256, PS256, ES256 or EdDSA.`,
  }),

  // client
  'client-accepted': ({ clientId }: { readonly clientId: string }) => ({
    meaning: `${clientId} exists and may use the password grant`,
  }),
  'scope-without-openid': ({ scope }: { readonly scope: string }) => ({
    meaning: `the scope "${scope}" does not contain openid, so logins get no id_token`,
    remedy: 'Add "openid" to scope (--scope), before the other scopes.',
  }),

  // encoding
  /** The requested way works, or the guide's if none was requested. */
  'encoding-read': (shape: RequestShape) => ({ meaning: `the server reads ${way(shape)}` }),
  /** No way was requested, and the guide's does not work; this one does. */
  'encoding-differs': (shape: RequestShape) => ({
    meaning: `the server does not read form-data as the guide sends it; it reads ${way(shape)}`,
    remedy: 'Use the settings below.',
  }),
  /** The requested way does not work, and another one does. */
  'encoding-refused': ({ instead, ...shape }: RequestShape & { readonly instead: RequestShape }) => ({
    meaning: `the server does not read ${way(shape)}; it reads ${way(instead)}`,
    remedy: 'Use the settings below.',
  }),
  'encoding-unclear': () => ({
    meaning: 'the answers do not show whether the server reads it',
    remedy: 'It was not tried, or the server was busy. The server did read --body urlencoded.',
  }),

  // device
  'device-not-given': () => ({ meaning: 'no login; name a credentials file to log in one of its devices' }),
  'device-logged-in': ({ device }: { readonly device: string }) => ({ meaning: `${device} can log in` }),

  // clock
  'clock-agrees': (args: Clock) => ({ meaning: clock(args) }),
  'clock-drifts': (args: Clock) => ({ meaning: clock(args), remedy: clocks }),
  'clock-off': (args: Clock) => ({ meaning: `${clock(args)}: tokens may count as expired`, remedy: clocks }),
  'clock-unknown': () => ({
    meaning: "the server does not send its time; a device's token would show it, so name a credentials file",
  }),

  // id-token
  'id-token-genuine': ({ lifetimeS }: Lifetime) => ({
    meaning: `signature, issuer, audience and times are right; it is valid for ${counted(lifetimeS, 'second')}`,
  }),
  'id-token-unchecked': () => ({
    meaning: "not verified, because the realm's keys could not be read",
    remedy: 'Fix "discovery" and "keys" above.',
  }),
  'id-token-short-lived': ({ lifetimeS }: Lifetime) => ({
    meaning: `it expires after only ${counted(lifetimeS, 'second')}`,
    remedy: 'Get a token right before you use it, or raise the lifetime of access tokens in the realm.',
  }),
  /** `aud` does not contain the client; only `azp` names it. */
  'id-token-audience-elsewhere': ({ clientId }: { readonly clientId: string }) => ({
    meaning: `its audience (aud) does not contain ${clientId}`,
    remedy: 'A receiver that checks only the audience will refuse it. Check client_id (--client-id).',
  }),

  // message
  'message-not-asked-for': () => ({
    meaning: 'no message was published; --message-type and --payload publish one',
  }),
  'message-published': ({ messageType }: { readonly messageType: string }) => ({
    meaning: `the platform accepted a message of type ${messageType}`,
  }),

  // session
  'session-ended': () => ({ meaning: 'the session of the login was ended; the server keeps nothing open' }),
} satisfies Readonly<Record<string, (args: never) => FindingProse>>;

export type FindingArgs = ArgsOf<typeof findingProse>;
