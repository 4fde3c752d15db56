import type { Anchor } from './anchors.js';
import { ByteArray } from './byte-array.js';
import { isListedSecret, isSecret, isTitle, memberNamed, oneOf } from './json-names.js';
import { JsonReader, type Frame, type JsonListener, type Piece } from './json-reader.js';
import type { LeakCode, Span } from './leak.js';
import { decodeName, isFilled, isProse, nameKind, type NameKind } from './secret-names.js';
import { findAround } from './text-rules.js';

/** Bytes of a name or value that the rules look at; a longer value is judged by its beginning. */
const HEAD = 256;

/**
 * Members of Postman's auth blocks that hold a secret although their names alone say little. A block of type `apikey` has
 * the header's name in one entry and its value in another.
 *
 * @see https://schema.postman.com/json/collection/v2.1.0/collection.json
 */
const authSecrets: ReadonlyMap<string, string> = new Map([
  ['apikey', 'value'],
  ['bearer', 'token'],
  ['jwt', 'secret'],
]);
const LONGEST_AUTH_KEY = 6;

/** A secret that was already found, whose place in the document is still missing. */
export interface KnownPlace extends Span {
  readonly kind: 'known';
  /** Its beginning in the window. */
  readonly at: number;
}

type Place = Anchor | KnownPlace;

/** Callbacks of the scan of the whole file. */
export interface JsonContext {
  /** Called for each secret. */
  onSpan(span: Span): void;
  /** Scans the bytes that a `Buffer` stands for. */
  scanBytes(bytes: Buffer): readonly Span[];
  /** Makes a member's name fit to be shown: it may be a secret itself. */
  showName(name: string): string;
}

/**
 * Finds secrets in JSON by its members: a variable of type `secret`, a value whose member or `key` is named like a secret,
 * the bytes of a `Buffer` (in which Newman's JSON report holds each answer). The text of each string is scanned as well.
 *
 * Only strings with an anchor in them are examined: the name of a secret always has one.
 */
export class JsonRules implements JsonListener {
  readonly #context: JsonContext;
  readonly #reader = new JsonReader(this);
  #text: Buffer = Buffer.alloc(0);
  #base = 0;
  #anchors: readonly Place[] = [];
  #nextAnchor = 0;
  /** Anchors in an unfinished string, which may be a name. */
  #carried: readonly Place[] = [];
  /** Beginning of an unfinished string whose text has left the window. */
  #cut: Piece | undefined;
  /** The array of bytes that is being read. */
  #bytes: ByteArray | undefined;
  /** Reused for all arrays, because a report has many. */
  #spareBytes: ByteArray | undefined;

  constructor(context: JsonContext) {
    this.#context = context;
  }

  /** Whether the text is not JSON, or no longer. */
  get isBroken(): boolean {
    return this.#reader.isBroken;
  }

  /**
   * Reads on to a place in a window on the text.
   *
   * @param anchors those before that place which were not passed before
   */
  read(text: Buffer, base: number, to: number, anchors: readonly Place[], isLast: boolean): void {
    const carried = this.#carried.map((anchor) => ({ ...anchor, at: anchor.at + this.#base - base }));
    this.#text = text;
    this.#base = base;
    this.#anchors = carried.length === 0 ? anchors : [...carried, ...anchors];
    this.#nextAnchor = 0;
    this.#reader.read(text, base, to);
    const { openString } = this.#reader;
    if (openString !== undefined && this.#reader.innermost?.nameIsNext !== true) {
      this.#scanText(openString, base + to, base + text.length);
    }
    this.#carried =
      openString === undefined || base + to - openString > HEAD
        ? []
        : this.#anchors.filter(({ at }) => base + at >= openString);
    if (isLast || this.isBroken) this.#reader.end(text, base);
  }

  /** Keeps the parts that are still needed of the text before a place, which leaves the window. */
  forgetBefore(place: number): void {
    const keep = (piece: Piece): Piece =>
      piece.start >= place || piece.head !== undefined ? piece : { ...piece, head: this.#textOf(piece) };
    for (const frame of this.#reader.open) {
      const { seen } = frame;
      if (frame.nameStart >= 0) frame.nameHead = keep(nameOf(frame)).head;
      seen.key &&= keep(seen.key);
      seen.value &&= keep(seen.value);
      seen.doubtful &&= keep(seen.doubtful);
    }
    const { openString } = this.#reader;
    if (openString === undefined || openString >= place || openString === this.#cut?.start) return;
    this.#cut = keep({ start: openString, end: Infinity });
  }

  onName(start: number, end: number): void {
    const frame = this.#reader.innermost;
    if (frame === undefined) return;
    if (start === this.#cut?.start) frame.nameHead = this.#piece(start, end).head;
    frame.member = memberNamed(this.#text, start - this.#base, end - start);
    if (frame.member === 'user') frame.seen.hasUser = true;
    frame.kind = this.#hasAnchor(start, end) ? nameKind(decodeName(this.#textOf(nameOf(frame)))) : undefined;
  }

  onString(start: number, end: number): void {
    const frame = this.#reader.innermost;
    const hasAnchor = this.#hasAnchor(start, end);
    if (frame !== undefined && (frame.member !== 'other' || frame.kind !== undefined)) {
      this.#scanMember(frame, this.#piece(start, end), hasAnchor);
    }
    const named = frame === undefined ? undefined : this.#kindAround(frame);
    if (named !== undefined && end > start) this.#scanListed(named, this.#piece(start, end));
    if (frame?.isArray === true) this.#scanCell(frame, this.#piece(start, end), hasAnchor);
    if (hasAnchor) this.#scanText(start, end, end);
  }

  /** Scans a cell of a table, whose titles are the first of several lists, or a list beside these. */
  #scanCell(row: Frame, piece: Piece, hasAnchor: boolean): void {
    const { outer } = this.#reader;
    if (outer === undefined) return;
    const columns = outer.isArray
      ? (outer.seen.columns ?? this.#reader.open.at(-3)?.seen.columns)
      : undefined;
    if (columns?.includes(row.index) === true && piece.end > piece.start) this.#scanListed('strong', piece);
    else if (hasAnchor && (!outer.isArray || outer.index === 0) && isTitle(this.#textOf(piece)))
      outer.seen.columns = [...(outer.seen.columns ?? []), row.index];
  }

  /** Kind of the list or object around a value: `{"password": ["…"]}`, `{"password": {"value": "…"}}`. */
  #kindAround(frame: Frame): NameKind | undefined {
    if (!frame.isArray && frame.member !== 'value') return undefined;
    const { outer } = this.#reader;
    return outer?.isArray === false ? outer.kind : undefined;
  }

  /** Scans a value in a list or column that is named like a secret. */
  #scanListed(kind: NameKind, piece: Piece): void {
    if (isListedSecret(this.#textOf(piece), kind)) this.#reportNamed(piece);
  }

  #scanMember({ member, kind, seen }: Frame, piece: Piece, hasAnchor: boolean): void {
    const length = piece.end - piece.start;
    if (member === 'key') {
      seen.key = piece;
      seen.keyKind = hasAnchor ? nameKind(decodeName(this.#textOf(piece))) : undefined;
      if (length <= LONGEST_AUTH_KEY) seen.isAuth = this.#isAuthSecret(piece);
    } else if (member === 'value') {
      seen.value = piece;
    } else if (member === 'type') {
      if (length === 6) seen.type = oneOf(this.#textOf(piece), 'secret', 'Buffer');
    } else if (kind !== undefined && length > 0) {
      const value = this.#textOf(piece);
      if (isSecret(value, kind, false)) this.#reportNamed(piece);
      else if (kind === 'strong' && isProse(value) && !/passw/i.test(value)) {
        seen.doubtful = piece;
        seen.doubtfulPlace = this.#placeOf(this.#reader.open);
      }
    }
  }

  onNumber(start: number, end: number): void {
    const frame = this.#reader.innermost;
    if (frame === undefined || frame.isArray) return;
    const piece = this.#piece(start, end);
    if (frame.member === 'value') frame.seen.value = piece;
    // A number with fewer digits is a length, a limit or a flag.
    else if (frame.kind === 'strong' && end - start >= 6) this.#reportNamed(piece, '""');
  }

  onPunctuation(at: number, to: number): number {
    return this.#bytes === undefined ? at : this.#bytes.read(this.#text, at, to);
  }

  onOpen(): void {
    const { innermost, outer } = this.#reader;
    const isBytes = outer?.isArray === false && outer.member === 'data' && outer.seen.type === 'Buffer';
    if (innermost?.isArray !== true || !isBytes) return;
    this.#spareBytes ??= new ByteArray((bytes) => this.#context.scanBytes(bytes));
    this.#bytes = this.#spareBytes;
  }

  onClose(at: number): void {
    const frame = this.#reader.innermost;
    if (frame === undefined) return;
    if (frame.isArray) {
      if (this.#bytes !== undefined) this.#endBytes(this.#bytes, at);
      return;
    }
    const { value, key, keyKind, type, isAuth, hasUser, doubtful, doubtfulPlace } = frame.seen;
    // Beside a user name, as in iteration data, a password is never prose.
    if (hasUser === true && doubtful !== undefined) this.#reportNamed(doubtful, '', doubtfulPlace);
    if (value === undefined || value.end === value.start) return;
    const name = key && this.#textOf(key);
    if (type === 'secret') {
      if (isFilled(this.#textOf(value))) this.#reportValue('secret-variable', value, name);
      return;
    }
    // In format 2.0 an auth block of type `apikey` is an object.
    const kind = isAuth === true || this.#ownerOf(2) === 'apikey' ? 'strong' : keyKind;
    if (kind !== undefined && isSecret(this.#textOf(value), kind, true)) {
      this.#reportValue('secret-in-clear', value, name);
    }
  }

  /** Whether an entry of an auth block holds its secret. In format 2.1, the entries are objects in an array. */
  #isAuthSecret(key: Piece): boolean {
    const owner = this.#ownerOf(3);
    return owner !== undefined && authSecrets.get(owner) === this.#textOf(key);
  }

  /** The member name of an open frame, if it is short enough for an auth block. @param depth 1 for the innermost frame */
  #ownerOf(depth: number): string | undefined {
    const owner = this.#reader.open.at(-depth);
    if (owner === undefined || owner.nameStart < 0 || owner.nameEnd - owner.nameStart > LONGEST_AUTH_KEY)
      return undefined;
    return this.#textOf(nameOf(owner));
  }

  /** Applies the rules for text to the anchors of a string, up to a place. */
  #scanText(start: number, to: number, high: number): void {
    for (let anchor = this.#anchors[this.#nextAnchor]; anchor; anchor = this.#anchors[++this.#nextAnchor]) {
      if (this.#base + anchor.at >= to) return;
      const low = Math.max(0, start - this.#base);
      if (anchor.at < low) continue;
      if (anchor.kind === 'known') {
        this.#report(anchor);
        continue;
      }
      for (const { code, start, end } of findAround(this.#text, anchor, low, high - this.#base)) {
        this.#report({ code, start: this.#base + start, end: this.#base + end });
      }
    }
  }

  /** Skips the anchors before a string. */
  #hasAnchor(start: number, end: number): boolean {
    let anchor = this.#anchors[this.#nextAnchor];
    while (anchor !== undefined && this.#base + anchor.at < start) anchor = this.#anchors[++this.#nextAnchor];
    return anchor !== undefined && this.#base + anchor.at < end;
  }

  #endBytes(bytes: ByteArray, at: number): void {
    this.#bytes = undefined;
    const found = bytes.end();
    // Most answers hold no secret, and need no place.
    if (found.length === 0) return;
    const open = this.#reader.innermost?.openedAt ?? at;
    const place = this.#placeOf(this.#reader.open.slice(0, -2));
    for (const { code, device } of found) {
      this.#context.onSpan({ code, device, place, start: open + 1, end: at, blank: '' });
    }
  }

  #report({ code, start, end, blank, device }: Span): void {
    this.#context.onSpan({ code, start, end, blank, device, place: this.#placeOf(this.#reader.open) });
  }

  /** Reports a value that is named like a secret. */
  #reportNamed({ start, end }: Piece, blank = '', place = this.#placeOf(this.#reader.open)): void {
    this.#context.onSpan({ code: 'secret-in-clear', start, end, blank, place });
  }

  /** Reports the `value` of an object. */
  #reportValue(code: LeakCode, { start, end }: Piece, name: string | undefined): void {
    const named = name === undefined ? '' : ` "${this.#context.showName(name)}"`;
    const place = this.#placeOf(this.#reader.open.slice(0, -1)) + named;
    // A number is replaced by an empty string with its quotes.
    const isQuoted = start - this.#base <= 0 || this.#text[start - this.#base - 1] === 0x22;
    this.#context.onSpan({ code, start, end, place, blank: isQuoted ? '' : '""' });
  }

  #placeOf(frames: readonly Frame[]): string {
    let place = '';
    for (const frame of frames) {
      if (frame.isArray) place += `[${frame.index}]`;
      else if (frame.nameStart >= 0) place += `.${this.#context.showName(this.#textOf(nameOf(frame)))}`;
    }
    return place.replace(/^\./, '');
  }

  #piece(start: number, end: number): Piece {
    return start === this.#cut?.start && this.#cut.head !== undefined
      ? { start, end, head: this.#cut.head.slice(0, end - start) }
      : { start, end };
  }

  #textOf({ start, end, head }: Piece): string {
    if (head !== undefined) return head;
    const from = start - this.#base;
    return this.#text.toString('utf8', Math.max(0, from), Math.min(end - this.#base, from + HEAD));
  }
}

const nameOf = ({ nameStart, nameEnd, nameHead }: Frame): Piece => ({
  start: nameStart,
  end: nameEnd,
  ...(nameHead !== undefined && { head: nameHead }),
});
