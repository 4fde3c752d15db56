import { expect, test } from '@jest/globals';
import { corpus } from '../../../bench/leak-corpus.mjs';
import { cleanText } from '../../../src/leak/clean-text.js';
import { found, knowing, leaksIn } from './scan.js';

test.each(corpus.filter(({ isLeak }) => isLeak))(
  'a secret is found in $group: $name ($#)',
  async ({ text }) => {
    expect((await leaksIn(text)).length).toBeGreaterThan(0);
  },
);

test.each(corpus.filter(({ isLeak }) => !isLeak))('nothing is found in $group: $name', async ({ text }) => {
  expect(await leaksIn(text)).toEqual([]);
});

test.each(corpus.filter(({ isLeak, group }) => isLeak && group !== 'tables'))(
  'share clean leaves nothing behind in $group: $name ($#)',
  ({ text }) => {
    const { left, hasTable } = cleanText(Buffer.from(text), knowing());
    expect({ left, hasTable }).toEqual({ left: 0, hasTable: false });
  },
);

// What comes close to the samples of the corpus, on either side.
test.each([
  '{"passwords":["hunter22"]}',
  'string Password { get; set; } = "hunter22";',
  'password?: string = "hunter22";',
  '- password: |\r\n    hunter22\r\n',
  '<x a="{&QUOT;password&QUOT;:&QUOT;hunter22&QUOT;}"/>',
  `{"auths":{"r":{"auth":"${Buffer.from('bob:hunter22').toString('base64')}"}}}`,
  `_auth=${Buffer.from('bob:hunter22').toString('base64')}\n`,
  'default login y password sunshine',
  '{"\\u0070\\u0061\\u0073\\u0073\\u0077\\u006f\\u0072\\u0064":"hunter22"}',
  '{"a":"{\\"b\\":\\"{\\\\\\"password\\\\\\":\\\\\\"hunter22\\\\\\"}\\"}"}',
  '%70%61%73%73%77%6f%72%64=hunter22',
  'const char *password = "Sommer";',
  '\\u0070a\\u0073sword = "hunter22"',
  'p%61sswor%64=hunter22',
  'SET_PWD = "hunter22"',
  '{"key":"pwd","value":"hunter22"}',
  '{"users":{"fields":["name","password"],"rows":[["bob","hunter22"]]}}',
  '"CONTRASE\u00d1A" = "hunter22"',
  'POSTGRES_USER: bob\nPOSTGRES_PASSWORD: sunshine\n',
  'Endpoint=sb://h.example/;SharedAccessKeyName=a;SharedAccessKey=aGVsbG8taGVsbG8taGVsbG8=',
])('%s is a secret', async (text) => {
  expect(await found(text)).toHaveLength(1);
});

test.each([
  'The default password must be changed.',
  'on a machine learning password protected files',
  'apikey=$api_key1',
  'apiKey=@apiKey@',
  'api_key=__API_KEY1__',
  'apikey=`cat key1`',
  '"password": process.env["PASSWORD1"]',
  'f(password: str, x: str = "abc1")',
  '{"password":["required","min:8"]}',
  '<input type="password" id="field1" class="form-control2">',
  'password("Enter a password1")',
  '_auth=true',
  'integrity="sha384-cGFzc3dvcmQ1234567"',
  '[["id","token","x"],["1","is","a1b2c3d4"]]',
  '["user","password",["bob1","al1"]]',
  'OLDPWD=/home/bob/x1\nPWD=/srv/x1\n',
  'pwd = os.getcwd()',
  '  password: hidden\n  nickname: short\n',
  '%70%61%74%68=x1&%77%6f%72%64=y1',
])('%s is not a secret', async (text) => {
  expect(await found(text)).toEqual([]);
});
