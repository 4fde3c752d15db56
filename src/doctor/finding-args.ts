import type { BodyMode, ClientAuth } from '../platform/profile.js';
import type { CheckName } from './check-names.js';

type Nothing = Readonly<Record<string, never>>;

/** What each of the doctor's own codes carries: facts for its sentence, never a secret. Codes may be added, never renamed. */
export interface FindingArgs {
  // Any check
  'not-checked': { readonly because: CheckName };
  interrupted: Nothing;

  // proxy
  'proxy-not-used': { readonly because: 'not-set' | 'this-machine' | 'plain-http' | 'exempt' };
  /** `proxy`: its origin, without user and password. */
  'proxy-used': { readonly proxy: string };
  /** A proxy is set in a variable that this program does not use. */
  'proxy-variable-ignored': { readonly variable: string };

  // name
  'name-found': { readonly host: string; readonly addresses: number };
  'name-not-needed': { readonly host: string };
  /** Nobody could say whether the name exists. `problem`: the resolver's code. */
  'resolver-failed': { readonly host: string; readonly problem: string };

  // tcp
  'port-open': { readonly host: string; readonly port: number };
  'port-partly-open': {
    readonly host: string;
    readonly port: number;
    readonly open: number;
    readonly addresses: number;
  };

  // tls
  'tls-absent': { readonly origin: string };
  /** `problem`: OpenSSL's or Node's code. */
  'tls-failed': { readonly problem: string };
  'certificate-good': { readonly daysLeft: number; readonly protocol: string };
  'certificate-expires-soon': { readonly daysLeft: number };
  'certificate-expired': { readonly subject: string; readonly days: number };
  'certificate-not-yet-valid': { readonly subject: string; readonly days: number };
  'certificate-of-another-host': { readonly host: string };
  'certificate-untrusted': { readonly problem: string };

  // discovery
  'discovery-agrees': { readonly issuer: string };
  'realm-not-recognised': Nothing;
  /** `problem`: a clause, e.g. `its jwks_uri is on another server`. */
  'discovery-refused': { readonly problem: string };
  'token-url-differs': { readonly tokenUrl: string };
  'password-grant-unlisted': Nothing;
  'scopes-unlisted': { readonly scopes: readonly string[] };

  // keys
  'keys-usable': { readonly keys: number; readonly algorithms: readonly string[] };
  'keys-unusable': { readonly keys: number };

  // client
  'client-accepted': { readonly clientId: string };
  'scope-without-openid': { readonly scope: string };

  // encoding
  /** The way that was asked for, or the guide's, works. */
  'encoding-read': { readonly bodyMode: BodyMode; readonly clientAuth: ClientAuth };
  /** Nobody asked for a way, and the guide's does not work; this one does. */
  'encoding-differs': { readonly bodyMode: BodyMode; readonly clientAuth: ClientAuth };
  /** The way that was asked for does not work, and another does. */
  'encoding-refused': {
    readonly bodyMode: BodyMode;
    readonly clientAuth: ClientAuth;
    readonly instead: { readonly bodyMode: BodyMode; readonly clientAuth: ClientAuth };
  };
  'encoding-unclear': Nothing;

  // device
  'device-not-given': Nothing;
  'device-logged-in': { readonly device: string };

  // clock; `seconds`: how far the server is ahead of this machine, negative where it is behind
  'clock-agrees': { readonly seconds: number; readonly source: ClockSource };
  'clock-drifts': { readonly seconds: number; readonly source: ClockSource };
  'clock-off': { readonly seconds: number; readonly source: ClockSource };
  'clock-unknown': Nothing;

  // id-token
  'id-token-genuine': { readonly lifetimeS: number };
  'id-token-unchecked': Nothing;
  'id-token-short-lived': { readonly lifetimeS: number };
  /** `aud` does not have the client; only `azp` names it. */
  'id-token-audience-elsewhere': { readonly clientId: string };

  // message
  'message-not-asked-for': Nothing;
  'message-published': { readonly messageType: string };

  // session
  'session-ended': Nothing;
}

/** A header of an answer, or the time at which a token says it was issued. */
export type ClockSource = 'date' | 'iat';
