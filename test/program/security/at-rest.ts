import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvOf } from '../cli/fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { bin, type Finished, shell } from '../../support/program.js';
import { startTokenServer, type TokenServer } from '../../unit/newman/token-server.js';

export interface Place {
  readonly folder: string;
  readonly server: TokenServer;
}

/** A folder and a server of a test's own. */
export async function inPlace<T>(use: (place: Place) => Promise<T>): Promise<T> {
  const server = await startTokenServer();
  try {
    return await inTemporaryFolder((folder) => use({ folder, server }));
  } finally {
    await server.close();
  }
}

/** Three devices, one of which is refused. */
const devices = csvOf([{}, { username: 'wrong' }, {}]);

/** Command lines that write secrets, or what belongs to a run; DEVICES is standard input. */
export const writers = (server: TokenServer): Readonly<Record<string, readonly string[]>> => {
  const where = ['--token-url', server.tokenUrl, '--max-failures', '100%'];
  return {
    generate: ['generate', '-', '--all'],
    run: [
      'run',
      '-',
      ...where,
      '--reporters',
      'cli,json,junit,ndjson',
      '--newman-reporter',
      'json,junit,cli',
    ],
    token: ['token', '-', '--all', '--no-verify', '--out', 'tokens.json', ...where],
    serve: ['serve', '--port', '0', '--out', 'devices.csv'],
    demo: ['demo', '--devices', '2', '--keep', 'kept'],
    keygen: ['share', 'keygen', '--out', 'identity.txt'],
  };
};

/** Runs the built program in a folder, under a umask; a `serve` is stopped once it listens. */
export async function write(
  args: readonly string[],
  cwd: string,
  umask = '022',
): Promise<Pick<Finished, 'status' | 'stderr'>> {
  const command = `umask ${umask}; exec "$0" "$@"`;
  if (args[0] !== 'serve') return shell(command, [process.execPath, bin, ...args], { cwd, input: devices });
  const child = spawn('sh', ['-c', command, process.execPath, bin, ...args], { cwd });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdout.once('data', () => child.kill('SIGINT'));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stderr };
}

export interface Entry {
  readonly path: string;
  /** As `chmod` has it. */
  readonly mode: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** Whether a password or token is in it. */
  readonly isSecret: boolean;
}

/** Everything below a folder, git's own left out. */
export async function entriesBelow(folder: string): Promise<readonly Entry[]> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => !/^\.git(\/|$)/.test(path));
  return Promise.all(
    paths.toSorted().map(async (path): Promise<Entry> => {
      const present = await lstat(join(folder, path));
      const mode = (present.mode & 0o777).toString(8);
      if (present.isSymbolicLink()) return { path, mode, kind: 'link', isSecret: false };
      if (present.isDirectory()) return { path, mode, kind: 'folder', isSecret: false };
      const text = await readFile(join(folder, path), 'utf8');
      // The passwords of these devices, those of sample devices, tokens and identities.
      const isSecret =
        /canary-\d|,Password,|eyJ[\w-]+\.eyJ|AGE-SECRET-KEY-1|"password":"|"key": "password",\s+"value": "(?!{{)[^"]/.test(
          text,
        );
      return { path, mode, kind: 'file', isSecret };
    }),
  );
}
