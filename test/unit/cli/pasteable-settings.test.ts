import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { pasteableSettings } from '../../../src/cli/inputs/pasteable-settings.js';

const profile = {
  tokenUrl: 'https://a.example/token',
  clientId: 'mine',
  scope: 'openid email',
  bodyMode: 'formdata',
  clientAuth: 'basic',
} as const;
const connection = { timeoutRequest: 30_000 };

const flags = [
  '--token-url',
  profile.tokenUrl,
  '--client-id',
  'mine',
  '--scope',
  'openid email',
  '--body',
  'formdata',
  '--client-auth',
  'basic',
];

test('a config file gets what it may say, and the environment the rest', () => {
  expect(pasteableSettings({ profile, isProven: true }, connection)).toEqual({
    isProven: true,
    flags,
    tokenFlags: [],
    config: { 'client-id': 'mine', scope: 'openid email', body: 'formdata', 'client-auth': 'basic' },
    environment: { BIOTZ_TOKEN_URL: profile.tokenUrl },
  });
});

test('how connections were made belongs to what works, as each command takes it', () => {
  const made = { ...connection, ca: 'ca.pem', cert: 'c.pem', key: 'k.pem', http2: true, insecure: true };
  expect(pasteableSettings({ profile: {}, isProven: true }, made)).toEqual({
    isProven: true,
    flags: ['--insecure'],
    tokenFlags: ['--ca', 'ca.pem', '--cert', 'c.pem', '--key', 'k.pem', '--http2'],
    config: {},
    environment: {
      BIOTZ_CA: resolve('ca.pem'),
      BIOTZ_CERT: resolve('c.pem'),
      BIOTZ_KEY: resolve('k.pem'),
      NODE_EXTRA_CA_CERTS: resolve('ca.pem'),
      BIOTZ_INSECURE: 'true',
      BIOTZ_HTTP2: 'true',
    },
  });
});
