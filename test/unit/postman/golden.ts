import { readFile, writeFile } from 'node:fs/promises';

/**
 * The content of a file of `__golden__/`. After a wanted change, remake the files with
 * `UPDATE_GOLDEN=1 npm test -- test/unit/postman` and review them like code.
 *
 * @param made what the program makes now
 */
export async function golden(name: string, made: string): Promise<string> {
  const file = new URL(`__golden__/${name}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN']) await writeFile(file, made);
  return readFile(file, 'utf8');
}
