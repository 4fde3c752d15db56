import type { Device } from '../device/device.js';
import type { TokenRequestShape } from '../platform/answers.js';
import type { Profile } from '../platform/profile.js';
import type { ConnectionOptions } from '../http/connections.js';
import type { Message } from '../token/publish.js';
import type { Resolve } from './check-name.js';

/** What is sent to the server for a reason that somebody may want to know before. */
export type Announcement =
  | { readonly what: 'probe'; readonly server: string }
  | { readonly what: 'login'; readonly server: string; readonly device: string }
  | { readonly what: 'message'; readonly server: string; readonly messageType: string };

/** What the doctor looks at. */
export interface Subject {
  readonly profile: Profile;
  /** How logins are to be sent; absent: as the server reads them. */
  readonly wanted: TokenRequestShape | undefined;
  readonly connection: ConnectionOptions;
  /** Proxy variables that are set, and that this program does not go by. */
  readonly ignoredProxies: readonly string[];
  /** A device to log in. */
  readonly device: Device | undefined;
  /** What it is to publish; absent: nothing is. */
  readonly message: Message | undefined;
  /** Told before something is sent; it must not throw. */
  readonly announce: (announcement: Announcement) => void;
  /** Told the tokens and other secrets in an answer, which must not be shown. */
  readonly learn: (secrets: Iterable<string>) => void;
  /** Aborted: what is under way is finished, and a session that was opened is ended. */
  readonly signal?: AbortSignal | undefined;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  readonly resolve: Resolve;
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
