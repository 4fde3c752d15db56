import { describe, expect, test } from '@jest/globals';
import { found, leaksIn, token } from './scan.js';

const json = (value: unknown) => JSON.stringify(value, null, 2);
const environment = (values: readonly object[], scope = 'environment') =>
  json({ id: '1', name: 'e', values, _postman_variable_scope: scope });
const item = (request: object) =>
  json({
    info: { schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    item: [{ name: 'r', request }],
  });
const buffer = (text: string) => ({ stream: { type: 'Buffer', data: [...Buffer.from(text)] } });
const basic = Buffer.from('user:hunter22').toString('base64');

// Each file, and what has to be found in it.
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'an environment',
    environment([
      { key: 'host', value: 'https://a.example', type: 'default' },
      { key: 'pin', value: 'hunter22', type: 'secret', enabled: true },
    ]),
    ['secret-variable values[1] "pin"'],
  ],
  [
    "Newman's order of keys, and globals",
    environment([{ type: 'secret', value: 'hunter22', key: 'pin' }], 'globals'),
    ['secret-variable values[0] "pin"'],
  ],
  [
    'a typed value with spaces',
    environment([{ key: 'p', value: 'correct horse battery', type: 'secret' }]),
    ['secret-variable values[0] "p"'],
  ],
  [
    'a typed number',
    environment([{ key: 'p', value: 12345678, type: 'secret' }]),
    ['secret-variable values[0] "p"'],
  ],
  [
    'a password that has a reference in it',
    environment([{ key: 'p', value: 'x{{y}}&z', type: 'secret' }]),
    ['secret-variable values[0] "p"'],
  ],
  [
    'a variable that is not typed but named like a secret',
    environment([{ key: 'clientSecret', value: 'hunter22', type: 'default' }]),
    ['secret-in-clear values[0] "clientSecret"'],
  ],
  [
    'a form-data body',
    item({ body: { mode: 'formdata', formdata: [{ key: 'password', value: 'hunter', type: 'text' }] } }),
    ['secret-in-clear item[0].request.body.formdata[0] "password"'],
  ],
  [
    'an urlencoded body',
    item({ body: { mode: 'urlencoded', urlencoded: [{ key: 'refresh_token', value: 'abc' }] } }),
    ['secret-in-clear item[0].request.body.urlencoded[0] "refresh_token"'],
  ],
  [
    'a raw body, urlencoded',
    item({ body: { mode: 'raw', raw: 'username=u&password=hunter&x=1' } }),
    ['secret-in-clear item[0].request.body.raw'],
  ],
  [
    'a raw body in JSON',
    item({ body: { mode: 'raw', raw: json({ user: 'u', password: 'hun"te\\r' }) } }),
    ['secret-in-clear item[0].request.body.raw'],
  ],
  [
    'a header',
    item({ header: [{ key: 'X-API-Key', value: 'k-1' }] }),
    ['secret-in-clear item[0].request.header[0] "X-API-Key"'],
  ],
  [
    'an Authorization header',
    item({ header: [{ key: 'Authorization', value: `Basic ${basic}` }] }),
    ['authorization item[0].request.header[0] "Authorization"'],
  ],
  [
    'the headers of format 2.0',
    item({ header: `Authorization: Basic ${basic}\nX: y` }),
    ['authorization item[0].request.header'],
  ],
  [
    'a bearer block',
    item({ auth: { type: 'bearer', bearer: [{ key: 'token', value: 'Abcdefgh1', type: 'string' }] } }),
    ['secret-in-clear item[0].request.auth.bearer[0] "token"'],
  ],
  [
    'a basic block',
    item({ auth: { type: 'basic', basic: [{ key: 'password', value: 'pw', type: 'string' }] } }),
    ['secret-in-clear item[0].request.auth.basic[0] "password"'],
  ],
  [
    'a basic block of format 2.0',
    item({ auth: { type: 'basic', basic: { username: 'u', password: 'hunter22' } } }),
    ['secret-in-clear item[0].request.auth.basic.password'],
  ],
  [
    'an API key block',
    item({
      auth: {
        type: 'apikey',
        apikey: [
          { key: 'value', value: 'k-1' },
          { key: 'key', value: 'X' },
        ],
      },
    }),
    ['secret-in-clear item[0].request.auth.apikey[0] "value"'],
  ],
  [
    'an API key block of format 2.0',
    item({ auth: { type: 'apikey', apikey: { key: 'X', value: 'k-1', in: 'header' } } }),
    ['secret-in-clear item[0].request.auth.apikey "X"'],
  ],
  [
    'a bearer block with a token that looks like a word',
    item({ auth: { type: 'bearer', bearer: [{ key: 'token', value: 'hunter', type: 'string' }] } }),
    ['secret-in-clear item[0].request.auth.bearer[0] "token"'],
  ],
  [
    'an oauth2 block',
    item({ auth: { type: 'oauth2', oauth2: [{ key: 'clientSecret', value: 'pw' }] } }),
    ['secret-in-clear item[0].request.auth.oauth2[0] "clientSecret"'],
  ],
  [
    'a URL',
    item({ url: { raw: 'https://a.example/x?api_key=abc123&y=1' } }),
    ['secret-in-clear item[0].request.url.raw'],
  ],
  [
    'a script',
    json({ event: [{ script: { exec: ['pm.environment.set("password", "hunter22");'] } }] }),
    ['secret-in-clear event[0].script.exec[0]'],
  ],
  ['a saved answer', json({ response: [{ body: json({ id_token: token }) }] }), ['jwt response[0].body']],
  [
    "Newman's report: an answer",
    json({ run: { executions: [{ response: buffer(json({ x: token })) }] } }),
    ['jwt run.executions[0].response.stream'],
  ],
  [
    "Newman's report: an opaque token in an answer",
    json({ run: { executions: [{ response: buffer('{"refresh_token":"opaque-1234"}') }] } }),
    ['secret-in-clear run.executions[0].response.stream'],
  ],
  [
    'a backup dump',
    json({
      collections: [],
      environments: [{ name: 'e', values: [{ key: 'k', value: 'v', type: 'secret' }] }],
    }),
    ['secret-variable environments[0].values[0] "k"'],
  ],
  [
    'iteration data',
    json([{ username: 'u', password: 'hunter22', device_id: 'd' }]),
    ['secret-in-clear [0].password'],
  ],
  [
    'iteration data whose password reads like prose',
    json([{ username: 'u', password: 'De"MEkX qWSagTguq' }]),
    ['secret-in-clear [0].password'],
  ],
  ['NDJSON', `{"a":1}\n{"password":"hunter22"}\n`, ['secret-in-clear password']],
  ['a number', json({ password: 12345678 }), ['secret-in-clear password']],
  [
    'JSON that is cut off',
    json([{ key: 'password', value: 'hunter22' }]).slice(0, -8),
    ['secret-in-clear [0] "password"'],
  ],
  ['what is JSON only at first', `{"a": 1} # and then\npassword=hunter22\n`, ['secret-in-clear']],
  [
    'YAML of the newer format',
    'name: e\nvalues:\n  - key: password\n    value: hunter\n    enabled: true\n',
    ['secret-in-clear'],
  ],
  ['YAML, typed', 'values:\n  - key: pin\n    value: "hunter"\n    type: secret\n', ['secret-variable']],
  [
    'YAML, the value behind the type',
    'values:\n  - key: pin\n    type: secret\n    value: hunter\n',
    ['secret-variable'],
  ],
  ['a YAML line', 'client_secret: hunter22\n', ['secret-in-clear']],
  ['a dotenv file', 'A=1\nexport API_KEY=abc123def\n', ['secret-in-clear']],
  ['an ini file', '[x]\npassword = hunter22\n', ['secret-in-clear']],
  ['code', "const client = { clientSecret: 'hunter' };", ['secret-in-clear']],
  ['an element of XML', '<a:auth><a:password>hunter22</a:password></a:auth>', ['secret-in-clear']],
  [
    'a property of JUnit',
    '<properties><property name="password" value="hunter22"/></properties>',
    ['secret-in-clear'],
  ],
  [
    'a script with double quotes, in a collection',
    json({ event: [{ script: { exec: ['const password = "hunter";'] } }] }),
    ['secret-in-clear event[0].script.exec[0]'],
  ],
  [
    'GraphQL in a collection',
    item({ body: { mode: 'graphql', graphql: { query: 'mutation { logIn(password: "hunter") { id } }' } } }),
    ['secret-in-clear item[0].request.body.graphql.query'],
  ],
  ['a URL of a database', 'DATABASE_URL=postgres://user:hunter22@db.example/x\n', ['url-password']],
  ['a URL in a request', item({ url: 'https://:hunter22@a.example/' }), ['url-password item[0].request.url']],
  ['a shell script', 'curl -H "Authorization: Bearer abcdefgh12345678" https://a.example', ['authorization']],
  ['a token in a log', `got ${token}, going on`, ['jwt']],
  [
    'a Postman API key',
    `POSTMAN: PMAK-${'0123456789abcdef'.repeat(2)}-${'0'.repeat(34)}`,
    ['postman-api-key'],
  ],
  [
    'an age identity',
    `# public key: age1\nAGE-SECRET-KEY-1${'QPZRY9X8GF2TVDW0'.repeat(3)}ABCDEFGHJK\n`,
    ['age-identity'],
  ],
  [
    'a post-quantum age identity',
    `AGE-SECRET-KEY-PQ-1${'QPZRY9X8GF2TVDW0'.repeat(3)}ABCDEFGHJK`,
    ['age-identity'],
  ],
  [
    'a private key',
    `-----BEGIN RSA PRIVATE KEY-----\n${'A1b2'.repeat(16)}\n${'C3d4'.repeat(9)}==\n-----END RSA PRIVATE KEY-----\n`,
    ['private-key'],
  ],
  [
    'a private key in JSON',
    json({ k: `-----BEGIN PRIVATE KEY-----\n${'A1b2'.repeat(16)}\n-----END PRIVATE KEY-----\n` }),
    ['private-key k'],
  ],
  [
    'a credentials file',
    'Created,Name,Device ID,HTTP Username,Password\nYes,a,1,1@x,hunter22\n',
    ['credentials-file'],
  ],
  [
    'a credentials file of Excel',
    'sep=;\nCreated;Name;Device ID;HTTP Username;Password\nYes;a;1;1@x;"hunter22"\n',
    ['credentials-file'],
  ],
];

test.each(cases)('%s', async (_what, text, wanted) => {
  expect(await found(text)).toEqual(wanted);
});

test('UTF-16 as PowerShell writes it is scanned, with the right line and column', async () => {
  const text = `${JSON.stringify({ a: 'é', b: [] })}\n  {"password":"hunter22"}\n`;
  for (const mark of ['\ufeff', '']) {
    const leaks = await leaksIn(Buffer.from(mark + text, 'utf16le'));
    expect(leaks).toEqual([
      { code: 'secret-in-clear', file: 'file', line: 2, column: 16, place: 'password' },
    ]);
  }
});

test('JSON with a byte order mark is read as JSON', async () => {
  expect(await found('\ufeff{"a":{"key":"pin","value":"hunter","type":"secret"}}')).toEqual([
    'secret-variable a "pin"',
  ]);
});

test('a secret in the bytes of an answer is reported with its most important code', async () => {
  const answer = buffer('{"password":"hunter22","x":"a-device-1"}');
  expect(await leaksIn(json(answer), { d: 'a-device-1' })).toMatchObject([
    { code: 'device-password', device: 'd', place: 'stream' },
  ]);
  const many = `${'x'.repeat(5_000_000)} a-device-1`;
  expect(await leaksIn(JSON.stringify(buffer(many)), { d: 'a-device-1' })).toHaveLength(1);
});

describe('the place of a secret', () => {
  test('is reported by line and column in characters, counted from 1', async () => {
    expect(await leaksIn('é🔑 = 1\r\nx: é "password": "hunter22"\n')).toEqual([
      { code: 'secret-in-clear', file: 'file', line: 2, column: 19 },
    ]);
  });

  test('is reported without any secret', async () => {
    const [leak] = await leaksIn(json({ [token]: { hunter22: { password: 'something1' } } }), {
      d: 'hunter22',
    }).then((leaks) => leaks.filter(({ code }) => code === 'secret-in-clear'));
    expect(leak?.place).toBe('….….password');
  });
});
