import { describe, expect, test } from '@jest/globals';
import { createRequire } from 'node:module';
import {
  apiRequests,
  generated,
  publishBody,
  publishUrl,
  tokenFields,
  variablesOf,
  variants,
} from './generated.js';

interface Resource {
  readonly _type: string;
  readonly _id: string;
  readonly parentId: string;
  readonly name: string;
  readonly method?: string;
  readonly url?: string;
  readonly authentication?: { readonly type?: string; readonly token?: string };
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly body?: {
    readonly mimeType?: string;
    readonly text?: string;
    readonly params?: readonly {
      readonly name: string;
      readonly value: string;
      readonly disabled: boolean;
    }[];
  };
  readonly data?: Readonly<Record<string, string>>;
}

interface Importers {
  convert(text: string): Promise<{ type: { id: string }; data: { resources: readonly Resource[] } }>;
}

// CommonJS without types that Node's import would find.
const require = createRequire(import.meta.url);
const insomnia = require('insomnia-importers') as Importers;

async function imported(text: string, as: string): Promise<readonly Resource[]> {
  const { type, data } = await insomnia.convert(text);
  expect(type.id).toBe(as);
  return data.resources;
}

describe.each(variants)('what is generated %s, in Insomnia', (what, args) => {
  test('has its requests', async () => {
    const { collection } = await generated(args);
    const resources = await imported(collection, 'postman');
    const named = (name: string) => resources.find((each) => each.name === name);
    expect(named('Get token')).toMatchObject({
      method: 'POST',
      url: '{{token_url}}',
      // No token is sent where one is asked for.
      authentication: {},
      body: { mimeType: 'multipart/form-data' },
    });
    expect(named('Get token')?.body?.params?.map(({ name, value }) => [name, value])).toEqual(tokenFields);
    expect(named('Publish data')).toMatchObject({
      method: 'POST',
      url: publishUrl,
      authentication: { type: 'bearer', token: '{{id_token}}' },
      headers: [{ name: 'Content-Type', value: 'application/json' }],
      body: { mimeType: 'application/json' },
    });
    expect(JSON.parse(named('Publish data')?.body?.text ?? '')).toEqual(publishBody);
    if (what !== 'with an API') return;
    for (const [name, [method, url, isAuthorized]] of Object.entries(apiRequests)) {
      const authentication = isAuthorized ? { type: 'bearer', token: '{{id_token}}' } : {};
      expect(named(name)).toMatchObject({ method, url, authentication });
    }
    const group = resources.find(({ _id }) => _id === named('Read a device')?.parentId);
    expect(group).toMatchObject({ _type: 'request_group', name: 'devices' });
  });

  test('has its environments', async () => {
    const { environments } = await generated(args);
    for (const text of environments) {
      const [environment] = await imported(text, 'postman-environment');
      expect(environment?.data).toEqual(
        Object.fromEntries(variablesOf(text).map(({ key, value }) => [key, value])),
      );
    }
  });
});
