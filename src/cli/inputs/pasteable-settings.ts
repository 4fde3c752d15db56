import { resolve } from 'node:path';
import type { Settings } from '../../doctor/recommend.js';
import type { PasteableSettings } from '../../doctor/doctor-report.js';
import type { ConnectionArguments } from './connections.js';
import { allowedInConfigFile } from '../options/config.js';

/** The option that sets each part of a profile. */
const profileFlags = {
  tokenUrl: 'token-url',
  clientId: 'client-id',
  scope: 'scope',
  bodyMode: 'body',
  clientAuth: 'client-auth',
  ingestionUrl: 'ingestion-url',
} as const;

/**
 * Settings in the forms that a command accepts: on its command line, or divided between a config file and the
 * environment, because a config file may not decide where passwords are sent.
 *
 * @param argv options of the connections that worked
 */
export function pasteableSettings(
  { profile, isProven }: Settings,
  { insecure, ca, cert, key, http2 }: ConnectionArguments,
): PasteableSettings {
  const values: Record<string, string> = {};
  for (const [part, flag] of Object.entries(profileFlags)) {
    const value = profile[part as keyof typeof profileFlags];
    if (value !== undefined) values[flag] = value;
  }
  const isInsecure = insecure === true;
  const files = Object.entries({ ca, cert, key }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const allowed = Object.entries(values).filter(([flag]) => allowedInConfigFile.has(flag));
  const others = Object.entries(values).filter(([flag]) => !allowedInConfigFile.has(flag));
  return {
    isProven,
    flags: [...flagsOf(Object.entries(values)), ...(isInsecure ? ['--insecure'] : [])],
    tokenFlags: [...flagsOf(files), ...(http2 === true ? ['--http2'] : [])],
    config: Object.fromEntries(allowed),
    environment: Object.fromEntries([
      ...others.map(([flag, value]) => [variable(flag), value]),
      // A relative path would name another file if the working folder changes.
      ...files.map(([flag, file]) => [variable(flag), resolve(file)]),
      // `run` has no --ca: Newman uses Node's variable.
      ...(ca === undefined ? [] : [['NODE_EXTRA_CA_CERTS', resolve(ca)]]),
      ...(isInsecure ? [[variable('insecure'), 'true']] : []),
      ...(http2 === true ? [[variable('http2'), 'true']] : []),
    ]),
  };
}

function flagsOf(values: readonly (readonly [string, string])[]): string[] {
  return values.flatMap(([flag, value]) => [`--${flag}`, value]);
}

function variable(flag: string): string {
  return `BIOTZ_${flag.toUpperCase().replaceAll('-', '_')}`;
}
