import { readFile } from 'node:fs/promises';

/** Reads a file of `templates/ci/`; works from `src/init` and from `dist/init` alike. */
export function readTemplate(name: string): Promise<string> {
  return readFile(new URL(`../../templates/ci/${name}`, import.meta.url), 'utf8');
}
