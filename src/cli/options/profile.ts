import { biotzProfile, USERS_CLIENT_ID } from '../../platform/profile.js';
import type { BodyMode, ClientAuth, Profile } from '../../platform/profile.js';
import { requireNoUser, requireSafeUrl } from '../../platform/urls.js';

/** Command line options of the profile. */
export interface ProfileArguments {
  readonly tokenUrl?: string | undefined;
  readonly clientId?: string | undefined;
  readonly scope?: string | undefined;
  readonly ingestionUrl?: string | undefined;
  readonly body?: BodyMode | undefined;
  readonly clientAuth?: ClientAuth | undefined;
  /** Whether a user logs in, rather than a device; --client-id takes precedence. */
  readonly user?: boolean | undefined;
}

/**
 * The part of a profile that the command line sets. Absent parts keep their value from elsewhere.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID
 */
export function chosenProfile(argv: ProfileArguments): Partial<Profile> {
  requireNoUser('--token-url', argv.tokenUrl ?? '');
  requireNoUser('--ingestion-url', argv.ingestionUrl ?? '');
  return {
    ...(argv.tokenUrl !== undefined && { tokenUrl: argv.tokenUrl }),
    ...(argv.user === true && { clientId: USERS_CLIENT_ID }),
    ...(argv.clientId !== undefined && { clientId: argv.clientId }),
    ...(argv.scope !== undefined && { scope: argv.scope }),
    // A slash at the end would be doubled in `{{ingestion_url}}/api/…`.
    ...(argv.ingestionUrl !== undefined && { ingestionUrl: argv.ingestionUrl.replace(/\/+$/, '') }),
    ...(argv.body !== undefined && { bodyMode: argv.body }),
    ...(argv.clientAuth !== undefined && { clientAuth: argv.clientAuth }),
  };
}

/**
 * The Biotz platform's profile with the options of the command line.
 *
 * @throws {BiotzPostmanError} OPTION_INVALID, URL_INVALID, URL_INSECURE
 */
export function profileFrom(argv: ProfileArguments, insecure = false): Profile {
  const profile = { ...biotzProfile, ...chosenProfile(argv) };
  requireSafeUrl('--token-url', profile.tokenUrl, insecure);
  requireSafeUrl('--ingestion-url', profile.ingestionUrl, insecure);
  return profile;
}
