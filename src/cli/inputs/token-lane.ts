import { tokenError } from '../../token/errors.js';
import type { Profile } from '../../platform/profile.js';
import type { WarningCode } from '../../platform/reason.js';
import { warningProse } from '../../platform/reason.js';
import type { Connections } from '../../http/connections.js';
import { discoverRealm, realmUrls } from '../../token/discovery.js';
import type { Engine } from '../../fleet/engine.js';
import { createTokenEngine } from '../../token/engine.js';
import type { Login } from '../../token/engine.js';
import { createVerifier } from '../../token/verify.js';
import type { ConnectionArguments } from './connections.js';
import { connectionsFor } from './connections.js';
import { probedProfile } from './probed-profile.js';
import type { ProfileArguments } from '../options/profile.js';
import { profileFrom } from '../options/profile.js';
import type { Terminal } from '../terminal/terminal.js';

/** The options that a lane of token requests is made from. */
export interface TokenLaneArguments extends ConnectionArguments, Omit<ProfileArguments, 'body'> {
  readonly body: 'formdata' | 'urlencoded' | 'auto';
  readonly verify: boolean;
  readonly endSessions?: boolean | undefined;
}

export interface TokenLane {
  readonly profile: Profile;
  readonly engine: Engine<Login>;
}

/**
 * What `token` sends and where, checked before anything is read or sent.
 *
 * @throws {BiotzPostmanError} REALM_UNKNOWN, URL_INSECURE, URL_INVALID
 */
export function tokenProfile({ body, ...argv }: TokenLaneArguments): Profile {
  const profile = profileFrom({ ...argv, body: body === 'auto' ? undefined : body }, argv.insecure === true);
  if (argv.verify || argv.endSessions === true) realmUrls(profile.tokenUrl);
  return body === 'auto' ? { ...profile, bodyMode: 'urlencoded' } : profile;
}

/**
 * Prepares logins over plain HTTP: asks the server what it reads where that is wanted, and gets the realm's keys
 * before any password is sent.
 *
 * @param connections the most at a time
 * @throws {BiotzPostmanError} CERTIFICATE_UNUSABLE, DISCOVERY_FAILED, DISCOVERY_REFUSED, OPTION_INVALID,
 *   REALM_UNKNOWN, SERVER_UNSUITABLE, URL_INSECURE, URL_INVALID
 */
export async function openTokenLane(
  argv: TokenLaneArguments,
  connections: number,
  terminal: Terminal,
): Promise<TokenLane> {
  const chosen = tokenProfile(argv);
  const opened = await connectionsFor(chosen, argv, connections, terminal.io.env, terminal);
  try {
    const profile = argv.body === 'auto' ? await probedProfile(chosen, opened, terminal) : chosen;
    const verify = argv.verify ? await verifierFor(profile, opened) : undefined;
    const endSessions = argv.endSessions === true;
    return { profile, engine: createTokenEngine({ profile, connections: opened, verify, endSessions }) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

async function verifierFor({ tokenUrl, clientId }: Profile, connections: Connections) {
  const realm = await discoverRealm(connections, tokenUrl);
  const verifier = createVerifier({ connections, realm, clientId });
  const reason = await verifier.prepare();
  if (reason !== undefined) throw tokenError('DISCOVERY_FAILED', { url: realm.jwksUrl, reason });
  return verifier.verify;
}

/** Counts warnings, and says in the end what each means: a fleet has one for each device. */
export class WarningCounter {
  readonly #counts = new Map<WarningCode, number>();

  add(warnings: readonly WarningCode[]): void {
    for (const code of warnings) this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  }

  print(terminal: Terminal): void {
    for (const [code, count] of this.#counts) {
      const { meaning, remedy } = warningProse[code];
      const devices = count === 1 ? '' : `${count} devices: `;
      terminal.note(`${terminal.paintNotes.bad('warning')}: ${devices}${meaning}. ${remedy} [${code}]\n`);
    }
  }
}
