import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  jsonValue,
  oneof,
  record,
  uint8Array,
  type Arbitrary,
} from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identitiesOf, parseRecipients } from '../../../src/age/keys.js';
import { readConfigFile, valuesFromConfigFile } from '../../../src/cli/options/config.js';
import { contentOfFile } from '../../../src/cli/inputs/files-below.js';
import { messageFrom } from '../../../src/cli/options/values.js';
import { commandOptions } from '../../../src/cli/options/options.js';
import { readPostmanFile } from '../../../src/cli/inputs/postman-file.js';
import { openCredentials } from '../../../src/device/source/open-credentials.js';
import { streamDevices } from '../../../src/device/read-devices.js';
import { isBiotzPostmanError } from '../../../src/errors/biotz-postman-error.js';
import { readManifest } from '../../../src/files/output-folder.js';
import { readText } from '../../../src/files/read-file.js';
import { withSchema } from '../../../src/init/amended-files.js';
import { readJournal } from '../../../src/journal/read-journal.js';
import { KnownSecrets } from '../../../src/leak/known-secrets.js';
import { scanFile } from '../../../src/leak/scan-file.js';
import { checkDocument } from '../../../src/openapi/check-document.js';
import { parseDocument } from '../../../src/openapi/parse-document.js';
import { OpenApiRefusal } from '../../../src/openapi/errors.js';
import { explainTokenAnswer } from '../../../src/platform/answers.js';
import { createRunPlan } from '../../../src/newman/plan.js';
import { temporaryFolder } from '../../support/folder.js';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
const mostBytes = 1_000_000;

async function textOf(file: string): Promise<string> {
  const read = await readText(file, { mostBytes });
  return 'text' in read ? read.text : '';
}

async function drain(rows: AsyncIterable<unknown>): Promise<void> {
  for await (const row of rows) void row;
}

/** Every reader of a file or answer that other programs wrote. */
const readers: Readonly<Record<string, (file: string) => Promise<unknown>>> = {
  'a credentials file': async (file) => {
    const opened = await openCredentials(file);
    try {
      await drain(streamDevices(opened));
    } finally {
      await opened.close();
    }
  },
  'a collection': async (file) =>
    createRunPlan({ collection: await readPostmanFile(file, 'COLLECTION_INVALID') }),
  'an environment': async (file) =>
    createRunPlan({ environment: await readPostmanFile(file, 'ENVIRONMENT_INVALID') }),
  'a config file': async (file) =>
    valuesFromConfigFile(
      commandOptions.run,
      new Set(Object.keys(commandOptions.run)),
      await readConfigFile(file),
    ),
  'a payload': (file) => messageFrom('climate', `@${file}`),
  'an identity file': async (file) =>
    identitiesOf(Buffer.from(await textOf(file)), file, async () => undefined),
  'a file of recipients': async (file) => parseRecipients(await textOf(file), file),
  'a manifest': readManifest,
  'a journal': (file) => drain(readJournal(file)),
  'an API description': async (file) => checkDocument(parseDocument(await textOf(file))),
  'a file to scan': (file) => scanFile(contentOfFile(file), new KnownSecrets()),
  'a config file that gets its schema': async (file) => withSchema(await textOf(file)),
  "a token endpoint's answer": async (file) =>
    explainTokenAnswer({
      status: 200,
      body: await textOf(file),
      username: 'a',
      shape: { bodyMode: 'formdata', clientAuth: 'body' },
      now: 0,
    }),
};

const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const part = jsonValue({ maxDepth: 3 });
const members = oneof(part, array(part, { maxLength: 3 }));

/** Documents that begin as they should, so that more than their first line is read. */
const documents: Arbitrary<unknown> = oneof(
  part,
  record({
    info: record({ schema: constantFrom(schema) }),
    item: members,
    event: members,
    variable: members,
  }),
  record({ name: part, values: members }),
  record({ openapi: constantFrom('3.0.0'), info: part, servers: members, paths: members, components: part }),
  record({
    type: constantFrom('run', 'device', 'end', 'again'),
    version: constantFrom(1),
    fleet: part,
    failed: part,
  }),
  record({ access_token: part, id_token: part, token_type: part, error: part, error_description: part }),
  record({ files: part, $schema: part, scope: part, reporters: part, 'timeout-request': part }),
);

const encodings: readonly ((text: string) => Buffer)[] = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\ufeff${text}\n`),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => Buffer.from(text, 'latin1'),
];

const starts = [
  '',
  'PK\x03\x04',
  'age-encryption.org/v1\n-> X25519 a\n',
  '-----BEGIN AGE ENCRYPTED FILE-----\n',
  'Created,Name,Device ID,HTTP Username,Password\nYes,"',
  '\xff\xfe',
];

const contents = oneof(
  record({ document: documents, encode: constantFrom(...encodings) }).map(({ document, encode }) =>
    encode(JSON.stringify(document)),
  ),
  record({ start: constantFrom(...starts), rest: uint8Array({ maxLength: 300 }) }).map(({ start, rest }) =>
    Buffer.concat([Buffer.from(start, 'latin1'), rest]),
  ),
);

/** An error that is named: ours, or what a reader in a thread of its own hands over as data. */
const isNamed = (error: unknown) => isBiotzPostmanError(error) || error instanceof OpenApiRefusal;

describe('whatever is in it, what reads it gives a result or an error with a name, never a defect:', () => {
  test.each(Object.keys(readers))('%s', async (name) => {
    const file = join(folder, name.replaceAll(/\W/g, '-'));
    const property = asyncProperty(contents, async (content) => {
      await writeFile(file, content);
      try {
        await readers[name]?.(file);
      } catch (error) {
        if (!isNamed(error)) throw error;
      }
    });
    await expect(assert(property, { numRuns: 150, seed: 12 })).resolves.toBeUndefined();
  });
});
