import { afterAll } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];
const remove = (folder: string) => rm(folder, { recursive: true, force: true });

afterAll(() => Promise.all(made.map(remove)));

/** Makes an empty folder, which is removed after the tests of the file. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'biotz-postman-test-'));
  made.push(folder);
  return folder;
}

/** Calls a function with an empty folder, which is removed when the function has ended. */
export async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder();
  try {
    return await use(folder);
  } finally {
    await remove(folder);
  }
}

/** The texts of all files below a folder, by their paths in it. */
export async function filesBelow(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return Object.fromEntries(
    files
      .map((file, index) => [file.slice(folder.length + 1), texts[index] ?? ''] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
