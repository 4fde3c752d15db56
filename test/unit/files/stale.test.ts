import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { EncryptedOutput } from '../../../src/cli/inputs/encrypted-output.js';
import { OutputFolder } from '../../../src/files/output-folder.js';
import { PrivateFile } from '../../../src/files/private-file.js';
import { replaceFile, makeTemporaryFolder } from '../../../src/files/staged-file.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { ofDead, ofLiving } from './left-behind.js';

test.each<[string, (folder: string) => Promise<unknown>]>([
  ['a file is replaced', (folder) => replaceFile(join(folder, 'file'), 'text', 0o644)],
  ['a private file is begun', (folder) => PrivateFile.create(join(folder, 'file'))],
  ['an encrypted file is begun', (folder) => EncryptedOutput.create(join(folder, 'file.age'), false)],
  ['files for Postman are begun', (folder) => OutputFolder.open(join(folder, '..'))],
  ['a temporary folder is made', makeTemporaryFolder],
])('when %s, the temporary files of killed processes in its folder are removed', (_what, write) =>
  inTemporaryFolder(async (parent) => {
    const folder = join(parent, 'private');
    const [file, secrets, living] = [ofDead(), ofDead(), ofLiving()];
    await mkdir(join(folder, secrets), { recursive: true });
    for (const path of [file, join(secrets, 'secret'), living]) await writeFile(join(folder, path), 'canary');
    await write(folder);
    const left = await readdir(folder);
    expect(left).toContain(living);
    expect(left).not.toContain(file);
    expect(left).not.toContain(secrets);
  }),
);
