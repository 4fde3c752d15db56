import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { distribution, keycloakEnvironment } from './distribution.js';
import type { Realm } from './realm.js';

const supervise = fileURLToPath(new URL('supervise.mjs', import.meta.url));

/** How much of the log is shown where Keycloak does not start. */
const LAST_LINES = 15;

/** A running Keycloak. */
export interface Keycloak {
  readonly version: string;
  /** Its origin, without a path. */
  readonly url: string;
  /** Waits until something is logged, and gives every match so far. The pattern has to be a global one. */
  readonly logged: (pattern: RegExp) => Promise<readonly RegExpExecArray[]>;
  /** Ends it with all of its processes, and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** Starts a Keycloak with these realms, and waits until it answers for the first of them. */
export async function startKeycloak(version: string, realms: readonly Realm[]): Promise<Keycloak> {
  const home = await makeHome(await distribution(version), realms);
  const args = [supervise, home, join(home, 'bin/kc.sh'), 'start', '--optimized', '--import-realm'];
  const supervisor = spawn(process.execPath, args, {
    // Out of reach of an interrupt at the terminal, to which it would be as deaf as kc.sh otherwise.
    detached: true,
    env: {
      ...keycloakEnvironment(),
      JAVA_OPTS_APPEND: `-Djava.io.tmpdir=${join(home, 'tmp')} -XX:-UsePerfData`,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let hasEnded = false;
  const ended = once(supervisor, 'close').then(() => (hasEnded = true));
  let log = '';
  supervisor.stdout.setEncoding('utf8').on('data', (text: string) => (log += text));

  const logged = async (pattern: RegExp) => {
    for (;;) {
      const matches = [...log.matchAll(pattern)];
      if (matches.length > 0) return matches;
      if (hasEnded) {
        throw new Error(`Keycloak ${version} ended:\n${log.split('\n').slice(-LAST_LINES).join('\n')}`);
      }
      await Promise.race([once(supervisor.stdout, 'data'), ended]);
    }
  };
  const stop = async () => {
    supervisor.stdin.end();
    await ended;
  };

  const [listening] = await logged(/Listening on: (http:\/\/127\.0\.0\.1:\d+)/g);
  const url = listening?.[1] ?? '';
  const { status } = await fetch(`${url}/realms/${realms[0]?.realm}/.well-known/openid-configuration`);
  if (status === 200) return { version, url, logged, stop };
  await stop();
  throw new Error(`Keycloak ${version} does not have its realm: status ${status}`);
}

/**
 * A home of its own for each server, because it writes where its kc.sh lies. The large folders are shared with
 * the distribution; they are only read.
 */
async function makeHome(folder: string, realms: readonly Realm[]): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'biotz-postman-keycloak-'));
  for (const made of ['bin', 'tmp', 'data/import']) await mkdir(join(home, made), { recursive: true });
  await cp(join(folder, 'bin/kc.sh'), join(home, 'bin/kc.sh'));
  await cp(join(folder, 'conf'), join(home, 'conf'), { recursive: true });
  for (const shared of ['lib', 'providers', 'themes'])
    await symlink(join(folder, shared), join(home, shared));
  for (const realm of realms) {
    await writeFile(join(home, `data/import/${realm.realm}-realm.json`), JSON.stringify(realm));
  }
  return home;
}
