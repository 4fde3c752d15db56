import { expect } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../../src/text/json.js';
import { type Editable, itemCalled } from '../../unit/workspace/collections.js';
import {
  KEY,
  type Kept,
  type Options,
  type PostmanServer,
  startPostmanApi,
  WORKSPACE,
} from '../../unit/workspace/postman-api.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { type Calling, program } from '../../support/program.js';

export const generated = fileURLToPath(new URL('../../../generated', import.meta.url));
export const COLLECTION = 'biotz.postman_collection.json';
export const ENVIRONMENT = 'biotz.shared.postman_environment.json';

/** Runs the built program against a server; what it prints never has the key in it. */
export async function push(
  { url }: Pick<PostmanServer, 'url'>,
  args: readonly string[] = ['--yes'],
  { from = generated, ...calling }: Calling & { readonly from?: string } = {},
) {
  const where = ['--workspace', WORKSPACE, '--postman-api-url', url];
  const finished = await program(['push', from, ...where, ...args], {
    ...calling,
    env: { POSTMAN_API_KEY: KEY, ...calling.env },
  });
  expect(finished.stdout + finished.stderr).not.toContain(KEY);
  return finished;
}

/** The committed files, some of them changed. */
export async function inChangedFolder<T>(
  change: { readonly collection?: (it: Editable) => void; readonly environment?: (it: Editable) => void },
  use: (folder: string) => Promise<T>,
): Promise<T> {
  return inTemporaryFolder(async (folder) => {
    for (const [name, edit] of [
      [COLLECTION, change.collection],
      [ENVIRONMENT, change.environment],
    ] as const) {
      const document = JSON.parse(await readFile(join(generated, name), 'utf8')) as Editable;
      edit?.(document);
      await writeFile(join(folder, name), JSON.stringify(document));
    }
    return use(folder);
  });
}

/** A server in which a first push has been made. */
export async function pushedServer(options: Options = {}) {
  const server = await startPostmanApi(options);
  expect(await push(server)).toMatchObject({ status: 0 });
  const [collection] = server.collections as [Kept & { document: Editable }];
  const [environment] = server.environments as [Kept];
  return { server, collection, environment, writesBefore: server.writes().length };
}

export const valuesOf = (environment: JsonObject) => environment['values'] as Record<string, unknown>[];
export const variable = (environment: JsonObject, key: string) =>
  valuesOf(environment).find((each) => each['key'] === key);

export const laterScript = (collection: Editable) => {
  const [, event] = itemCalled(collection, 'Get token').event;
  const lines = event?.script?.['exec'] as string[];
  // A small edit: a difference of more than 200 lines is not shown whole.
  lines.splice(1, 1, '// Another script.');
};
