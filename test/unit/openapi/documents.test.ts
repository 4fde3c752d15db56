import { describe, expect, test } from '@jest/globals';
import { checkDocument } from '../../../src/openapi/check-document.js';
import { pathParts } from '../../../src/openapi/address.js';
import { inert } from '../../../src/openapi/inert.js';
import { operationsOf } from '../../../src/openapi/operations.js';
import { parseDocument } from '../../../src/openapi/parse-document.js';
import { OpenApiRefusal } from '../../../src/openapi/errors.js';
import { documentAddress, operationAddress, variablesOf } from '../../../src/openapi/servers.js';

/** What a document is refused for. */
function refusal(action: () => unknown) {
  try {
    action();
  } catch (error) {
    if (error instanceof OpenApiRefusal) return error.facts;
    throw error;
  }
  return undefined;
}

const paths = { '/a': { get: {} } };
const version = { openapi: '3.1.0' };

describe('a text', () => {
  test.each([
    ['JSON', '{"a": {"b": [1, "2"]}}'],
    ['JSON with a byte order mark', '\ufeff{"a": {"b": [1, "2"]}}'],
    ['YAML', 'a:\n  b: [1, "2"]\n'],
    ['YAML with an alias', 'x: &x { b: [1, "2"] }\na: *x\n'],
  ])('is read from %s', (_what, text) => {
    expect(parseDocument(text)).toMatchObject({ a: { b: [1, '2'] } });
  });

  test.each([
    ['a key twice in JSON', '{"a": 1,\n "b": {"c": 1, "c": 2}}', 2, /twice/],
    ['a key twice in YAML', 'a: 1\nb: 2\na: 3\n', 3, /twice/],
    ['JSON that ends too early', '{"a": [1,\n2', 2, /neither JSON nor YAML/],
    ['a tab in YAML', 'a:\n\tb: 1\n', 2, /neither JSON nor YAML/],
    ['two documents', 'a: 1\n---\nb: 2\n', 2, /a second document/],
  ])('is refused at its line for %s', (_what, text, line, problem) => {
    expect(refusal(() => parseDocument(text))).toMatchObject({
      line,
      problem: expect.stringMatching(problem),
    });
  });

  test('is refused if its aliases expand without end', () => {
    const levels = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]`);
    expect(refusal(() => parseDocument(['l0: &l0 [x]', ...levels].join('\n')))?.problem).toMatch(/aliases/);
  });

  test('is never quoted in an error', () => {
    const facts = refusal(() => parseDocument('{"token": "canary"\n"'));
    expect(JSON.stringify(facts)).not.toContain('canary');
  });
});

describe('a document', () => {
  test.each([
    ['is a list', []],
    ['is a text', 'x'],
    ['is of something else', { info: {} }],
    ['is of OpenAPI 4', { openapi: '4.0.0', paths }],
    ['is of Swagger 1', { swagger: '1.2', paths }],
    ['has no paths', { ...version, info: {} }],
    ['has empty paths', { ...version, paths: {} }],
    ['refers to nothing', { ...version, paths: { '/a': { get: { x: { $ref: '#/components/x' } } } } }],
    ['refers by an anchor', { ...version, paths: { '/a': { get: { x: { $ref: '#x' } } } } }],
    ['refers in a circle', { ...version, paths, x: { a: { $ref: '#/x/b' }, b: { $ref: '#/x/a' } } }],
    ['refers from Swagger into paths', { swagger: '2.0', paths, x: { $ref: '#/paths/~1a' } }],
    ['refers to itself', { ...version, paths, x: { $ref: '#/x' } }],
  ])('that %s is refused', (_what, document) => {
    expect(refusal(() => checkDocument(document))).toBeDefined();
  });

  test.each(['http://127.0.0.1:1/x.yaml', 'file:///etc/passwd', '../other.yaml#/a', '/etc/passwd'])(
    'is refused that refers to %s, with the place and what to do',
    ($ref) => {
      const facts = refusal(() => checkDocument({ ...version, paths: { '/a': { get: { x: { $ref } } } } }));
      expect(facts?.problem).toContain(`paths./a.get.x refers to another document, "${$ref}"`);
      expect(facts?.next).toContain('bundle');
    },
  );

  test('may call a property $ref', () => {
    const document = {
      ...version,
      paths,
      components: { schemas: { A: { properties: { $ref: { type: 'x' } } } } },
    };
    expect(checkDocument(document)).toEqual(document);
  });

  const $ref = 'https://api.example.org/Users/23a35c27';
  const answering = (content: object) => ({ '/a': { get: { responses: { 200: { content } } } } });
  test.each<[string, object]>([
    ['an example', { paths: answering({ 'a/b': { example: { members: [{ $ref }] } } }) }],
    ['one of several examples', { paths: answering({ 'a/b': { examples: { one: { value: { $ref } } } } }) }],
    ['an example of a schema', { paths, components: { schemas: { A: { example: { $ref } } } } }],
    ['the examples of a schema', { paths, components: { schemas: { A: { examples: [{ $ref }] } } } }],
    ['a default', { paths, components: { schemas: { A: { default: { $ref } } } } }],
    ['an enum', { paths, components: { schemas: { A: { enum: [1, { $ref }] } } } }],
    ['a const', { paths, components: { schemas: { A: { properties: { b: { const: { $ref } } } } } } }],
    ['an extension', { paths: { '/a': { get: { 'x-a': { $ref } } } } }],
    ['an extension of all paths', { paths: { ...paths, 'x-a': { $ref } } }],
    ['the parameters of a link', { paths, components: { links: { A: { parameters: { b: { $ref } } } } } }],
    [
      'an example of Swagger',
      { swagger: '2.0', paths: { '/a': { get: { examples: { 'a/b': { $ref } } } } } },
    ],
  ])('may have a member called $ref in %s, which is not a reference', (_what, rest) => {
    const document = 'swagger' in rest ? rest : { ...version, ...rest };
    expect(JSON.stringify(checkDocument(structuredClone(document)))).not.toContain($ref);
  });

  test.each(['example', 'default', 'enum', 'const', 'x-a', 'examples', 'value'])(
    'may not refer to another document from what is only called %s',
    (name) => {
      const document = {
        ...version,
        paths,
        components: { schemas: { A: { properties: { [name]: { $ref } } } } },
      };
      expect(refusal(() => checkDocument(document))?.problem).toContain('refers to another document');
    },
  );

  test('may refer to parts below an extension, and from there', () => {
    const schemas = { A: { items: { $ref: '#/x-schemas/B' } }, B: { type: 'string' } };
    const document = { ...version, paths: answering({ 'a/b': { schema: { $ref: '#/x-schemas/A' } } }) };
    expect(checkDocument({ ...structuredClone(document), 'x-schemas': schemas })).toHaveProperty(
      'x-schemas.A',
    );
    const outside = { A: { items: { $ref } } };
    expect(refusal(() => checkDocument({ ...document, 'x-schemas': outside }))?.problem).toContain('another');
  });

  test.each([
    [3, { openapi: '3.0.3' }],
    [3.1, { openapi: '3.1.0' }],
    ['3.0', { openapi: '3.0.3' }],
    ['3.1.1', { openapi: '3.1.0' }],
  ])('may write its version as %j', (openapi, expected) => {
    expect(checkDocument({ openapi, paths })).toMatchObject(expected);
  });

  test('may write the version of Swagger as a number', () => {
    expect(checkDocument({ swagger: 2, paths })).toMatchObject({ swagger: '2.0' });
  });

  test('may have schemas that contain themselves', () => {
    const Tree = { properties: { children: { items: { $ref: '#/components/schemas/Tree' } } } };
    expect(checkDocument({ ...version, paths, components: { schemas: { Tree } } })).toBeDefined();
  });

  test.each([
    ['is deeper than the stack', () => JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`)],
    [
      'contains itself',
      () => {
        const circle: Record<string, unknown> = {};
        circle['self'] = circle;
        return circle;
      },
    ],
  ])('that %s is refused', (_what, deep) => {
    expect(refusal(() => checkDocument({ ...version, paths, x: deep() }))?.problem).toMatch(/levels deep/);
  });

  test.each([
    ['a path without a slash', { a: { get: {} } }],
    ['a path that is a list', { '/a': [] }],
    ['an operation that is a text', { '/a': { get: 'x' } }],
    ['parameters that are an object', { '/a': { get: { parameters: {} } } }],
    ['no operation', { '/a': { parameters: [] } }],
  ])('is refused with %s', (_what, paths) => {
    expect(refusal(() => operationsOf({ ...version, paths }))).toBeDefined();
  });

  test('has a limit on its operations', () => {
    const many = Object.fromEntries(Array.from({ length: 5001 }, (_, at) => [`/${at}`, { get: {} }]));
    expect(refusal(() => operationsOf({ paths: many }))?.problem).toContain('5001 operations');
  });

  test('lists its operations in the same order, regardless of its own order', () => {
    const one = { '/b': { delete: {}, get: {} }, '/a': { post: {} } };
    const other = { '/a': { post: {} }, '/b': { get: {}, delete: {} } };
    const named = (paths: object) => operationsOf({ paths }).map(({ path, method }) => `${method} ${path}`);
    expect(named(one)).toEqual(['post /a', 'get /b', 'delete /b']);
    expect(named(other)).toEqual(named(one));
  });
});

describe('an address', () => {
  const servers = (...urls: string[]) => ({ ...version, servers: urls.map((url) => ({ url })) });

  test.each([
    ['the first server', servers('https://a.example/v1/', 'https://b.example'), 'https://a.example/v1'],
    [
      'a server with variables',
      { servers: [{ url: 'https://{e}.example', variables: { e: { default: 'x' } } }] },
      'https://x.example',
    ],
    ['this machine', servers('http://127.0.0.1:8080'), 'http://127.0.0.1:8080'],
    ['Swagger', { swagger: '2.0', host: 'a.example', basePath: '/v1' }, 'https://a.example/v1'],
    [
      'Swagger on this machine',
      { swagger: '2.0', host: 'localhost:1', schemes: ['http'] },
      'http://localhost:1',
    ],
  ])('is taken from %s', (_what, document, address) => {
    expect(documentAddress(document)).toBe(address);
  });

  test.each([
    ['there is none', {}],
    ['it is relative', servers('/v1')],
    ['it is no http', servers('file:///etc')],
    ['it is unencrypted', servers('http://a.example')],
    ['a variable has no default', servers('https://{tenant}.example')],
    ['it has a password', servers('https://user:canary@a.example')],
    ['it has a query', servers('https://a.example/?key=canary')],
    ['it has a token', servers('https://a.example/eyJhbGciOiJIUzI1NiJ9.canary1.c2lnbmF0dXJl')],
  ])('is refused when %s, without repeating it', (_what, document) => {
    const facts = refusal(() => documentAddress(document));
    expect(facts?.next).toContain('--api-url');
    expect(JSON.stringify(facts)).not.toContain('canary');
  });

  test('of one operation has its own variable, named in alphabetical order', () => {
    const operation = {
      path: '/a',
      method: 'get',
      pathItem: servers('https://b.example'),
      operation: {},
    } as const;
    const base = 'https://m.example/v1';
    expect(operationAddress(operation, base)).toBe('https://b.example');
    expect(operationAddress({ ...operation, operation: servers('up/') }, base)).toBe(
      'https://m.example/v1/up',
    );
    expect(
      refusal(() => operationAddress({ ...operation, pathItem: servers('http://b.example') }, base)),
    ).toBeDefined();
    expect([
      ...variablesOf(base, ['https://z.example', base, 'https://b.example', 'https://z.example']),
    ]).toEqual([
      [base, 'api_url'],
      ['https://b.example', 'api_url_2'],
      ['https://z.example', 'api_url_3'],
    ]);
  });
});

describe('a path', () => {
  test.each([
    ['/devices/{deviceId}', ['devices', '{{device_id}}']],
    ['/devices/{device-id}', ['devices', '{{device_id}}']],
    ['/devices/{id}', ['devices', '{{device_id}}']],
    ['/policies/{ID}/rules/{id}', ['policies', '{{policy_id}}', 'rules', '{{rule_id}}']],
    ['/files/{name}.{ext}', ['files', '{{file_name}}.{{ext}}']],
    // The values of these are secret, or mean something else.
    ['/u/{password}/{idToken}', ['u', '{{path_password}}', '{{path_id_token}}']],
    ['/u/{username}/{api_url}', ['u', '{{path_username}}', '{{path_api_url}}']],
    // Different parameters are different variables.
    ['/{a-b}/{a_b}/{é}', ['{{a_b}}', '{{a_b_2}}', '{{path_parameter}}']],
    ['/x/{{password}}', ['x', '%7B{{path_password}}%7D']],
    ['/a b?c#d', ['a%20b']],
    ['/a%20b%3Fc', ['a%20b%3Fc']],
    ['/:batch/{id}:cancel', ['%3Abatch', '{{batch_id}}:cancel']],
    ['/', ['']],
  ])('%s becomes %j', (path, parts) => {
    expect(pathParts(path).parts).toEqual(parts);
  });

  test.each([
    ['/search?type=a', [{ key: 'type', value: 'a' }]],
    [
      '/search?type=a&all#by-type',
      [
        { key: 'type', value: 'a' },
        { key: 'all', value: '' },
      ],
    ],
    [
      '/search?type={type}&q=a%20b=c',
      [
        { key: 'type', value: '{{type}}' },
        { key: 'q', value: 'a%20b=c' },
      ],
    ],
    ['/search/{a?b}#x?y=z', []],
    ['/search?x={{password}}', [{ key: 'x', value: '%7B{{path_password}}%7D' }]],
  ])('%s has a query of its own, and no fragment is sent', (path, query) => {
    expect(pathParts(path).query).toEqual(query);
  });
});

test('a text of the document cannot read a variable, run a template tag, or contain a token', () => {
  for (const text of ['{{password}}', '{{{password}}}', '{% file "/etc/passwd" %}', '{# x #}', '{{$guid}}'])
    expect(inert(`a ${text} b`)).not.toMatch(/\{[{%#]/);
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl';
  expect(inert(`Bearer ${token}`)).not.toContain('eyJzdWIi');
  expect(inert('x'.repeat(20), 10)).toHaveLength(11);
});
