import { describe, expect, test } from '@jest/globals';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { collectionWith } from '../newman/fleet.js';
import { OPAQUE, startTokenServer } from '../../unit/newman/token-server.js';
import type { Row } from './fleet.js';
import { csvOf } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';

/** In every password; nothing else has it. */
const CANARY = 'Zx9CanaryQ7';

/** What makes a password hard to hide: each encoding has something to change in one of them. */
const passwords = [
  '',
  '{{x}}',
  '{{client_id}}',
  '&=+',
  '"',
  '<b>',
  '%41',
  '\n',
  'é',
  '🔑😀',
  "'\\/",
  ' ;,',
].map((awkward) => `${awkward}${CANARY}${awkward}`);

/**
 * What must be found nowhere: the canary in plain text, whatever the case, and base64 of it at each of the three
 * places where it can begin in a group of three bytes, without what depends on its neighbours.
 */
const traces: readonly RegExp[] = [
  new RegExp(CANARY, 'i'),
  new RegExp(OPAQUE),
  ...[0, 1, 2].map((offset) => {
    const encoded = Buffer.from(`${'\0'.repeat(offset)}${CANARY}`)
      .toString('base64')
      .replace(/=+$/, '');
    return new RegExp(encoded.slice(offset === 0 ? 0 : offset + 1, -2));
  }),
];

const kinds = (
  'ok wrong disabled reset halfway silent truncated list html failing busy moved foreign expired noid ' +
  'echo echohtml echobasic echotokens big once-reset opaque opaqueform opaquexml'
).split(' ');

/** Each kind of server with each kind of password. */
const rows: readonly Row[] = kinds.flatMap((kind, row) =>
  [0, 1, 2].map((turn) => {
    const at = (row * 3 + turn) % passwords.length;
    const id = `${kind}-${row}-${turn}`;
    return { id, username: id, password: passwords[at] ?? CANARY };
  }),
);

/** Everything that was written below a folder, as bytes. */
async function writtenBelow(folder: string): Promise<readonly { file: string; text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const file = join(entry.parentPath, entry.name);
        return { file, text: await readFile(file, 'latin1') };
      }),
  );
}

/** Where one of the passwords, or a token, can be seen. */
function leaksIn(texts: readonly { file: string; text: string }[]): string[] {
  return texts
    .filter(({ text }) => [...traces, /eyJ[\w-]{8,}\.[\w-]{8,}/].some((trace) => trace.test(text)))
    .map(({ file }) => file);
}

const options = (
  'run - --verbose --reporters cli,json,junit,ndjson --retries 1 ' +
  '--timeout-request 1000 --max-failures 100% --concurrency 16'
).split(' ');

/** Runs the fleet with every report, and looks for its passwords in all that comes of it. */
async function runAndLook(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const server = await startTokenServer();
  try {
    return await inTemporaryFolder(async (folder) => {
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
      const { stdout, stderr } = await program(
        [...options, '--token-url', server.tokenUrl, '--ingestion-url', server.origin, ...args],
        { input: csvOf(rows), cwd: folder, env: { TMPDIR: folder } },
      );
      const written = await writtenBelow(folder);
      return {
        leaks: leaksIn([...written, { file: 'stdout', text: stdout }, { file: 'stderr', text: stderr }]),
        files: written.map(({ file }) => file.slice(folder.length + 1)).toSorted(),
        masks: written.filter(({ text }) => text.includes('[redacted]')).length,
        attempted: stdout.includes(`${rows.length} attempted`),
      };
    });
  } finally {
    await server.close();
  }
}

const reports = ['journal.ndjson', 'report.json', 'report.junit.xml', 'results.ndjson'].map(
  (name) => `biotz-report/${name}`,
);

describe('no password is in anything that is written or printed', () => {
  test('the traces that are looked for find every form', () => {
    for (const password of passwords) {
      for (const text of [
        password,
        encodeURIComponent(password),
        JSON.stringify(password),
        Buffer.from(password).toString('base64'),
        Buffer.from(`user:${password}`).toString('base64'),
      ]) {
        expect(traces.some((trace) => trace.test(text))).toBe(true);
      }
    }
  });

  test('with failures of each kind, form-data', async () => {
    const looked = await runAndLook([]);
    expect(looked).toMatchObject({ leaks: [], files: reports, attempted: true });
  });

  test('urlencoded, with a message published', async () => {
    const publish = ['--message-type', 'climate', '--payload', '{"temp":1}'];
    const looked = await runAndLook(['--body', 'urlencoded', ...publish]);
    expect(looked).toMatchObject({ leaks: [], files: reports, attempted: true });
  });

  test('with a collection whose scripts spread it', async () => {
    const script = `
      const password = pm.iterationData.get('password');
      const basic = Buffer.from('u:' + password).toString('base64');
      const answer = pm.response.text() ?? '';
      const headers = JSON.stringify(pm.response.headers.toObject());
      const all = [password, encodeURIComponent(password), JSON.stringify({ password }), basic, headers, answer];
      console.log(all.join());
      pm.test(all.join(' '), () => pm.expect(all.join('|')).to.equal(''));
      if (pm.iterationData.get('username').startsWith('wrong')) throw new Error(all.join(' '));
      if (pm.iterationData.get('username').startsWith('opaque')) throw new Error(headers + answer);`;
    const own = JSON.stringify(await collectionWith(script));
    const looked = await runAndLook(['--collection', 'own.json', '--folder', 'Get token'], {
      'own.json': own,
    });
    expect(looked).toMatchObject({ leaks: [], files: [...reports, 'own.json'], masks: 4, attempted: true });
  });
});
