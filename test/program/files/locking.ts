import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const built = (name: string) =>
  JSON.stringify(fileURLToPath(new URL(`../../../dist/files/${name}.js`, import.meta.url)));

/** A program that takes the lock of a folder, waits for a line before each step of it, and holds it until the next. */
const source = (folder: string) => `
  import { writeSync } from 'node:fs';
  import { createInterface } from 'node:readline';
  import { FolderLock, realSystem } from ${built('folder-lock')};
  const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
  const say = (text) => writeSync(1, text + '\\n');
  const stepped = (name, action) => async (...args) => {
    say(name);
    await lines.next();
    return action(...args);
  };
  const { holderName, lifeOf, ...steps } = realSystem;
  const system = Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, stepped(name, step)]));
  try {
    const lock = await FolderLock.take(${JSON.stringify(folder)}, { ...system, holderName, lifeOf });
    say('held');
    await lines.next();
    await lock.release();
    say('released');
  } catch (error) {
    say(error.code);
  }
  process.exit();`;

const ends: ReadonlySet<string> = new Set(['held', 'released', 'FOLDER_IN_USE']);

/** A process that takes a lock, step by step. */
export class LockingProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #lines: AsyncIterator<string>;

  constructor(folder: string) {
    this.#child = spawn(process.execPath, ['--input-type=module', '-e', source(folder)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#closed = new Promise((resolve) => {
      this.#child.once('close', resolve);
    });
    if (this.#child.stdout === null) throw new Error('no standard output');
    this.#lines = createInterface(this.#child.stdout)[Symbol.asyncIterator]();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Lets it go on. @returns the step that it is about to take, or what has become of the lock */
  async next(): Promise<string> {
    this.#child.stdin?.write('\n');
    return this.said();
  }

  /** What it says first, or next. */
  async said(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('the process has ended');
    return value;
  }

  /** Lets it go on until the lock is taken, released or refused. */
  async toEnd(last: string): Promise<string> {
    let said = last;
    while (!ends.has(said)) said = await this.next();
    return said;
  }

  /** Ends it by SIGKILL, and waits until the system has noticed. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }
}
