import { expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
// The worker thread is a built file.
import { readOpenApi } from '../../../dist/openapi/read-openapi.js';
import { inTemporaryFolder } from '../../support/folder.js';

test('the conversion of a document is cancelled at the deadline', () =>
  inTemporaryFolder(async (folder) => {
    const schema = { type: 'object', minProperties: 1e9, additionalProperties: { type: 'string' } };
    const content = { 'application/json': { schema } };
    const document = {
      openapi: '3.1.0',
      servers: [{ url: 'https://api.example' }],
      paths: { '/a': { post: { requestBody: { content }, responses: {} } } },
    };
    const file = join(folder, 'busy.json');
    await writeFile(file, JSON.stringify(document));
    await expect(readOpenApi(file, { deadlineMs: 1500 })).rejects.toMatchObject({
      code: 'OPENAPI_INVALID',
      args: { file, problem: 'it takes longer than 2 s to convert' },
    });
  }));
