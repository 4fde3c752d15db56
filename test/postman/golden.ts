import { readFile, writeFile } from 'node:fs/promises';
import { expect } from '@jest/globals';

/**
 * Compares a text with a file of `__golden__/`. After a wanted change, remake the files with
 * `UPDATE_GOLDEN=1 npm test -- test/postman` and review them like code.
 */
export async function matchGolden(name: string, text: string): Promise<void> {
  const file = new URL(`__golden__/${name}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN']) await writeFile(file, text);
  expect(text).toBe(await readFile(file, 'utf8'));
}
