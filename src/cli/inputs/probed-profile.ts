import { tokenError } from '../../token/errors.js';
import type { Profile } from '../../platform/profile.js';
import type { Connections } from '../../http/connections.js';
import { probe } from '../../token/probe.js';
import type { Terminal } from '../terminal/terminal.js';

/**
 * The profile with the body and client authentication that the server reads, found out by logins of a user who
 * does not exist.
 *
 * @throws {BiotzPostmanError} SERVER_UNSUITABLE where no login could be made at all
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
  terminal.note(`The server reads --body ${bodyMode} --client-auth ${clientAuth}; that is used.\n`);
  return { ...profile, ...recommended };
}
