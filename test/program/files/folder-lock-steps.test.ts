import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { errorCode } from '../../../src/errors/error-code.js';
import { FolderLock, LOCK, realSystem, type LockSystem } from '../../../src/files/folder-lock.js';
import { inTemporaryFolder } from '../../support/folder.js';
import { nameWith } from '../../unit/files/left-behind.js';
import { LockingProcess } from './locking.js';

/** Leaves the lock of a process that is dead. */
async function leaveStale(folder: string, name = nameWith(undefined, '1')) {
  await mkdir(join(folder, LOCK));
  await writeFile(join(folder, LOCK, name), '');
}

describe.each([
  ['a new lock', false],
  ['the lock of a dead process', true],
])('when two processes take %s', (_what, isStale) => {
  /** Starts a process and lets it take its first steps. */
  const started = async (folder: string, steps: number) => {
    if (isStale) await leaveStale(folder);
    const process = new LockingProcess(folder);
    let said = await process.said();
    for (let step = 0; step < steps && said !== 'held'; step++) said = await process.next();
    return { process, said };
  };
  const everyStep = Array.from({ length: isStale ? 8 : 5 }, (_, step) => step);

  test.each(everyStep)('one gets it, regardless of the other after %i steps of the first', (steps) =>
    inTemporaryFolder(async (folder) => {
      const first = await started(folder, steps);
      const second = new LockingProcess(folder);
      const ends = [await second.toEnd(await second.said()), await first.process.toEnd(first.said)];
      expect(ends.toSorted()).toEqual(['FOLDER_IN_USE', 'held']);
      await second.kill();
      await first.process.kill();
    }),
  );

  test.each(everyStep)('one gets it if the other is killed after %i steps', (steps) =>
    inTemporaryFolder(async (folder) => {
      const first = await started(folder, steps);
      await first.process.kill();
      const second = new LockingProcess(folder);
      expect(await second.toEnd(await second.said())).toBe('held');
      expect(await second.toEnd(await second.next())).toBe('released');
      await second.kill();
      expect(await readdir(folder)).not.toContain(LOCK);
    }),
  );
});

/** A generator of numbers from 0 to below 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Processes that take their steps one after another; which one is next, or whether it is killed, chance decides. */
class Schedule {
  readonly held: number[] = [];
  readonly outcomes: string[] = [];
  readonly #random: () => number;
  readonly #dead = new Set<number>();
  readonly #waiting = new Map<number, () => void>();
  readonly #errors: unknown[] = [];
  #running = 0;
  #next = 1;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Starts a process that takes the lock, holds it for a step, and releases it. */
  start(folder: string): void {
    const pid = this.#next++;
    this.#running++;
    this.#life(pid, folder)
      .catch((error: unknown) => this.#errors.push(error))
      .finally(() => this.#running--);
  }

  async #life(pid: number, folder: string): Promise<void> {
    const system = this.#systemOf(pid);
    try {
      const lock = await FolderLock.take(folder, system);
      this.held.push(pid);
      this.outcomes.push('held');
      // It must be alone as long as it holds the lock and lives.
      if (this.held.length > 1) throw new Error(`held by ${this.held.join(' and ')}`);
      await this.#turn(pid);
      this.held.length = 0;
      await lock.release();
    } catch (error) {
      if (errorCode(error) !== 'FOLDER_IN_USE') throw error;
      this.outcomes.push('refused');
    }
    this.#dead.add(pid);
  }

  #systemOf(pid: number): LockSystem {
    const stepped =
      <A extends unknown[], R>(step: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        await this.#turn(pid);
        return step(...args);
      };
    const name = nameWith(String(pid));
    return {
      holderName: () => name,
      lifeOf: (holder) => (this.#dead.has(holder.pid) || holder.pid === 0 ? 'dead' : 'alive'),
      chmod: stepped(realSystem.chmod),
      lstat: stepped(realSystem.lstat) as LockSystem['lstat'],
      mkdir: stepped(realSystem.mkdir) as LockSystem['mkdir'],
      readdir: stepped(realSystem.readdir as (path: string) => Promise<string[]>) as LockSystem['readdir'],
      rename: stepped(realSystem.rename),
      rm: stepped(realSystem.rm),
      rmdir: stepped(realSystem.rmdir),
      unlink: stepped(realSystem.unlink),
      writeFile: stepped(realSystem.writeFile),
    };
  }

  #turn(pid: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(pid, resolve);
    });
  }

  /** Gives turns until no process is left. */
  async run(killRate: number): Promise<void> {
    for (;;) {
      // A process that was given a turn takes its step, and then waits or has ended.
      while (this.#waiting.size < this.#running) await new Promise((resolve) => setImmediate(resolve));
      if (this.#errors.length > 0) throw this.#errors[0];
      if (this.#running === 0) return;
      const all = [...this.#waiting];
      const [pid, resume] = all[Math.floor(this.#random() * all.length)] ?? [];
      if (pid === undefined || resume === undefined) throw new Error('no process waits');
      this.#waiting.delete(pid);
      if (this.#random() >= killRate) resume();
      else this.#kill(pid);
    }
  }

  /** Lets it wait for ever. */
  #kill(pid: number): void {
    this.#dead.add(pid);
    this.#running--;
    if (this.held[0] === pid) this.held.length = 0;
  }
}

test('in 200 random orders of their steps, no two of several processes hold the lock, and one gets it', async () => {
  let kills = 0;
  let winless = 0;
  for (let seed = 1; seed <= 200; seed++) {
    await inTemporaryFolder(async (folder) => {
      const random = seeded(seed);
      if (random() < 0.6) await leaveStale(folder, nameWith('0'));
      const schedule = new Schedule(random);
      const count = 2 + Math.floor(random() * 2);
      for (let process = 0; process < count; process++) schedule.start(folder);
      const killRate = random() < 0.5 ? 0 : 0.05;
      await schedule.run(killRate);
      kills += count - schedule.outcomes.length;
      winless += killRate === 0 && !schedule.outcomes.includes('held') ? 1 : 0;
      // Whatever happened, the folder can be used again.
      schedule.start(folder);
      await schedule.run(0);
      expect(schedule.outcomes.at(-1)).toBe('held');
      expect(await readdir(folder)).not.toContain(LOCK);
    });
  }
  expect(winless).toBe(0);
  expect(kills).toBeGreaterThan(20);
});
