import type { NameKind } from './secret-names.js';

/** Limit on nested values, far beyond real documents. */
const DEEPEST = 1000;

/** Meaning of a member for the rules. */
export type Member = 'other' | 'key' | 'value' | 'type' | 'data' | 'user';

/** A piece of the text, in bytes from the beginning of the whole text. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Its first bytes, if they have left the window. */
  readonly head?: string;
}

/** An open object or array. */
export class Frame {
  isArray = false;
  /** Place of its bracket. */
  openedAt = 0;
  /** Index of the element that is being read. */
  index = 0;
  /** Name of the member that is being read. Not a `Piece`, because millions of these would be a lot of garbage. */
  nameStart = -1;
  nameEnd = -1;
  /** First bytes of the name, if they have left the window. */
  nameHead: string | undefined;
  member: Member = 'other';
  /** Kind of secret that the name stands for. */
  kind: NameKind | undefined;
  /** Whether the next string is a member's name. */
  nameIsNext = false;
  /** Notes of the listener about this object. */
  readonly seen: Seen = {};
}

/** Notes about an object such as `{"key": "password", "value": "…", "type": "secret"}`. */
export interface Seen {
  key?: Piece | undefined;
  /** Kind of secret that the text of `key` names. */
  keyKind?: NameKind | undefined;
  value?: Piece | undefined;
  type?: 'secret' | 'Buffer' | undefined;
  /** Whether this entry of an auth block has the secret in `value`. */
  isAuth?: boolean | undefined;
  /** Whether the object has a user name. */
  hasUser?: boolean | undefined;
  /** A password that reads like prose. */
  doubtful?: Piece | undefined;
  doubtfulPlace?: string | undefined;
  /** Columns of passwords, if the object has a row of titles. */
  columns?: readonly number[] | undefined;
}

/** Callbacks of the reader. Positions are bytes from the beginning of the whole text. */
export interface JsonListener {
  onName(start: number, end: number): void;
  onString(start: number, end: number): void;
  /** Called for a number; other literals are never secrets. */
  onNumber(start: number, end: number): void;
  onOpen(at: number): void;
  /**
   * Called in an array, where the listener may read numbers by itself.
   *
   * @param at a place in the window
   * @param to end of the readable part
   * @returns the place where the reader continues: `at`, or the first character that is not part of the numbers
   */
  onPunctuation(at: number, to: number): number;
  /** Called at the end of the innermost frame, while it is still open. */
  onClose(at: number): void;
}

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d];
const [SPACE, FOUR_SPACES] = [0x20, 0x20202020];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Reads JSON, or several JSON texts as in NDJSON, in pieces that may end anywhere. It keeps only the path to the current
 * place. It accepts some invalid JSON, because only the boundaries of strings matter.
 */
export class JsonReader {
  readonly #listener: JsonListener;
  readonly #frames: Frame[] = [];
  #depth = 0;
  #innermost: Frame | undefined;
  /** Place of the next byte to read. */
  #at = 0;
  /** Beginning of the current string or literal. */
  #tokenStart = -1;
  #inString = false;
  #isBroken = false;

  constructor(listener: JsonListener) {
    this.#listener = listener;
  }

  /** Whether the text is not JSON; the reader has stopped then. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Beginning of the current string. */
  get openString(): number | undefined {
    return this.#inString ? this.#tokenStart : undefined;
  }

  /** The open frames, the outermost one first. */
  get open(): readonly Frame[] {
    return this.#frames.slice(0, this.#depth);
  }

  get innermost(): Frame | undefined {
    return this.#innermost;
  }

  get outer(): Frame | undefined {
    return this.#depth < 2 ? undefined : this.#frames[this.#depth - 2];
  }

  /**
   * @param text a window on the whole text
   * @param base beginning of the window
   * @param to end of the part to read, in the window
   */
  read(text: Buffer, base: number, to: number): void {
    // Some files begin with a byte order mark.
    if (this.#at === 0 && text[0] === 0xef) this.#at = 3;
    const view = new DataView(text.buffer, text.byteOffset, text.length);
    let at = this.#at - base;
    if (this.#tokenStart < 0 && this.#innermost?.isArray === true) {
      at = this.#listener.onPunctuation(at, to);
    }
    while (at < to && !this.#isBroken) {
      if (this.#inString) {
        let byte = text[at];
        while (at < to && byte !== QUOTE) {
          // The escaped character may be in the next piece.
          at += byte === BACKSLASH ? 2 : 1;
          byte = text[at];
        }
        if (at >= to) break;
        this.#endString(base + at);
        at++;
        continue;
      }
      let byte = text[at] ?? 0;
      if (this.#tokenStart >= 0) {
        while (at < to && isLiteralByte(byte)) byte = text[++at] ?? 0;
        if (at < to) this.#endLiteral(text, base, at);
        continue;
      }
      // An indented document is mostly spaces, so they are skipped in fours.
      while (at < to - 4 && view.getInt32(at, true) === FOUR_SPACES) at += 4;
      byte = text[at] ?? 0;
      while (byte <= SPACE && at < to - 1) byte = text[++at] ?? 0;
      if (byte === QUOTE) {
        this.#inString = true;
        this.#tokenStart = base + at + 1;
      } else if (byte > 0x20) {
        this.#punctuation(byte, base + at);
        if (this.#innermost?.isArray === true) at = this.#listener.onPunctuation(at + 1, to) - 1;
      }
      at++;
    }
    this.#at = base + at;
  }

  /** Ends the text. */
  end(text: Buffer, base: number): void {
    // If the document was cut off or is invalid from here on, its readable part counts.
    if (this.#tokenStart >= 0 && !this.#isBroken) {
      if (this.#inString) this.#endString(this.#at);
      else this.#endLiteral(text, base, this.#at - base);
    }
    while (this.#depth > 0) this.#close(this.#at);
  }

  #punctuation(byte: number, at: number): void {
    const frame = this.#innermost;
    switch (byte) {
      case OPEN_BRACE:
      case OPEN_BRACKET:
        if (frame?.nameIsNext === true || this.#depth === DEEPEST) this.#isBroken = true;
        else this.#open(byte === OPEN_BRACKET, at);
        return;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (frame?.isArray !== (byte === CLOSE_BRACKET)) this.#isBroken = true;
        else this.#close(at);
        return;
      case COMMA:
        if (frame === undefined) {
          this.#isBroken = true;
        } else if (frame.isArray) {
          frame.index++;
        } else {
          frame.nameIsNext = true;
          frame.member = 'other';
        }
        return;
      case COLON:
        if (frame?.isArray !== false) this.#isBroken = true;
        return;
      default:
        if (isLiteralByte(byte) && frame?.nameIsNext !== true) this.#tokenStart = at;
        else this.#isBroken = true;
    }
  }

  #open(isArray: boolean, at: number): void {
    const frame = (this.#frames[this.#depth] ??= new Frame());
    this.#depth++;
    this.#innermost = frame;
    frame.isArray = isArray;
    frame.openedAt = at;
    frame.index = 0;
    frame.nameStart = -1;
    frame.nameHead = undefined;
    frame.member = 'other';
    frame.kind = undefined;
    frame.nameIsNext = !isArray;
    const { seen } = frame;
    seen.key = undefined;
    seen.keyKind = undefined;
    seen.value = undefined;
    seen.type = undefined;
    seen.isAuth = undefined;
    seen.hasUser = undefined;
    seen.doubtful = undefined;
    seen.doubtfulPlace = undefined;
    seen.columns = undefined;
    this.#listener.onOpen(at);
  }

  #close(at: number): void {
    this.#listener.onClose(at);
    this.#depth--;
    this.#innermost = this.#depth === 0 ? undefined : this.#frames[this.#depth - 1];
  }

  #endString(end: number): void {
    const start = this.#tokenStart;
    this.#inString = false;
    this.#tokenStart = -1;
    const frame = this.#innermost;
    if (frame?.nameIsNext === true) {
      frame.nameIsNext = false;
      frame.nameStart = start;
      frame.nameEnd = end;
      frame.nameHead = undefined;
      this.#listener.onName(start, end);
    } else {
      this.#listener.onString(start, end);
    }
  }

  #endLiteral(text: Buffer, base: number, at: number): void {
    const start = this.#tokenStart;
    this.#tokenStart = -1;
    const first = text[start - base] ?? 0;
    if (first === MINUS || (first >= 0x30 && first <= 0x39)) this.#listener.onNumber(start, base + at);
    // Valid literals are short enough to be in the window.
    else if (!/^(?:true|false|null)$/.test(text.toString('latin1', start - base, at))) this.#isBroken = true;
  }
}

/** Digits, letters, and the signs of numbers. */
const isLiteralByte = (byte: number) =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  byte === MINUS ||
  byte === 0x2b ||
  byte === 0x2e;
