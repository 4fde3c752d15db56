import { lstat, rename } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import type { Device } from '../device/device.js';
import { errorCode } from '../error-code.js';
import { StagedFile } from '../secret/staged-file.js';
import { tokenRecord } from '../token/format-token.js';
import type { TokenSet } from '../token/login.js';
import { refusing } from '../secret/not-written.js';

/** Gathered before it is written. */
const PIECE_CHARACTERS = 64 * 1024;

/**
 * The file of a fleet's tokens (0600): JSON where its name ends in `.json`, NDJSON otherwise. It is written beside
 * its place and put there when it is whole.
 */
export class TokenFile {
  readonly #file: string;
  readonly #staged: StagedFile;
  readonly #isJson: boolean;
  #pending = '';
  #writing: Promise<void> = Promise.resolve();
  #count = 0;

  private constructor(file: string, staged: StagedFile) {
    this.#file = file;
    this.#staged = staged;
    this.#isJson = extname(file).toLowerCase() === '.json';
  }

  /** @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN, before anything is sent */
  static async create(file: string): Promise<TokenFile> {
    return refusing(file, async () => {
      if (await isNoFile(file)) throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' });
      return new TokenFile(file, await StagedFile.create(dirname(file), 0o600));
    });
  }

  add(device: Device, tokens: TokenSet): void {
    const record = JSON.stringify(tokenRecord(device, tokens));
    const before = this.#count === 0 ? '[\n' : ',\n';
    this.#pending += this.#isJson ? `${before}${record}` : `${record}\n`;
    this.#count++;
    if (this.#pending.length > PIECE_CHARACTERS) this.#flush();
  }

  /** Puts the file into its place. @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN */
  async commit(): Promise<void> {
    if (this.#isJson) this.#pending += this.#count === 0 ? '[]\n' : '\n]\n';
    this.#flush();
    await refusing(this.#file, async () => {
      await this.#writing;
      await this.#staged.finish();
      await rename(this.#staged.temporary, this.#file);
    });
  }

  /** Leaves nothing behind where it was not put into its place. */
  discard(): Promise<void> {
    return this.#staged.discard();
  }

  #flush(): void {
    const piece = this.#pending;
    this.#pending = '';
    this.#writing = this.#writing.then(() => this.#staged.write(piece));
    // It is told by commit.
    this.#writing.catch(() => undefined);
  }
}

/** A link or folder in its place is somebody else's. */
async function isNoFile(file: string): Promise<boolean> {
  try {
    return !(await lstat(file)).isFile();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
