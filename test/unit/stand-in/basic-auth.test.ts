import { expect, test } from '@jest/globals';
import { basicClient } from '../../../src/stand-in/token-endpoint.js';

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test.each([
  ['a client with an empty secret', basic('devices:'), { clientId: 'devices' }],
  ['a client with a secret, which is not looked at', basic('devices:s:e'), { clientId: 'devices' }],
  ['a form-encoded client', basic('a%3Ab+%C3%A9:'), { clientId: 'a:b é' }],
  ['a scheme in another case', basic('devices:').replace('Basic', 'bAsIc'), { clientId: 'devices' }],
  ['an empty client', basic(':'), { clientId: '' }],
  ['no header', undefined, undefined],
  ['another scheme', 'Bearer abc', undefined],
  ['no colon', basic('devices'), undefined],
  ['text that is no base64', 'Basic !!!', 'malformed'],
  ['a broken percent sign', basic('a%zz:'), 'malformed'],
])('reads %s', (_name, header, expected) => {
  expect(basicClient(header)).toEqual(expected);
});
