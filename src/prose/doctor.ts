import type { Announcement } from '../doctor/subject.js';
import type { CheckName } from '../doctor/check-names.js';
import type { CheckStatus, Finding, FindingCode } from '../doctor/finding.js';
import type { ClockSource, FindingArgs } from '../doctor/finding-args.js';
import type { ReasonCode } from '../platform/reason.js';
import type { WarningCode } from '../platform/warning.js';
import { reasonProse } from './reasons.js';
import { warningProse } from './warnings.js';

/** What was found, as a clause, and what to do where there is something to do. */
export interface FindingProse {
  readonly meaning: string;
  readonly remedy?: string;
}

/** What each check is called. */
export const checkProse: { readonly [C in CheckName]: string } = {
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
};

const askTheOperator = 'Tell the operator of the server';
const trustIt =
  'For an own certificate authority give its certificate with --ca FILE (token, doctor) or NODE_EXTRA_CA_CERTS (run). --insecure skips the check and exposes the passwords.';
const clocks =
  "Set this machine's clock by NTP (timedatectl shows whether that is so); if it is right, tell the operator of the server.";

const counted = (count: number, noun: string, plural = `${noun}s`) =>
  `${count} ${count === 1 ? noun : plural}`;

const because: { readonly [B in FindingArgs['proxy-not-used']['because']]: string } = {
  'not-set': 'HTTPS_PROXY is not set',
  'this-machine': 'the server is on this machine',
  'plain-http': 'only https goes through one',
  exempt: 'NO_PROXY names the server',
};

const sources: { readonly [S in ClockSource]: string } = {
  date: 'by the Date header of its answers',
  iat: 'by the time at which it says it issued the id_token',
};

function clock({ seconds, source }: FindingArgs['clock-off']): string {
  const off = counted(Math.abs(seconds), 'second');
  const relation = seconds === 0 ? 'agrees with' : `is ${off} ${seconds > 0 ? 'ahead of' : 'behind'}`;
  return `the server's clock ${relation} this machine's, ${sources[source]}`;
}

function way({ bodyMode, clientAuth }: FindingArgs['encoding-read']): string {
  const body = bodyMode === 'formdata' ? 'form-data' : 'urlencoded';
  return `${body} with the client ${clientAuth === 'body' ? 'in the body' : 'in HTTP Basic'}`;
}

/** The sentences of the doctor's own codes. */
const doctorProse: { readonly [C in keyof FindingArgs]: (args: FindingArgs[C]) => FindingProse } = {
  'not-checked': ({ because }) => ({ meaning: `not looked at, because of "${checkProse[because]}"` }),
  interrupted: () => ({ meaning: 'not looked at, because it was interrupted' }),

  'proxy-not-used': ({ because: reason }) => ({ meaning: `none is used: ${because[reason]}` }),
  'proxy-used': ({ proxy }) => ({ meaning: `${proxy} is used, as a tunnel (HTTPS_PROXY)` }),
  'proxy-variable-ignored': ({ variable }) => ({
    meaning: `${variable} is set, and not used: none is used`,
    remedy: 'Set HTTPS_PROXY if the server can only be reached through a proxy.',
  }),

  'name-found': ({ host, addresses }) => ({
    meaning: `${host} has ${counted(addresses, 'address', 'addresses')}`,
  }),
  'name-not-needed': ({ host }) => ({ meaning: `${host} is an address` }),
  'resolver-failed': ({ host, problem }) => ({
    meaning: `no name server said whether ${host} exists (${problem})`,
    remedy: 'Check the network of this machine, and the name servers that it asks (/etc/resolv.conf).',
  }),

  'port-open': ({ host, port }) => ({ meaning: `${host} takes connections at port ${port}` }),
  'port-partly-open': ({ host, port, open, addresses }) => ({
    meaning: `only ${open} of the ${addresses} addresses of ${host} take connections at port ${port}`,
    remedy: `Logins get through, some after a delay. ${askTheOperator}: all addresses of a name should be served.`,
  }),

  'tls-absent': ({ origin }) => ({
    meaning: `none: ${origin} is plain http`,
    remedy: 'Everybody on the way can read the passwords. Let token_url (--token-url) begin with https://.',
  }),
  'tls-failed': ({ problem }) => ({
    meaning: `no TLS connection could be made (${problem})`,
    remedy:
      'Check that token_url (--token-url) names a port at which https is spoken, in TLS 1.2 or 1.3. The server may also want a client certificate (--cert, --key).',
  }),
  'certificate-good': ({ daysLeft, protocol }) => ({
    meaning: `${protocol}, with a certificate that is trusted, for this host, and valid for ${counted(daysLeft, 'day')}`,
  }),
  'certificate-expires-soon': ({ daysLeft }) => ({
    meaning: `the certificate is good, but expires in ${counted(daysLeft, 'day')}`,
    remedy: `${askTheOperator}: it should have been renewed by now.`,
  }),
  'certificate-expired': ({ subject, days }) => ({
    meaning: `the certificate of ${subject} expired ${days === 0 ? 'today' : `${counted(days, 'day')} ago`}`,
    remedy: `Check the clock of this machine. If it is right: ${askTheOperator.toLowerCase()}, who has to renew it.`,
  }),
  'certificate-not-yet-valid': ({ subject, days }) => ({
    meaning: `the certificate of ${subject} becomes valid in ${counted(days, 'day')} only`,
    remedy: 'Check the clock of this machine.',
  }),
  'certificate-of-another-host': ({ host }) => ({
    meaning: `the certificate is not for ${host}`,
    remedy:
      'Use one of the names that the certificate is for in token_url (--token-url), if it is that server.',
  }),
  'certificate-untrusted': ({ problem }) => ({
    meaning: `nobody who is trusted here vouches for the certificate (${problem})`,
    remedy: trustIt,
  }),

  'discovery-agrees': ({ issuer }) => ({ meaning: `the realm describes itself as ${issuer}, as it should` }),
  'realm-not-recognised': () => ({
    meaning: 'token_url does not look like that of a Keycloak realm, so its description cannot be found',
    remedy:
      'Logins may work all the same. Signatures cannot be checked (token: --no-verify), and sessions not be ended.',
  }),
  'discovery-refused': ({ problem }) => ({
    meaning: `the realm's description is not to be trusted: ${problem}`,
    remedy:
      'Use the public address of the realm as token_url (--token-url). run works without the description, token with --no-verify.',
  }),
  'token-url-differs': ({ tokenUrl }) => ({
    meaning: `the realm names another token endpoint: ${tokenUrl}`,
    remedy: 'Use that one as token_url (--token-url), unless you know why not.',
  }),
  'password-grant-unlisted': () => ({
    meaning: 'the realm does not list the password grant',
    remedy: '"client" below says whether it takes it all the same.',
  }),
  'scopes-unlisted': ({ scopes }) => ({
    meaning: `the realm does not list the scope ${scopes.join(', ')}`,
    remedy: 'If logins are refused for it, set scope (--scope) to "openid".',
  }),

  'keys-usable': ({ keys, algorithms }) => ({
    meaning: `${counted(keys, 'key')} for signatures (${algorithms.join(', ')})`,
  }),
  'keys-unusable': ({ keys }) => ({
    meaning: `none of the ${counted(keys, 'key')} that the realm publishes can verify an id_token`,
    remedy: `${askTheOperator}: a key for RS256, PS256, ES256 or EdDSA is needed.`,
  }),

  'client-accepted': ({ clientId }) => ({ meaning: `${clientId} exists and may use the password grant` }),
  'scope-without-openid': ({ scope }) => ({
    meaning: `the scope "${scope}" is without openid, so logins get no id_token`,
    remedy: 'Set scope (--scope) to "openid", with the others behind it.',
  }),

  'encoding-read': (shape) => ({ meaning: `the server reads ${way(shape)}` }),
  'encoding-differs': (shape) => ({
    meaning: `the server does not read form-data as the guide sends it; it reads ${way(shape)}`,
    remedy: 'Use the settings below.',
  }),
  'encoding-refused': ({ instead, ...shape }) => ({
    meaning: `the server does not read ${way(shape)}; it reads ${way(instead)}`,
    remedy: 'Use the settings below.',
  }),
  'encoding-unclear': () => ({
    meaning: 'nobody can tell whether the server reads it',
    remedy: 'It was not tried, or the server was busy. --body urlencoded was read a moment ago.',
  }),

  'device-not-given': () => ({
    meaning: 'nobody was logged in; name a credentials file to log one of its devices in',
  }),
  'device-logged-in': ({ device }) => ({ meaning: `${device} can log in` }),

  'clock-agrees': (args) => ({ meaning: clock(args) }),
  'clock-drifts': (args) => ({ meaning: clock(args), remedy: clocks }),
  'clock-off': (args) => ({ meaning: `${clock(args)}: tokens may count as expired`, remedy: clocks }),
  'clock-unknown': () => ({
    meaning: "the server does not tell its time; a device's token would, so name a credentials file",
  }),

  'id-token-genuine': ({ lifetimeS }) => ({
    meaning: `signature, issuer, audience and times are right; it lives for ${counted(lifetimeS, 'second')}`,
  }),
  'id-token-unchecked': () => ({
    meaning: "it was not checked, because the realm's keys could not be read",
    remedy: 'See to "discovery" and "keys" above.',
  }),
  'id-token-short-lived': ({ lifetimeS }) => ({
    meaning: `it lives for ${counted(lifetimeS, 'second')} only, and will be refused after that`,
    remedy: 'Get a token right before it is used, or have the lifetime of access tokens raised in the realm.',
  }),
  'id-token-audience-elsewhere': ({ clientId }) => ({
    meaning: `its audience (aud) does not name ${clientId}`,
    remedy: 'A receiver that goes by the audience alone will refuse it. Check client_id (--client-id).',
  }),

  'message-not-asked-for': () => ({
    meaning: 'nothing was published; --message-type and --payload publish a message',
  }),
  'message-published': ({ messageType }) => ({
    meaning: `the platform took a message of type ${messageType}`,
  }),

  'session-ended': () => ({
    meaning: 'the session of the login is ended again; nothing is left at the server',
  }),
};

/** A finding in words. Arguments may be foreign: make the words harmless before they are printed. */
export function explainFinding({ code, args, status }: Finding): FindingProse {
  const { meaning, remedy } = proseOf(code, args);
  const isFine = status === 'pass' || status === 'skipped';
  return remedy === undefined || isFine ? { meaning } : { meaning, remedy };
}

function proseOf(code: FindingCode, args: unknown): FindingProse {
  if (code in reasonProse) return reasonProse[code as ReasonCode];
  if (code in warningProse) return warningProse[code as WarningCode];
  return (doctorProse[code as keyof FindingArgs] as (args: unknown) => FindingProse)(args);
}

/** What is about to be sent, as a sentence. */
export function explainAnnouncement(announcement: Announcement): string {
  const { what, server } = announcement;
  if (what === 'probe') {
    return `${server} is asked up to three times to log in a user who does not exist; no password of yours is sent.`;
  }
  return what === 'login'
    ? `${announcement.device} is logged in at ${server} once, and its session is ended again.`
    : `One message of type ${announcement.messageType} is published at ${server}.`;
}

/** What each status is called. */
export const statusProse: { readonly [S in CheckStatus]: string } = {
  pass: 'PASS',
  warning: 'WARNING',
  failure: 'FAILURE',
  skipped: 'SKIPPED',
  unknown: 'UNKNOWN',
};
