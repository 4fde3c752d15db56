import { describe, expect, test } from '@jest/globals';
import { tmpdir } from 'node:os';
import { itemCalled } from '../../unit/workspace/collections.js';
import { KEY, startPostmanApi, WORKSPACE } from '../../unit/workspace/postman-api.js';
import { whereInstalled } from './installed.js';
import { generated, inChangedFolder, laterScript, push, pushedServer } from './pushing.js';
import { programOnTerminal, terminalProgram } from './terminal-session.js';

describe('when half of it fails', () => {
  test('what was written is reported, with its uid, and the next push continues from there', async () => {
    let isDown = true;
    const server = await startPostmanApi({
      fault: ({ method, path }) =>
        isDown && method === 'POST' && path.startsWith('/environments')
          ? {
              when: 'before',
              answer: {
                status: 500,
                body: '{"error":{"name":"serverError","message":"An error has occurred."}}',
              },
            }
          : undefined,
    });
    const { status, stdout, stderr } = await push(server);
    expect(status).toBe(3);
    expect(stdout).toBe(
      `created  collection  "Biotz devices"  ${server.collections[0]?.uid}\nperhaps written  environment  "Biotz (shared)"\n`,
    );
    expect(stderr).toContain('An error has occurred.');
    expect(stderr).toContain('[PUSH_UNCERTAIN]');
    isDown = false;
    expect(await push(server)).toMatchObject({ status: 0 });
    expect([server.collections.length, server.environments.length]).toEqual([1, 1]);
  });

  test('if the connection breaks after the collection was created, it is found and not created twice', async () => {
    let broken = 0;
    const server = await startPostmanApi({
      fault: ({ method }) =>
        method === 'POST' && broken++ === 0 ? { when: 'after', answer: 'none' } : undefined,
    });
    expect(await push(server)).toMatchObject({ status: 0 });
    expect(server.collections).toHaveLength(1);
  });

  test('a 500 for an update that was carried out is not a failure', async () => {
    let isBroken = false;
    const { server } = await pushedServer({
      fault: ({ method }) =>
        isBroken && method === 'PUT' ? { when: 'after', answer: { status: 500, body: 'oops' } } : undefined,
    });
    isBroken = true;
    await inChangedFolder({ collection: laterScript }, async (from) => {
      expect(await push(server, ['--yes'], { from })).toMatchObject({ status: 0 });
    });
  });

  test('an update that was not carried out is not reported as done', async () => {
    let isBroken = false;
    const { server, collection } = await pushedServer({
      fault: ({ method }) => (isBroken && method === 'PUT' ? { when: 'before', answer: 'none' } : undefined),
    });
    isBroken = true;
    await inChangedFolder({ collection: laterScript }, async (from) => {
      const { status, stdout } = await push(server, ['--yes'], { from });
      expect(status).toBe(3);
      expect(stdout).toContain(`perhaps written  collection  "Biotz devices"  ${collection.uid}`);
    });
  });

  test('a server that accepts a write and loses a request of another person is noticed', async () => {
    let lose: () => void = () => undefined;
    const lossy = await pushedServer({
      onDone: ({ method }) => {
        if (method === 'PUT') lose();
      },
    });
    lose = () => void lossy.collection.document.item.pop();
    lossy.collection.document.item.push({
      id: 't',
      name: 'Theirs',
      event: [],
      request: { method: 'GET', url: 'x' },
    });
    await inChangedFolder({ collection: laterScript }, async (from) => {
      const { status, stdout, stderr } = await push(lossy.server, ['--yes'], { from });
      expect(status).toBe(3);
      expect(stdout).toContain('written, not verified  collection');
      expect(stdout).toContain('not attempted  environment');
      expect(stderr).toContain('shows it differently: Theirs');
    });
  });

  test('an edit between the read and the write is not overwritten', async () => {
    let edit: () => void = () => undefined;
    const edited = await pushedServer({
      onDone: ({ path }) => {
        // The last that is read before anything is written.
        if (path.startsWith('/environments/')) edit();
      },
    });
    edit = () => void (itemCalled(edited.collection.document, 'Get token').name = 'Mine');
    await inChangedFolder({ collection: laterScript }, async (from) => {
      const { status, stderr } = await push(edited.server, ['--yes'], { from });
      expect(status).toBe(3);
      expect(stderr).toContain('changed in Postman after it was read');
    });
    expect(edited.server.writes()).toHaveLength(edited.writesBefore);
  });

  test('an interrupt between the two writes: what is done is reported', async () => {
    let arrive: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const server = await startPostmanApi({
      onDone: async ({ method }) => {
        if (method !== 'POST') return;
        arrive();
        await answered;
      },
    });
    const pushing = push(server, ['--yes'], {
      interruptAfter: arrived,
      onNote: (text: string) => {
        if (text.includes('Interrupted')) answer();
      },
    });
    const { status, stdout, stderr } = await pushing;
    expect(status).toBe(130);
    expect(stdout).toContain(`collection  "Biotz devices"  ${server.collections[0]?.uid}`);
    expect(stdout).toContain('not attempted  environment');
    expect(stderr).toContain('Run the command again to continue');
    expect(server.environments).toEqual([]);
  });
});

test('an interrupt does not wait for an answer that only reads', async () => {
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  let answer: () => void = () => undefined;
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const server = await startPostmanApi({
    onDone: async () => {
      arrive();
      await answered;
    },
  });
  const { status, stderr } = await push(server, ['--yes'], { interruptAfter: arrived });
  answer();
  expect(status).toBe(130);
  expect(stderr).toContain('Nothing was written');
});

for (const _ of whereInstalled([terminalProgram], 'push asks on a terminal')) {
  test.each([
    ['yes', 'y', 0, 2],
    ['no', 'n', 3, 0],
    ['nothing but Enter, which is no', '', 3, 0],
    ['Ctrl-C', '\u0003', 130, 0],
  ])('on a terminal it asks, and %s is an answer', async (__, answer, status, writes) => {
    const server = await startPostmanApi();
    const args = ['push', generated, '--workspace', WORKSPACE, '--postman-api-url', server.url];
    const session = await programOnTerminal(args, [['(y/N)', answer]], {
      cwd: tmpdir(),
      env: { POSTMAN_API_KEY: KEY },
    });
    expect(session).toMatchObject({ status, shown: expect.stringContaining('+ request Get token') });
    expect(server.writes()).toHaveLength(writes);
  });
}
