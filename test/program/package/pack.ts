import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs a program in a folder, with npm's own settings and cache as they are, and gives its standard output. */
export async function execute(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

export interface Packed {
  readonly tarball: string;
  /** Paths in the package. */
  readonly files: readonly string[];
}

/** Packs what is built; nothing is built anew, because other tests are using it. */
export async function pack(folder: string): Promise<Packed> {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const answer: unknown = JSON.parse(await execute('npm', args, root));
  // An array up to npm 11, an object by package name from npm 12 on.
  const [made] = Object.values(answer as Record<string, { filename: string; files: { path: string }[] }>);
  if (made === undefined) throw new Error('npm pack made nothing');
  return { tarball: join(folder, made.filename), files: made.files.map(({ path }) => path) };
}
