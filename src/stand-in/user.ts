import { createHash, timingSafeEqual } from 'node:crypto';
import type { Device } from '../device/device.js';

/** A user of the stand-in's realm. A {@link Device} of a credentials file is one as it is. */
export interface StandInUser extends Pick<Device, 'username' | 'password'> {
  /** The account exists but may not log in: "Account disabled". */
  readonly disabled?: boolean;
  /** The account has a required action left: "Account is not fully set up". */
  readonly notSetUp?: boolean;
}

/** Finds a user by lower-cased username: Keycloak stores usernames so, and lower-cases what it is sent. */
export type FindUser = (username: string) => StandInUser | undefined;

/** The users as a function; of two whose usernames differ only in case, the later one counts. */
export function userDirectory(users: Iterable<StandInUser> | FindUser): FindUser {
  if (typeof users === 'function') return users;
  const byUsername = new Map<string, StandInUser>();
  for (const user of users) byUsername.set(user.username.toLowerCase(), user);
  return (username) => byUsername.get(username);
}

/** Compares a password exactly, in a time that does not depend on where the two differ. */
export function passwordMatches(user: StandInUser, password: string): boolean {
  return timingSafeEqual(digest(user.password.reveal()), digest(password));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
