import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { complete, writeCsv } from '../cli/fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

/** A list in a list in a list, and so on. */
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

const base64url = (text: string) => Buffer.from(text).toString('base64url');

/** What is as deep as given, in an otherwise good answer. */
type Part = 'token answer' | 'claim' | 'discovery' | 'everything';

function answerTo(path: string, part: Part, levels: number): string {
  const deep = nested(levels);
  const isToken = path.endsWith('/token');
  if (part === 'everything') return `{"error":${deep},"deep":${deep}}`;
  if (isToken && part === 'token answer') return `{"access_token":${deep},"id_token":${deep}}`;
  if (!isToken) return part === 'discovery' ? `{"issuer":${deep},"jwks_uri":${deep},"keys":${deep}}` : '{}';
  const expiry = Math.floor(Date.now() / 1000) + 300;
  const claims = `{"iat":${expiry - 300},"exp":${expiry},"preferred_username":"${complete({}, 0).username}","deep":${part === 'claim' ? deep : '1'}}`;
  const jwt = `${base64url('{"alg":"RS256","kid":"a"}')}.${base64url(claims)}.${base64url('x'.repeat(256))}`;
  return JSON.stringify({
    access_token: jwt,
    refresh_token: jwt,
    id_token: jwt,
    token_type: 'Bearer',
    expires_in: 300,
  });
}

async function withServer<T>(part: Part, levels: number, use: (url: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(answerTo(request.url ?? '', part, levels));
    request.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const levels = 9000;

describe('an answer that is nested thousands of levels deep is a result with a named reason, never a defect:', () => {
  const commands: readonly (readonly string[])[] = [
    ['run', 'devices.csv', '--message-type', 'climate', '--payload', '{}', '--reporters', 'cli,json,junit'],
    ['token', 'devices.csv', '--all', '--reporters', 'cli,json'],
    ['token', 'devices.csv', '--format', 'json'],
    ['doctor', 'devices.csv', '--format', 'json'],
  ];
  const parts: readonly Part[] = ['token answer', 'claim', 'discovery', 'everything'];
  test.each(parts.flatMap((part) => commands.map((args) => [part, args] as const)))('%s, %j', (part, args) =>
    withServer(part, levels, (url) =>
      inTemporaryFolder(async (folder) => {
        await writeCsv(folder, [{}]);
        const to = ['--token-url', `${url}/realms/r/protocol/openid-connect/token`];
        if (args[0] !== 'doctor') to.push('--retries', '0');
        if (args[0] === 'run') to.push('--ingestion-url', url);
        const { status, stdout, stderr } = await program([...args, ...to], { cwd: folder });
        expect(stdout + stderr).not.toMatch(/defect|RangeError|call stack/);
        expect([0, 1, 2, 3]).toContain(status);
      }),
    ),
  );

  test('push', () =>
    withServer('everything', levels, (url) =>
      inTemporaryFolder(async (folder) => {
        const source = await writeCsv(folder, [{}]);
        await program(['generate', source], { cwd: folder });
        const { status, stderr } = await program(
          ['push', '--workspace', '00000000-0000-4000-8000-000000000000', '--postman-api-url', url, '--yes'],
          { cwd: folder, env: { POSTMAN_API_KEY: 'PMAK-0123456789' } },
        );
        expect(stderr).toMatch(/\[POSTMAN_UNREADABLE\]/);
        expect(status).toBe(3);
      }),
    ));
});

describe('a file that is nested thousands of levels deep is refused by a named error:', () => {
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  const folders = `{"info":{"schema":"${schema}"},"item":${'[{"item":'.repeat(levels)}[]${'}]'.repeat(levels)}}`;
  test.each<[string, string, readonly string[], string]>([
    [
      'folders of a collection',
      folders,
      ['run', 'devices.csv', '--collection', 'deep'],
      'COLLECTION_INVALID',
    ],
    [
      'a config file',
      `{"scope":${nested(levels)}}`,
      ['check', 'devices.csv', '--config', 'deep'],
      'CONFIG_INVALID',
    ],
    [
      'a payload',
      nested(levels),
      ['run', 'devices.csv', '--message-type', 'a', '--payload', '@deep'],
      'OPTION_INVALID',
    ],
    [
      'an API description',
      `{"openapi":"3.0.0","paths":${nested(levels)}}`,
      ['generate', 'devices.csv', '--openapi', 'deep'],
      'OPENAPI_INVALID',
    ],
    [
      'an API description in YAML',
      `openapi: 3.0.0\npaths: ${nested(levels)}\n`,
      ['generate', 'devices.csv', '--openapi', 'deep'],
      'OPENAPI_INVALID',
    ],
    [
      'a line of a journal',
      `{"type":"run","version":1,"command":${nested(levels)}}\n`,
      ['report', 'merge', 'deep'],
      'JOURNAL_INVALID',
    ],
  ])('%s', (_, content, args, code) =>
    inTemporaryFolder(async (folder) => {
      await writeCsv(folder, [{}]);
      await writeFile(join(folder, 'deep'), content);
      const { status, stderr } = await program(args, { cwd: folder });
      expect(stderr).toMatch(/levels deep|nested too deeply/);
      expect(stderr).toContain(`[${code}]`);
      expect(status).toBe(2);
    }),
  );
});
