import type { KnownSecrets } from './known-secrets.js';
import type { Span } from './leak.js';
import { mergeSpans } from './merge-spans.js';
import { WindowScan } from './window-scan.js';

/** How much is looked at in one go, in bytes: it fits into a processor's cache. */
const PIECE = 2 ** 20;

/** What most files need; it grows with those that need more. */
const FIRST_WINDOW = 2 ** 16;

/** Finds secrets in a file that comes in parts of any size; it holds little more than a mebibyte of it. */
export class FileScan {
  readonly #scan: WindowScan;
  readonly #most: number;
  #window: Buffer;
  #base = 0;
  /** How much of the window is filled. */
  #filled = 0;
  /** Up to where it was looked at. */
  #done = 0;

  /** @param piece how much is looked at in one go, in bytes */
  constructor(known: KnownSecrets, { piece = PIECE }: { readonly piece?: number } = {}) {
    this.#scan = new WindowScan(known);
    this.#most = piece + 2 * this.#scan.reach;
    this.#window = Buffer.allocUnsafe(Math.min(FIRST_WINDOW, this.#most));
  }

  /** Whether so much was found that the rest need not be read. */
  get isFull(): boolean {
    return this.#scan.isFull;
  }

  push(part: Buffer): void {
    for (let at = 0; at < part.length && !this.isFull;) {
      const taken = part.copy(this.#window, this.#filled, at);
      at += taken;
      this.#filled += taken;
      if (this.#filled < this.#window.length) continue;
      if (this.#window.length < this.#most) this.#grow();
      else this.#advance();
    }
  }

  /** @returns what was found, in the order of the file */
  end(): readonly Span[] {
    const rest = this.#window.subarray(0, this.#filled);
    if (!this.isFull) this.#scan.scan(rest, this.#base, this.#done, rest.length, true);
    return mergeSpans(this.#scan.spans);
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(Math.min(4 * this.#window.length, this.#most));
    this.#window.copy(larger);
    this.#window = larger;
  }

  #advance(): void {
    const { reach } = this.#scan;
    const to = this.#filled - reach;
    this.#scan.scan(this.#window, this.#base, this.#done, to, false);
    const kept = Math.max(0, to - reach);
    this.#scan.forgetBefore(this.#base + kept);
    this.#window.copyWithin(0, kept, this.#filled);
    this.#base += kept;
    this.#filled -= kept;
    this.#done = to - kept;
  }
}
