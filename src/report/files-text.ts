import { join } from 'node:path';
import type { ApiRequests } from '../postman/document.js';
import type { OutputFile } from '../files/output-folder.js';
import { harmless } from '../text/harmless.js';
import type { Palette } from '../text/palette.js';

/** A fleet has as many private environments as devices: too long a list to read. */
const MOST_LINES = 40;

/** The files that `generate` wrote. Those that must not be shared are marked. */
export function formatFiles(
  out: string,
  devices: number,
  files: readonly OutputFile[],
  paint: Palette,
): string {
  const lines = files.slice(0, MOST_LINES).map(({ path, mode, status }) => {
    const secret = (mode & 0o077) === 0 && path.endsWith('.json');
    return `  ${status.padEnd(9)}  ${harmless(join(out, path))}${secret ? paint.bad('  secret') : ''}`;
  });
  if (files.length > MOST_LINES) lines.push(`  and ${files.length - MOST_LINES} more`);
  return [
    devices === 0 ? 'Files:' : `${devices} ${devices === 1 ? 'device' : 'devices'}; files:`,
    ...lines,
    'Files marked secret hold passwords and must stay on this machine. The other files are safe to commit and share.',
    '',
  ].join('\n');
}

/** The addresses that an API document chose for its requests, which carry the token. */
export function formatApi({ folder, variables }: ApiRequests): string {
  const addresses = Object.entries(variables).filter(([name]) => name.startsWith('api_url'));
  const where = addresses.map(([name, url]) => `${url} (${name})`).join(', ');
  return harmless(
    `The requests in "${folder.name}" go to ${where} with the id_token. A run of the collection ends before them.`,
  );
}
