import { describe, expect, test } from '@jest/globals';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import { future, idToken } from '../../unit/postman/fixture.js';
import { brunoRuntime } from './bruno-runtime.js';
import {
  apiRequests,
  generated,
  publishBody,
  publishUrl,
  pump,
  tokenFields,
  variablesOf,
  variants,
} from './generated.js';

interface Item {
  readonly name: string;
  readonly type: string;
  readonly items?: readonly Item[];
  readonly root?: { readonly request: { readonly script: Scripts } };
  readonly settings?: { readonly followRedirects?: boolean };
  readonly request?: {
    readonly method: string;
    readonly url: string;
    readonly auth: { readonly mode: string; readonly bearer: { readonly token: string } | null };
    readonly body: {
      readonly mode: string;
      readonly json: string | null;
      readonly multipartForm: readonly { readonly name: string; readonly value: string }[];
    };
    readonly script?: Scripts;
  };
}

interface Scripts {
  readonly req?: string;
  readonly res?: string;
}

interface BrunoVariable {
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
  readonly secret: boolean;
}

interface Converters {
  postmanToBruno(collection: unknown): Promise<{ collection: { items: readonly Item[] } }>;
  postmanToBrunoEnvironment(environment: unknown): { name: string; variables: readonly BrunoVariable[] };
}

// CommonJS, and without types.
const require = createRequire(import.meta.url);
const bruno = require('@usebruno/converters') as Converters;

async function imported(args: readonly string[]) {
  const files = await generated(args);
  const { collection } = await bruno.postmanToBruno(JSON.parse(files.collection));
  return { ...files, items: collection.items.flatMap(allItems) };
}

const allItems = (item: Item): readonly Item[] => [item, ...(item.items ?? []).flatMap(allItems)];

const scriptsOf = ({ request, root }: Item) => Object.values(request?.script ?? root?.request.script ?? {});

/** Postman's pieces in a script, outside its comments. */
const leftover = (script: string) =>
  /\b(?:pm|postman)\./.exec(script.replace(/^\s*(?:\/\/|\*|\/\*\*).*$/gm, ''));

describe.each(variants)('what is generated %s, in Bruno', (what, args) => {
  test('has its requests, and none follows a redirect', async () => {
    const { items } = await imported(args);
    const named = (name: string) => items.find((each) => each.name === name);
    expect(named('Get token')?.request).toMatchObject({
      method: 'POST',
      url: '{{token_url}}',
      // No token is sent where one is asked for.
      auth: { mode: 'none' },
      body: { mode: 'multipartForm' },
    });
    const fields = named('Get token')?.request?.body.multipartForm;
    expect(fields?.map(({ name, value }) => [name, value])).toEqual(tokenFields);
    const bearer = { mode: 'bearer', bearer: { token: '{{id_token}}' } };
    expect(named('Publish data')?.request).toMatchObject({
      method: 'POST',
      url: publishUrl,
      auth: bearer,
      body: { mode: 'json' },
    });
    expect(JSON.parse(named('Publish data')?.request?.body.json ?? '')).toEqual(publishBody);
    const requests = items.filter(({ request }) => request !== undefined);
    for (const { settings } of requests) expect(settings?.followRedirects).toBe(false);
    if (what !== 'with an API') return;
    for (const [name, [method, url, isAuthorized]] of Object.entries(apiRequests)) {
      expect(named(name)?.request).toMatchObject({
        method,
        url,
        auth: isAuthorized ? bearer : { mode: 'none' },
      });
    }
    expect(named('Developer API')?.items?.[0]?.name).toBe('devices');
  });

  test('has scripts that are whole, and nothing of Postman in them', async () => {
    const { items } = await imported(args);
    const scripts = items.flatMap(scriptsOf);
    expect(scripts).toHaveLength(what === 'with an API' ? 6 : 4);
    for (const script of scripts) {
      expect(() => new Script(`(async () => {${script}\n})`)).not.toThrow();
      // Some of it has no counterpart there all the same: docs/interop.md.
      expect(leftover(script)).toBeNull();
    }
  });

  test('has its environments, with what is secret marked so', async () => {
    const { environments } = await imported(args);
    for (const text of environments) {
      const { variables } = bruno.postmanToBrunoEnvironment(JSON.parse(text));
      expect(variables.map(({ name, value, secret, enabled }) => ({ name, value, secret, enabled }))).toEqual(
        variablesOf(text).map(({ key, value, type }) => ({
          name: key,
          value,
          secret: type === 'secret',
          enabled: true,
        })),
      );
    }
  });
});

describe('the scripts of "Get token" run in Bruno:', () => {
  const environment = { username: pump.username, password: 'p', client_id: 'some client', id_token: 'old' };
  const script = async (part: 'req' | 'res') => {
    const { items } = await imported([]);
    return items.find(({ name }) => name === 'Get token')?.request?.script?.[part] ?? '';
  };
  const answer = (claims: object) => ({
    access_token: 'a',
    token_type: 'Bearer',
    id_token: idToken({ exp: future(), ...claims }),
  });

  test('a good answer is stored', async () => {
    const runtime = brunoRuntime({
      environment,
      status: 200,
      body: answer({ preferred_username: pump.username }),
    });
    runtime.run(await script('res'));
    expect(runtime.failures).toEqual([]);
    expect(runtime.environment['id_token']).toMatch(/^ey/);
    expect(runtime.stopped).toBe(false);
  });

  test('the user is that of the row, in a run over data', async () => {
    const body = answer({ preferred_username: 'row' });
    const runtime = brunoRuntime({ environment, data: { username: 'row' }, status: 200, body });
    runtime.run(await script('res'));
    expect(runtime.failures).toEqual([]);
  });

  test('a refusal leaves no token, names the reason once, and ends the run', async () => {
    const runtime = brunoRuntime({ environment, status: 401, body: { error: 'invalid_grant' } });
    runtime.run(await script('res'));
    expect(runtime.failures).toEqual([expect.stringMatching(/^invalid-user-credentials: /)]);
    expect(runtime.environment['id_token']).toBeUndefined();
    expect(runtime.stopped).toBe(true);
  });

  test('a server that does not read form-data is told from one that does not know the client', async () => {
    const runtime = brunoRuntime({ environment, status: 401, body: { error: 'invalid_client' } });
    runtime.run(await script('res'));
    expect(runtime.failures).toEqual([expect.stringMatching(/^form-data-not-read: /)]);
  });

  test('client_auth names the client by Basic', async () => {
    const runtime = brunoRuntime({
      environment: { ...environment, client_auth: 'basic' },
      status: 0,
      body: {},
    });
    runtime.run(await script('req'));
    expect(runtime.headers['Authorization']).toBe(`Basic ${btoa('some%20client:')}`);
  });
});
