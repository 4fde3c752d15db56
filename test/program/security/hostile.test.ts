import { describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvOf } from '../cli/fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { spawnProgram as program } from '../../support/program.js';

/** Commands to GitHub Actions, Azure Pipelines and TeamCity, to a terminal and to a reader's eyes, and ends of XML. */
const hostile =
  '\r\n::error file=x::y\n##[error]z ##vso[task.complete] ##teamcity[x] \u001b]0;title\u0007\u001b[2J\u009b31m \u202eltr ]]><!--</failure>';

const reports = ['--reporters', 'cli,json,junit,ndjson', '--max-failures', '100%', '--retries', '0'];

/** All that a command printed, and all that it wrote. */
async function everythingOf(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly printed: string; readonly written: Readonly<Record<string, string>> }> {
  return inTemporaryFolder(async (folder) => {
    const { stdout, stderr } = await program(args, {
      cwd: folder,
      env,
      input: csvOf([{ name: hostile }, {}]),
    });
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const texts = await Promise.all(
      files.map(
        async ({ parentPath, name }) => [name, await readFile(join(parentPath, name), 'utf8')] as const,
      ),
    );
    return { printed: stdout + stderr, written: Object.fromEntries(texts) };
  });
}

describe('what a hostile server says, or a device is called, commands neither a CI log nor a terminal, and ends no XML', () => {
  test.each([
    ['run', ['run', '-', ...reports]],
    ['token', ['token', '-', '--all', '--no-verify', ...reports]],
    ['doctor', ['doctor', '-']],
  ])('%s', async (_command, args) => {
    const server = createServer((_request, response) => {
      const body = JSON.stringify({ error: hostile, error_description: hostile });
      response.writeHead(400, { 'content-type': 'application/json' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const url = `http://127.0.0.1:${port}/realms/r/protocol/openid-connect/token`;
      const { printed, written } = await everythingOf([...args, '--token-url', url]);
      // The device's name was repeated, so that there is something to make harmless; a server's words are only counted.
      expect(printed).toContain(args.includes('doctor') ? '[not shown, length ' : 'error file=x');
      // oxlint-disable-next-line no-control-regex -- control characters are what this is about
      expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(printed).not.toMatch(/::|##\[|##vso\[|##teamcity\[/);
      const junit = written['report.junit.xml'];
      if (args.includes('doctor')) return;
      // oxlint-disable-next-line no-control-regex -- control characters are what this is about
      expect(junit).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|::error|<!--|\]\]>(?!<)/);
      expect(junit?.match(/<\/failure>/g)).toHaveLength(2);
    } finally {
      server.close();
    }
  });
});

describe('the name and password of a proxy', () => {
  test.each([
    ['run', ['run', '-', ...reports]],
    ['token', ['token', '-', '--all', '--no-verify', ...reports]],
    ['doctor', ['doctor', '-', '--format', 'json']],
  ])('are in nothing that %s prints or writes', async (_command, args) => {
    const proxy = 'http://canary-me:canary-word@127.0.0.1:1';
    const url = 'https://auth.example.test/realms/r/protocol/openid-connect/token';
    const { printed, written } = await everythingOf([...args, '--token-url', url], { HTTPS_PROXY: proxy });
    expect(printed).toMatch(/proxy|connection|reach/i);
    expect(printed + Object.values(written).join('')).not.toMatch(/canary-(me|word)/);
    const basic = Buffer.from('canary-me:canary-word').toString('base64');
    expect(printed + Object.values(written).join('')).not.toContain(basic);
  });
});
