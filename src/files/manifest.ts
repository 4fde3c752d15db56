import { readFile } from 'node:fs/promises';

/** SHA-256 in hex of every file that was written into a folder, by its path in it. */
export type Manifest = ReadonlyMap<string, string>;

interface ManifestFile {
  readonly files?: Readonly<Record<string, unknown>>;
}

/** Reads a manifest. One that is missing or damaged knows nothing, and so protects every file. */
export async function readManifest(file: string): Promise<Manifest> {
  try {
    const { files = {} }: ManifestFile = JSON.parse(await readFile(file, 'utf8'));
    return new Map(Object.entries(files).map(([path, digest]) => [path, String(digest)]));
  } catch {
    return new Map();
  }
}

export function manifestText(manifest: Manifest): string {
  const files = Object.fromEntries([...manifest].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ version: 1, files }, null, 2)}\n`;
}
