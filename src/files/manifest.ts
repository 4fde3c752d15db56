import { isObject } from '../text/json.js';
import { readJson } from './read-file.js';

/** SHA-256 in hex of every file that was written into a folder, by its path in it. */
export type Manifest = ReadonlyMap<string, string>;

/** A million files take a third of it. */
const MOST_BYTES = 500_000_000;

/** Reads a manifest. One that is missing or damaged knows nothing, and so protects every file. */
export async function readManifest(file: string): Promise<Manifest> {
  const read = await readJson(file, { mostBytes: MOST_BYTES, pipes: false });
  const files = 'value' in read && isObject(read.value) ? read.value['files'] : undefined;
  return new Map(
    Object.entries(isObject(files) ? files : {}).map(([path, digest]) => [path, String(digest)]),
  );
}

export function manifestText(manifest: Manifest): string {
  const files = Object.fromEntries([...manifest].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ version: 1, files }, null, 2)}\n`;
}
