import type { NameKind } from './secret-names.js';

/** A value that JSON texts nest deeper than this is no document of anybody's. */
const DEEPEST = 1000;

/** What a member's name is for. */
export type Member = 'other' | 'key' | 'value' | 'type' | 'data' | 'user';

/** A piece of the text, by bytes from its very start. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Its first bytes, kept where the text has gone on; else they are still at hand. */
  readonly head?: string;
}

/** An object or array that is open. */
export class Frame {
  isArray = false;
  /** Where its bracket is. */
  openedAt = 0;
  /** Of the element that is being read. */
  index = 0;
  /** The name of the member that is being read; a `Piece` for each of millions would be a lot of garbage. */
  nameStart = -1;
  nameEnd = -1;
  /** Its first bytes, where the text has gone on. */
  nameHead: string | undefined;
  member: Member = 'other';
  /** Whether that name is one of a secret. */
  kind: NameKind | undefined;
  /** Whether a string that comes now is a member's name. */
  nameIsNext = false;
  /** For whoever listens: what was seen in this object. */
  readonly seen: Seen = {};
}

/** What was seen of an object such as `{"key": "password", "value": "…", "type": "secret"}`. */
export interface Seen {
  key?: Piece | undefined;
  /** Whether what `key` says is the name of a secret. */
  keyKind?: NameKind | undefined;
  value?: Piece | undefined;
  type?: 'secret' | 'Buffer' | undefined;
  /** Whether its auth block has the secret in `value`, whatever that is. */
  isAuth?: boolean | undefined;
  /** Whether there is a user name. */
  hasUser?: boolean | undefined;
  /** A password that reads like prose. */
  doubtful?: Piece | undefined;
  doubtfulPlace?: string | undefined;
  /** Which elements of lists in it hold passwords, if it has a row of titles. */
  columns?: readonly number[] | undefined;
}

/** Told of what is read; positions are bytes from the very start. */
export interface JsonListener {
  onName(start: number, end: number): void;
  onString(start: number, end: number): void;
  /** A number; other literals are no secrets. */
  onNumber(start: number, end: number): void;
  onOpen(at: number): void;
  /**
   * May read on by itself in an array.
   *
   * @param at a place in the window
   * @param to how far it may read
   * @returns where the reader goes on: at the same place, or where something else than numbers follows
   */
  onPunctuation(at: number, to: number): number;
  /** The innermost frame ends, and is still there. */
  onClose(at: number): void;
}

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d];
const [SPACE, FOUR_SPACES] = [0x20, 0x20202020];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * Reads JSON, or one JSON text after another as in NDJSON, in pieces that may end anywhere. It keeps nothing but the way
 * to where it is, and takes some texts for JSON that are not: what matters is where strings begin and end.
 */
export class JsonReader {
  readonly #listener: JsonListener;
  readonly #frames: Frame[] = [];
  #depth = 0;
  #innermost: Frame | undefined;
  /** Where to go on. */
  #at = 0;
  /** Where the string or literal began that is being read. */
  #tokenStart = -1;
  #inString = false;
  #isBroken = false;

  constructor(listener: JsonListener) {
    this.#listener = listener;
  }

  /** Whether this is no JSON; nothing is read then any more. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Where the string began that is being read, if it is one. */
  get openString(): number | undefined {
    return this.#inString ? this.#tokenStart : undefined;
  }

  /** The frames that are open, the outermost one first. */
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
   * @param base where it begins in it
   * @param to how far to read, in the window
   */
  read(text: Buffer, base: number, to: number): void {
    // A byte order mark, which not everybody leaves away.
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
          // What is escaped may be in the next piece already.
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
      // Of an indented document this is the most: four at a time.
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

  /** Nothing follows. */
  end(text: Buffer, base: number): void {
    // Of a document that was cut off, or is none from here on, what was seen counts.
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
    // A longer one than these has to begin at hand.
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
