import { describe, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { csvOf } from '../cli/fleet.js';
import { bin, spawnProgram as program } from '../../support/program.js';
import { makeRepository } from '../git/repository.js';
import { inPlace } from './at-rest.js';

/** Some that log in, and then some that the server never answers. */
const passwords = csvOf(
  Array.from({ length: 40 }, (_, index) => ({ username: `${index < 20 ? 'ok' : 'silent'}-${index}` })),
);

/** What other people on a machine, or its owner, see of a process. */
function seenOf(pid: number): {
  readonly cmdline: string;
  readonly environ: string;
  readonly children: number[];
} {
  const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8').replaceAll('\0', ' ');
  return { cmdline: read('cmdline'), environ: read('environ'), children: childrenOf(pid) };
}

/** By the fourth field of /proc/PID/stat (proc(5)), after a name that may hold anything. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        // It has ended meanwhile.
        return false;
      }
    })
    .map(Number);
}

async function ended(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'close');
}

// Only Linux has it; elsewhere `ps` shows the same.
const whereProc = existsSync('/proc/self/environ') ? describe : describe.skip;

whereProc('while a fleet is sent', () => {
  test.each([
    ['run', ['run', '-']],
    ['token', ['token', '-', '--all', '--no-verify']],
  ])('by %s, /proc shows no password and no other process', (_command, args) =>
    inPlace(async ({ folder, server }) => {
      const child = spawn(process.execPath, [bin, ...args, '--token-url', server.tokenUrl, '--quiet'], {
        cwd: folder,
        env: { PATH: process.env['PATH'] },
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      try {
        child.stdin.end(passwords);
        await server.reached(25);
        const { cmdline, environ, children } = seenOf(child.pid ?? 0);
        expect(cmdline).toContain('--token-url');
        expect(cmdline + environ).not.toContain('canary');
        expect(children).toEqual([]);
      } finally {
        await ended(child);
      }
    }),
  );

  test('BIOTZ_PASSWORD is in the environment of the program for its owner, and in no argument', () =>
    inPlace(async ({ folder, server }) => {
      const args = ['token', '--username', 'silent', '--no-verify', '--token-url', server.tokenUrl];
      const child = spawn(process.execPath, [bin, ...args], {
        cwd: folder,
        env: { PATH: process.env['PATH'], BIOTZ_PASSWORD: 'canary' },
        stdio: 'ignore',
      });
      try {
        await server.reached(1);
        const { cmdline, environ, children } = seenOf(child.pid ?? 0);
        expect(environ).toContain('BIOTZ_PASSWORD=canary');
        expect(cmdline).not.toContain('canary');
        expect(children).toEqual([]);
      } finally {
        await ended(child);
      }
    }));
});

test('git is the only program that is started, and sees neither secrets nor our variables', () =>
  inPlace(async ({ folder }) => {
    await makeRepository(folder, { 'devices.csv': csvOf([{}]) });
    await mkdir(join(folder, 'bin'));
    const fake = join(folder, 'bin/git');
    await writeFile(fake, `#!/bin/sh\n{ env; echo "$*"; cat; } >> '${folder}/seen'\n`);
    await chmod(fake, 0o755);
    const { status } = await program(['check', 'devices.csv'], {
      cwd: folder,
      env: {
        PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
        BIOTZ_PASSWORD: 'canary-variable',
        POSTMAN_API_KEY: 'canary-variable',
        NODE_OPTIONS: '--no-warnings',
      },
    });
    expect(status).toBe(0);
    const seen = await readFile(join(folder, 'seen'), 'utf8');
    expect(seen).toContain('check-ignore');
    expect(seen).not.toMatch(/canary|BIOTZ|POSTMAN|NODE_OPTIONS/);
  }));
