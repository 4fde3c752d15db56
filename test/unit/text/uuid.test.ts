import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { uuidFrom } from '../../../src/text/uuid.js';

test('gives the version 5 UUID of the standard for its example', () => {
  // RFC 9562, A.4: the DNS namespace and "www.example.com"
  const namespace = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');
  const digest = createHash('sha1').update(namespace).update('www.example.com').digest();
  expect(uuidFrom(digest, 5)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

test('sets the version and the variant, and nothing else', () => {
  expect(uuidFrom(Buffer.alloc(16, 0xff), 4)).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
  expect(uuidFrom(Buffer.alloc(64), 4)).toBe('00000000-0000-4000-8000-000000000000');
});

test('leaves the digest as it is', () => {
  const digest = Buffer.alloc(16);
  uuidFrom(digest, 5);
  expect(digest).toEqual(Buffer.alloc(16));
});
