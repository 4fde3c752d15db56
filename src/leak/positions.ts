const [LINE_FEED, CARRIAGE_RETURN] = [0x0a, 0x0d];

/** Place of a byte, as an editor shows it. */
export interface Position {
  /** Counted from 1. */
  readonly line: number;
  /** In characters (code points), counted from 1. */
  readonly column: number;
}

/** Finds lines and columns in a UTF-8 text that comes in parts. This second pass runs only for files with findings. */
export class Positions {
  readonly #offsets: readonly number[];
  readonly #found: Position[] = [];
  #at = 0;
  #line = 1;
  #column = 1;
  #isAfterReturn = false;

  /** @param offsets in bytes, ascending */
  constructor(offsets: readonly number[]) {
    this.#offsets = offsets;
  }

  /** Positions of the offsets that the text has reached, in their order. */
  get found(): readonly Position[] {
    return this.#found;
  }

  get isDone(): boolean {
    return this.#found.length === this.#offsets.length;
  }

  push(part: Buffer): void {
    const end = this.#at + part.length;
    let from = 0;
    while (!this.isDone) {
      const next = this.#offsets[this.#found.length] ?? 0;
      if (next >= end) break;
      this.#count(part, from, next - this.#at);
      from = next - this.#at;
      this.#endReturn(part[from]);
      this.#found.push({ line: this.#line, column: this.#column });
    }
    if (!this.isDone) this.#count(part, from, part.length);
    this.#at = end;
  }

  #count(part: Buffer, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const byte = part[at] ?? 0;
      this.#endReturn(byte);
      this.#isAfterReturn = byte === CARRIAGE_RETURN;
      if (byte === LINE_FEED) {
        this.#line++;
        this.#column = 1;
      } else if ((byte & 0xc0) !== 0x80) {
        // All bytes of a character but the first are 10xxxxxx (RFC 3629, 3).
        this.#column++;
      }
    }
  }

  /** A carriage return ends a line unless a line feed follows. */
  #endReturn(next: number | undefined): void {
    if (!this.#isAfterReturn || next === LINE_FEED) return;
    this.#isAfterReturn = false;
    this.#line++;
    this.#column = 1;
  }
}
