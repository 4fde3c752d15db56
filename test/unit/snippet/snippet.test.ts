import { describe, expect, test } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { biotzProfile } from '../../../src/platform/profile.js';
import type { BodyMode, ClientAuth } from '../../../src/platform/profile.js';
import { createSnippet, type SnippetProgram } from '../../../src/snippet/snippet.js';

const programs: readonly SnippetProgram[] = ['httpie', 'curl', 'powershell', 'node', 'python'];
const profile = { ...biotzProfile, bodyMode: 'urlencoded' } as const;
const templates = new URL('../../../templates/snippet/', import.meta.url);

describe('a template', () => {
  test('is there for each program and each body, and names every value', async () => {
    const names = await readdir(templates);
    expect(names.map((name) => name.replace(/\.\w+$/, '')).toSorted()).toEqual(
      programs.flatMap((program) => [`${program}.formdata`, `${program}.urlencoded`]).toSorted(),
    );
    for (const name of names) {
      const text = await readFile(new URL(name, templates), 'utf8');
      const markers = [...text.matchAll(/'\{\{(\w+)\}\}'/g)].map(([, marker]) => marker);
      expect(markers).toHaveLength(5);
      expect(new Set(markers)).toEqual(new Set(['basic', 'client_id', 'scope', 'token_url', 'username']));
    }
  });
});

describe.each(programs)('a snippet for %s', (program) => {
  test.each<[BodyMode, ClientAuth]>([
    ['urlencoded', 'body'],
    ['urlencoded', 'basic'],
    ['formdata', 'body'],
    ['formdata', 'basic'],
  ])('has no marker left, with %s and client %s', async (bodyMode, clientAuth) => {
    const text = await createSnippet(program, { ...profile, bodyMode, clientAuth }, 'somebody');
    expect(text).not.toMatch(/\{\{|\}\}/);
    expect(text.includes('biotz-platform-devices:')).toBe(clientAuth === 'basic');
    expect(/base64|btoa/i.test(text)).toBe(clientAuth === 'basic' && !['httpie', 'curl'].includes(program));
    expect(text.endsWith('\n')).toBe(true);
  });

  test('takes a value that looks like a marker as it is', async () => {
    const text = await createSnippet(program, { ...profile, scope: 'openid' }, "'{{scope}}'");
    expect(text).toContain('{{scope}}');
  });

  test('has one reading of the address', async () => {
    const tokenUrl = 'https://id.example/realms/a b\u202e/é{x,y}/token';
    const text = await createSnippet(program, { ...profile, tokenUrl }, 'somebody');
    expect(text).toContain('https://id.example/realms/a%20b%E2%80%AE/%C3%A9%7Bx,y%7D/token');
  });
});

describe.each(['a\nb', 'a\r', '\u001b[2Jb', '\u202e', 'a\u200bb', '\0', '\u{e0041}'])(
  'a terminal is never shown %j',
  (username) => {
    test.each(['httpie', 'curl'] as const)(
      'by a snippet for %s, which has no escapes for it',
      async (program) => {
        await expect(createSnippet(program, profile, username)).rejects.toMatchObject({
          code: 'SNIPPET_UNWRITABLE',
          args: { program, value: 'username' },
        });
      },
    );

    test.each(['powershell', 'node', 'python'] as const)('by a snippet for %s', async (program) => {
      expect(await createSnippet(program, profile, username)).toMatch(/^[ -~\n]*$/);
    });
  },
);

test('a value of which HTTPie would drop a backslash is refused for HTTPie', async () => {
  await expect(createSnippet('httpie', profile, String.raw`domain\@user`)).rejects.toMatchObject({
    code: 'SNIPPET_UNWRITABLE',
  });
  expect(await createSnippet('curl', profile, String.raw`domain\@user`)).toContain('user');
});
