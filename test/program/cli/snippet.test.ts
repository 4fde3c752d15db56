import { describe, expect, test } from '@jest/globals';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { biotzProfile } from '../../../src/platform/profile.js';
import { Secret } from '../../../src/secret/secret.js';
import { createSnippet } from '../../../src/snippet/snippet.js';
import type { Behaviour } from '../../../src/stand-in/behaviour.js';
import { commandLines } from '../snippet/command-lines.js';
import { whereInstalled } from './installed.js';
import { start } from '../../unit/stand-in/platform.js';
import { complete, csvOf, writeCsv } from './fleet.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { program, shell } from '../../support/program.js';

/** How each printed text is run, and what has to be there for that. */
const programs = [
  { name: 'httpie', command: 'http', file: 'token.sh', run: 'sh token.sh' },
  { name: 'curl', command: 'curl', file: 'token.sh', run: 'sh token.sh' },
  { name: 'powershell', command: 'pwsh', file: 'token.ps1', run: 'pwsh -NoProfile -File token.ps1' },
  { name: 'node', command: 'node', file: 'token.mjs', run: 'node token.mjs' },
  { name: 'python', command: 'python3', file: 'token.py', run: 'python3 token.py' },
] as const;

type Program = (typeof programs)[number];

const ways: readonly (readonly [what: string, behaviour: Behaviour, args: readonly string[]])[] = [
  ['urlencoded', 'keycloak-21', []],
  ['urlencoded, with Basic', 'keycloak-26', ['--client-auth', 'basic']],
  ['as form-data', 'gateway', ['--body', 'formdata']],
  ['as form-data, with Basic', 'keycloak-26', ['--body', 'formdata', '--client-auth', 'basic']],
];

const passwords = [
  'x{{y}} & = é "',
  ` -@$(touch ran) \`touch ran\`'"%41+\\n{{username}}<😀;type=x\r\n\t\n\n`,
];

/** Everything that a shell or a language could take for something else. */
const username = `It's $(touch ran) \`touch ran\` "é" \\x <a@b> \${HOME} %41 ;& #' or "`;
const clientId = `dev's & "co": é`;

interface Setup {
  readonly behaviour?: Behaviour;
  readonly password: string;
  /** What the program is given; the device's own password by default. */
  readonly given?: string;
  readonly args?: readonly string[];
}

/** Prints a snippet, runs it as a person would, and looks at the process list while the server has the login. */
async function runSnippet(
  { name, file, run }: Program,
  { behaviour = 'gateway', password, given = password, args = [] }: Setup,
) {
  const seen: string[] = [];
  const platform = await start({
    behaviour,
    clientId,
    devices: (found) => {
      // Nothing is answered before this returns, so that the client is still running.
      seen.push(...commandLines());
      return found === username.toLowerCase() ? { username, password: new Secret(password) } : undefined;
    },
  });
  return inTemporaryFolder(async (folder) => {
    const csv = await writeCsv(folder, [{ username, password }]);
    const profile = ['--token-url', platform.tokenUrl, '--client-id', clientId, '--scope', 'openid profile'];
    const printed = await program(['snippet', csv, '--for', name, ...profile, ...args]);
    await writeFile(join(folder, file), printed.stdout);
    // HTTPie would ask its maker for a newer version.
    await writeFile(join(folder, 'config.json'), '{"disable_update_warnings":true}');
    const env = { HTTPIE_CONFIG_DIR: folder, ...(given !== '' && { BIOTZ_PASSWORD: given }) };
    const finished = await shell(run, [], { cwd: folder, env });
    const files = await readdir(folder);
    return { printed, finished, seen, files, counts: { ...platform.counts } };
  });
}

/** The id_token: what was printed, or in the JSON that was. */
function idTokenIn(output: string): string {
  return output.startsWith('{') ? (JSON.parse(output) as { id_token: string }).id_token : output.trim();
}

function userOf(idToken: string): unknown {
  const [, payload = ''] = idToken.split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>)[
    'preferred_username'
  ];
}

describe.each(whereInstalled(programs, 'its snippets'))('the snippet for $name', (each) => {
  describe.each(ways)('logs in %s', (_what, behaviour, args) => {
    test.each(passwords)('without the password %j in a command line', async (password) => {
      const { printed, finished, seen, files } = await runSnippet(each, { behaviour, password, args });
      expect(finished).toMatchObject({ status: 0, stderr: '' });
      expect(userOf(idTokenIn(finished.stdout))).toBe(username.toLowerCase());
      // The list is not empty: the program itself is in it.
      expect(
        seen.some((line) => line.includes(each.command) && /token|password=@|password@-/.test(line)),
      ).toBe(true);
      expect(seen.filter((line) => line.includes(password.trim()))).toEqual([]);
      expect(printed.stdout + printed.stderr).not.toContain(password.trim());
      expect(files.toSorted()).toEqual(['config.json', 'devices.csv', each.file].toSorted());
    });
  });

  test('sends nothing without a password', async () => {
    const { finished, counts } = await runSnippet(each, { password: 'right', given: '' });
    expect(finished.status).not.toBe(0);
    expect(finished.stdout).toBe('');
    expect(finished.stderr).toContain('BIOTZ_PASSWORD');
    expect(counts).toMatchObject({ logins: 0, refused: 0 });
  });

  test("shows the server's answer to a wrong password", async () => {
    const { finished } = await runSnippet(each, { password: 'right', given: 'wrong' });
    expect(finished.stdout + finished.stderr).toContain('Invalid user credentials');
  });
});

describe('snippet', () => {
  const named = [{ name: 'pump' }, { name: 'valve' }];

  test('is for the chosen device, and its output is only the snippet', () =>
    inTemporaryFolder(async (folder) => {
      const csv = await writeCsv(folder, named);
      const { username: wanted } = complete({ name: 'valve' }, 1);
      const { status, stdout, stderr } = await program(['snippet', csv, '--device', 'valve']);
      expect(status).toBe(0);
      expect(stdout).toBe(await createSnippet('httpie', { ...biotzProfile, bodyMode: 'urlencoded' }, wanted));
      expect(stderr).toContain('devices.csv, line 3');
    }));

  test.each(programs)('for $name is printed unchanged, Basic included', ({ name }) =>
    inTemporaryFolder(async (folder) => {
      const csv = await writeCsv(folder, [{ username: 'somebody' }]);
      const { stdout } = await program(['snippet', csv, '--for', name, '--client-auth', 'basic']);
      const profile = { ...biotzProfile, bodyMode: 'urlencoded', clientAuth: 'basic' } as const;
      expect(stdout).toBe(await createSnippet(name, profile, 'somebody'));
    }),
  );

  test.each([
    ['no device of several is named', [], 'OPTION_INVALID'],
    ['no device has that name', ['--device', 'tank'], 'DEVICE_NOT_FOUND'],
    [
      'the password would be sent in plain text',
      ['--device', 'pump', '--token-url', 'http://id.example/'],
      'URL_INSECURE',
    ],
    ['the program is unknown', ['--device', 'pump', '--for', 'wget'], 'OPTION_INVALID'],
  ])('prints nothing if %s', async (_what, args, code) => {
    const { status, stdout, stderr } = await program(['snippet', '-', ...args], { input: csvOf(named) });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`[${code}]`);
  });
});
