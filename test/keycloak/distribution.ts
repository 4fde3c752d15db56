import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/**
 * Only loopback, plain http, a database in memory and a port that is free. `kc.sh build` takes some of these,
 * `kc.sh start` the others, and which takes which depends on the version: both are given all.
 *
 * @see https://www.keycloak.org/server/all-config
 */
const settings = {
  KC_DB: 'dev-mem',
  KC_CACHE: 'local',
  KC_HTTP_ENABLED: 'true',
  KC_HTTP_HOST: '127.0.0.1',
  KC_HTTP_PORT: '0',
  KC_HOSTNAME_STRICT: 'false',
};

/** The environment of `kc.sh`: the settings, and of our own environment nothing that could change them. */
export function keycloakEnvironment(): Record<string, string> {
  const inherited = ['PATH', 'HOME', 'JAVA_HOME', 'TMPDIR', 'LANG'].map((name) => [name, process.env[name]]);
  return { ...Object.fromEntries(inherited.filter(([, value]) => value !== undefined)), ...settings };
}

const artifact = 'org.keycloak:keycloak-quarkus-dist';
/** Maven keeps modes when it unpacks; unzip need not be there. The plugin that it takes by itself is of 2014. */
const unpack = ['--batch-mode', '--quiet', 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack'];

/**
 * The folder of a Keycloak that is unpacked and built, so that it starts in half the time. Maven fetches it
 * once; it stays in the user's cache, and is never written to again.
 */
export async function distribution(version: string): Promise<string> {
  const cache = join(cacheFolder(), 'keycloak');
  const folder = join(cache, `${version}-${settings.KC_DB}`);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const staging = await mkdtemp(join(cache, `.${version}-`));
  try {
    process.stderr.write(`Fetching Keycloak ${version} with Maven, once, into ${cache}\n`);
    // In that folder, because the plugin leaves its markers where it is called.
    await run('mvn', [...unpack, `-Dartifact=${artifact}:${version}:zip`, '-DoutputDirectory=.'], staging);
    const unpacked = join(staging, `keycloak-${version}`);
    await run(join(unpacked, 'bin/kc.sh'), ['build'], staging, keycloakEnvironment());
    // Whole or not at all. Another run may have been quicker; one is as good as the other.
    await rename(unpacked, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
    return folder;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

function cacheFolder(): string {
  const { BIOTZ_POSTMAN_CACHE: own, XDG_CACHE_HOME: caches } = process.env;
  return resolve(own ?? join(caches ?? join(homedir(), '.cache'), 'biotz-postman'));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env?: Record<string, string>,
): Promise<void> {
  try {
    await promisify(execFile)(program, args, { cwd, maxBuffer: 64 * 1024 * 1024, ...(env && { env }) });
  } catch (error) {
    // Maven says on standard output what went wrong.
    const { message, stdout = '' } = error as Error & { stdout?: string };
    throw new Error(`${message}\n${stdout}`, { cause: error });
  }
}
