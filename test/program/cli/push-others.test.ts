import { describe, expect, test } from '@jest/globals';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Editable } from '../../unit/workspace/collections.js';
import { OWNER, startPostmanApi } from '../../unit/workspace/postman-api.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program } from '../../support/program.js';
import { ENVIRONMENT, generated, push, pushedServer, variable } from './pushing.js';

describe('the environment of a user', () => {
  const USER = 'biotz.user.postman_environment.json';
  const inUserFolder = (use: (folder: string) => Promise<void>) =>
    inTemporaryFolder(async (folder) => {
      expect(await program(['generate', '--user', '--out', folder])).toMatchObject({ status: 0 });
      return use(folder);
    });

  test("is pushed alone, and beside the devices' environment", async () => {
    const server = await startPostmanApi();
    await inUserFolder(async (from) => {
      expect(await push(server, ['--yes'], { from })).toMatchObject({ status: 0 });
      expect(server.environments.map(({ document }) => document['name'])).toEqual(['Biotz user (shared)']);
      await cp(join(generated, ENVIRONMENT), join(from, ENVIRONMENT));
      const { status, stdout } = await push(server, ['--yes', '--format', 'json'], { from });
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        collection: { state: 'unchanged' },
        environment: { name: 'Biotz (shared)', state: 'created' },
        userEnvironment: { name: 'Biotz user (shared)', state: 'unchanged' },
      });
    });
    expect(server.environments).toHaveLength(2);
  });

  test("has the same rules: it contains no secret, and another user's is replaced only if its own option names it", async () => {
    const server = await startPostmanApi();
    const { uid } = server.put('environment', { name: 'Biotz user (shared)', values: [] });
    await inUserFolder(async (from) => {
      const args = ['--yes', '--only', 'environment'];
      const refused = await push(server, args, { from });
      expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('--user-environment-uid') });
      expect(await push(server, [...args, '--environment-uid', uid], { from })).toMatchObject({ status: 2 });
      expect(await push(server, [...args, '--user-environment-uid', uid], { from })).toMatchObject({
        status: 0,
      });
      const document = JSON.parse(await readFile(join(from, USER), 'utf8')) as Editable;
      Object.assign(variable(document, 'password') ?? {}, { value: 'hunter2hunter2' });
      await writeFile(join(from, USER), JSON.stringify(document));
      const secret = await push(server, args, { from });
      expect(secret).toMatchObject({
        status: 2,
        stderr: expect.stringContaining(`${USER} contains secrets`),
      });
    });
    expect(server.writes()).toHaveLength(1);
  });
});

describe('a document that no push has made is not touched', () => {
  const theirs = { info: { name: 'Biotz devices', description: 'Mine.' }, item: [] };

  test('a namesake is refused, and updated if its uid is passed', async () => {
    const server = await startPostmanApi();
    const { uid } = server.put('collection', theirs);
    const { status, stderr } = await push(server);
    expect(status).toBe(2);
    expect(stderr).toContain(uid);
    expect(stderr).toContain('--collection-uid');
    expect(server.writes()).toEqual([]);
    expect(await push(server, ['--yes', '--collection-uid', uid])).toMatchObject({ status: 0 });
    expect(server.collections[0]?.document).toMatchObject({
      info: { description: expect.stringMatching(/^Mine\.\n\n`biotz-postman /) },
      item: [{ name: 'Get token' }, { name: 'Publish data' }],
    });
    expect(await push(server)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('unchanged  collection'),
    });
  });

  test('if pushes made several, the user must choose one', async () => {
    const { server, collection } = await pushedServer();
    const copy = server.put('collection', collection.document);
    const { status, stderr } = await push(server);
    expect(status).toBe(2);
    expect(stderr).toContain(`${collection.uid}, ${copy.uid}`);
    for (const chosen of [copy.uid, copy.id]) {
      expect(await push(server, ['--yes', '--collection-uid', chosen])).toMatchObject({ status: 0 });
    }
  });

  test('a uid that is not in the workspace is refused', async () => {
    const server = await startPostmanApi();
    const { status, stderr } = await push(server, ['--yes', '--environment-uid', `${OWNER}-nowhere`]);
    expect({ status, sent: server.writes() }).toEqual({ status: 2, sent: [] });
    expect(stderr).toContain('has no environment with the requested uid');
  });
});
