import type { Profile } from '../../platform/profile.js';
import type { WarningCode } from '../../platform/reason.js';
import { warningProse } from '../../platform/reason.js';
import type { Engine } from '../../fleet/engine.js';
import { openTokenEngine } from '../../runs/lanes.js';
import { realmUrls } from '../../token/discovery.js';
import type { Login } from '../../token/engine.js';
import { type ConnectionArguments, connectionsFor, probedProfile } from './connections.js';
import { type ProfileArguments, profileFrom } from '../options/values.js';
import type { Terminal } from '../terminal/terminal.js';

/** Command line options for token requests. */
export interface TokenLaneArguments extends ConnectionArguments, Omit<ProfileArguments, 'body'> {
  readonly body: 'formdata' | 'urlencoded' | 'auto';
  readonly verify: boolean;
  readonly endSessions?: boolean | undefined;
}

/**
 * Checks what `token` sends and where, before anything is read or sent.
 *
 * @throws {BiotzPostmanError} REALM_UNKNOWN, URL_INSECURE, URL_INVALID
 */
export function tokenProfile({ body, ...argv }: TokenLaneArguments): Profile {
  const profile = profileFrom({ ...argv, body: body === 'auto' ? undefined : body }, argv.insecure === true);
  if (argv.verify || argv.endSessions === true) realmUrls(profile.tokenUrl);
  return body === 'auto' ? { ...profile, bodyMode: 'urlencoded' } : profile;
}

/**
 * Prepares logins over plain HTTP: probes the server for `--body auto`, and gets the realm's keys before any password is
 * sent.
 *
 * @param connections the most connections at once
 * @throws {BiotzPostmanError} CERTIFICATE_UNUSABLE, DISCOVERY_FAILED, DISCOVERY_REFUSED, OPTION_INVALID,
 *   REALM_UNKNOWN, SERVER_UNSUITABLE, URL_INSECURE, URL_INVALID
 */
export async function openLogins(
  argv: TokenLaneArguments,
  connections: number,
  terminal: Terminal,
): Promise<{ readonly profile: Profile; readonly engine: Engine<Login> }> {
  const chosen = tokenProfile(argv);
  const opened = await connectionsFor(chosen, argv, connections, terminal);
  let profile = chosen;
  if (argv.body === 'auto') {
    try {
      profile = await probedProfile(chosen, opened, terminal);
    } catch (error) {
      await opened.close();
      throw error;
    }
  }
  const { verify, endSessions = false } = argv;
  return { profile, engine: await openTokenEngine({ profile, connections: opened, verify, endSessions }) };
}

/** Counts warnings, and explains each one once at the end: every device of a fleet may have the same. */
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
