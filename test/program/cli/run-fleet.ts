import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeviceResult } from '../../../src/result/device-result.js';
import type { TokenServer } from '../../unit/newman/token-server.js';
import { startTokenServer } from '../../unit/newman/token-server.js';
import type { Row } from './fleet.js';
import { csvOf } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

interface Calling {
  readonly folder: string;
  readonly server: TokenServer;
  readonly rows: readonly Row[];
  readonly args?: readonly string[];
  readonly interruptAfter?: Promise<unknown>;
  readonly interruptBy?: NodeJS.Signals;
  readonly killAfter?: Promise<unknown>;
}

/** Runs a fleet with every report; standard input is the credentials file. */
export function runFleet({ folder, server, rows, args = [], ...signals }: Calling) {
  const reports = ['--report-dir', join(folder, 'report'), '--reporters', 'cli,json,junit,ndjson'];
  return program(['run', '-', '--token-url', server.tokenUrl, ...reports, ...args], {
    input: csvOf(rows),
    cwd: folder,
    ...signals,
  });
}

export async function resultsIn(folder: string): Promise<DeviceResult[]> {
  const text = await readFile(join(folder, 'report/results.ndjson'), 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as DeviceResult);
}

export const reportIn = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'report/report.json'), 'utf8')) as {
    counts: Record<string, number>;
    digest: { read: string; attempted: string };
    end: string;
  };

export const rowsOf = (...usernames: string[]): Row[] =>
  usernames.map((username, index) => ({ id: `${username}-${index}`, username: `${username}-${index}` }));

export const many = (count: number, username: string) => Array.from({ length: count }, () => username);

/** A server and a folder of a test's own. */
export async function withServer<T>(
  use: (own: { folder: string; server: TokenServer }) => Promise<T>,
): Promise<T> {
  const server = await startTokenServer();
  try {
    return await inTemporaryFolder((folder) => use({ folder, server }));
  } finally {
    await server.close();
  }
}
