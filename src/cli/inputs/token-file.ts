import { extname } from 'node:path';
import type { Device } from '../../device/device.js';
import { withWriteErrors } from '../../files/errors.js';
import { PrivateFile } from '../../files/private-file.js';
import { tokenRecord } from '../../token/format-token.js';
import type { TokenSet } from '../../token/engine.js';

/** Text that is collected before it is written. */
const PIECE_CHARACTERS = 64 * 1024;

/**
 * The file of a fleet's tokens (0600): JSON if its name ends in `.json`, NDJSON otherwise. It is moved to its place when
 * it is complete.
 */
export class TokenFile {
  readonly #file: string;
  readonly #staged: PrivateFile;
  readonly #isJson: boolean;
  #pending = '';
  #writing: Promise<void> = Promise.resolve();
  #count = 0;

  private constructor(file: string, staged: PrivateFile) {
    this.#file = file;
    this.#staged = staged;
    this.#isJson = extname(file).toLowerCase() === '.json';
  }

  /** @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN, before anything is sent */
  static async create(file: string): Promise<TokenFile> {
    return withWriteErrors(file, async () => new TokenFile(file, await PrivateFile.create(file)));
  }

  add(device: Device, tokens: TokenSet): void {
    const record = JSON.stringify(tokenRecord(device, tokens));
    const before = this.#count === 0 ? '[\n' : ',\n';
    this.#pending += this.#isJson ? `${before}${record}` : `${record}\n`;
    this.#count++;
    if (this.#pending.length > PIECE_CHARACTERS) this.#flush();
  }

  /** Moves the file to its place. @throws {BiotzPostmanError} OUTPUT_NOT_WRITTEN */
  async commit(): Promise<void> {
    if (this.#isJson) this.#pending += this.#count === 0 ? '[]\n' : '\n]\n';
    this.#flush();
    await withWriteErrors(this.#file, async () => {
      await this.#writing;
      await this.#staged.commit();
    });
  }

  /** Removes the file, unless it was moved to its place. */
  discard(): Promise<void> {
    return this.#staged.discard();
  }

  #flush(): void {
    const piece = this.#pending;
    this.#pending = '';
    this.#writing = this.#writing.then(() => this.#staged.write(piece));
    // `commit` reports the error.
    this.#writing.catch(() => undefined);
  }
}
