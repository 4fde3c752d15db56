import type { Anchor } from './anchors.js';
import { ByteArray } from './byte-array.js';
import { JsonReader, type Frame, type JsonListener, type Piece, type Seen } from './json-reader.js';
import { decodeName, isFilled, isProse, nameKind, type NameKind } from './secret-names.js';
import { memberNamed, isListedSecret, isSecret, isTitle, oneOf } from './json-names.js';
import type { LeakCode, Span } from './leak.js';
import { findAround } from './text-rules.js';

/** How much of a name or value is asked for; a longer one is a value for certain. In bytes. */
const HEAD = 256;

/**
 * What is a secret in a kind of auth block although its name alone says little. One of `apikey` names the header by one
 * entry and has its value in another.
 *
 * @see https://schema.postman.com/json/collection/v2.1.0/collection.json
 */
const authSecrets: ReadonlyMap<string, string> = new Map([
  ['apikey', 'value'],
  ['bearer', 'token'],
  ['jwt', 'secret'],
]);
const LONGEST_AUTH_KEY = 6;

/** A secret that was found already, for the way to it. */
export interface KnownPlace extends Span {
  readonly kind: 'known';
  /** Where it begins in the window. */
  readonly at: number;
}

export type Place = Anchor | KnownPlace;

const nothing: Buffer = Buffer.alloc(0);

/** What the rules need from whoever goes through the file. */
export interface JsonContext {
  /** Told of each secret. */
  onSpan(span: Span): void;
  /** Looks into the bytes that a `Buffer` stands for. */
  scanBytes(bytes: Buffer): readonly Span[];
  /** A member's name as it may be shown: it may be a secret itself. */
  showName(name: string): string;
}

/**
 * Finds secrets in JSON by its members: a variable typed `secret`, a value whose member or `key` is named like a secret,
 * the bytes of a `Buffer` (so Newman's JSON report holds each answer); and by the text of each string.
 *
 * Only strings with an anchor in them are looked at: what is named like a secret always has one.
 */
export class JsonRules implements JsonListener {
  readonly #context: JsonContext;
  readonly #reader = new JsonReader(this);
  #text = nothing;
  #base = 0;
  #anchors: readonly Place[] = [];
  #nextAnchor = 0;
  /** Those in a string that goes on: it may be a name. */
  #carried: readonly Place[] = [];
  /** The string that is being read, where the text has gone on since it began. */
  #cut: Piece | undefined;
  /** The array of bytes that is being read. */
  #bytes: ByteArray | undefined;
  /** One for all: a report has many. */
  #spareBytes: ByteArray | undefined;

  constructor(context: JsonContext) {
    this.#context = context;
  }

  /** Whether this is no JSON, or no longer. */
  get isBroken(): boolean {
    return this.#reader.isBroken;
  }

  /**
   * Goes on to a place in a window on the text.
   *
   * @param anchors those up to there, which were not given before
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
      this.#lookInto(openString, base + to, base + text.length);
    }
    this.#carried =
      openString === undefined || base + to - openString > HEAD
        ? []
        : this.#anchors.filter(({ at }) => base + at >= openString);
    if (isLast || this.isBroken) this.#reader.end(text, base);
  }

  /** Keeps what is still needed of the text before a place: it goes away. */
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
    const piece = { start: openString, end: Infinity };
    this.#cut = { ...piece, head: this.#textOf(piece) };
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
      this.#inMember(frame, this.#piece(start, end), hasAnchor);
    }
    const named = frame === undefined ? undefined : this.#kindAround(frame);
    if (named !== undefined && end > start) this.#judgeInside(named, this.#piece(start, end));
    if (frame?.isArray === true) this.#inRow(frame, this.#piece(start, end), hasAnchor);
    if (hasAnchor) this.#lookInto(start, end, end);
  }

  /** A cell of a table: its titles are the first of several lists, or a list beside these. */
  #inRow(row: Frame, piece: Piece, hasAnchor: boolean): void {
    const { outer } = this.#reader;
    if (outer === undefined) return;
    const columns = outer.isArray
      ? (outer.seen.columns ?? this.#reader.open.at(-3)?.seen.columns)
      : undefined;
    if (columns?.includes(row.index) === true && piece.end > piece.start) this.#judgeInside('strong', piece);
    else if (hasAnchor && (!outer.isArray || outer.index === 0) && isTitle(this.#textOf(piece)))
      outer.seen.columns = [...(outer.seen.columns ?? []), row.index];
  }

  /** The name of the list or object that a value is in: `{"password": ["…"]}`, `{"password": {"value": "…"}}`. */
  #kindAround(frame: Frame): NameKind | undefined {
    if (!frame.isArray && frame.member !== 'value') return undefined;
    const { outer } = this.#reader;
    return outer?.isArray === false ? outer.kind : undefined;
  }

  /** What is listed under the name of a secret, or in its column. */
  #judgeInside(kind: NameKind, piece: Piece): void {
    if (!isListedSecret(this.#textOf(piece), kind)) return;
    const { start, end } = piece;
    this.#report({ code: 'secret-in-clear', start, end, blank: '' });
  }

  #inMember(frame: Frame, piece: Piece, hasAnchor: boolean): void {
    const { seen } = frame;
    switch (frame.member) {
      case 'key':
        seen.key = piece;
        seen.keyKind = hasAnchor ? nameKind(decodeName(this.#textOf(piece))) : undefined;
        if (piece.end - piece.start <= LONGEST_AUTH_KEY) seen.isAuth = this.#isAuthSecret(piece);
        return;
      case 'value':
        seen.value = piece;
        return;
      case 'type':
        if (piece.end - piece.start !== 6) return;
        seen.type = oneOf(this.#textOf(piece), 'secret', 'Buffer');
        return;
      case 'data':
      case 'user':
      case 'other':
        if (frame.kind === undefined || piece.end === piece.start) return;
        this.#judge(this.#textOf(piece), frame.kind, piece, seen);
    }
  }

  /** The value of a member that is named like a secret. */
  #judge(value: string, kind: NameKind, piece: Piece, seen: Seen): void {
    const { start, end } = piece;
    if (isSecret(value, kind, false)) this.#report({ code: 'secret-in-clear', start, end, blank: '' });
    else if (kind === 'strong' && isProse(value) && !/passw/i.test(value)) {
      seen.doubtful = piece;
      seen.doubtfulPlace = this.#placeOf(this.#reader.open);
    }
  }

  onNumber(start: number, end: number): void {
    const frame = this.#reader.innermost;
    if (frame === undefined || frame.isArray) return;
    const piece = this.#piece(start, end);
    if (frame.member === 'value') frame.seen.value = piece;
    // Fewer digits are a length, a limit or a flag.
    else if (frame.kind === 'strong' && end - start >= 6)
      this.#report({ code: 'secret-in-clear', start, end, blank: '""' });
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
    const { value, key, keyKind, type, isAuth, hasUser, doubtful } = frame.seen;
    // Beside a user name, as in iteration data, no password is prose.
    if (hasUser === true && doubtful !== undefined) {
      const { start, end } = doubtful;
      this.#context.onSpan({
        code: 'secret-in-clear',
        start,
        end,
        blank: '',
        place: frame.seen.doubtfulPlace,
      });
    }
    if (value === undefined || value.end === value.start) return;
    const name = key && this.#textOf(key);
    if (type === 'secret') {
      if (isFilled(this.#textOf(value))) this.#reportValue('secret-variable', value, name);
      return;
    }
    const kind = isAuth === true || this.#isApiKey() ? 'strong' : keyKind;
    if (kind !== undefined && isSecret(this.#textOf(value), kind, true)) {
      this.#reportValue('secret-in-clear', value, name);
    }
  }

  /** In an auth block of format 2.1, whose entries are objects in an array. */
  #isAuthSecret(key: Piece): boolean {
    const owner = this.#reader.open.at(-3);
    if (owner === undefined || owner.nameStart < 0) return false;
    return authSecrets.get(this.#textOf(nameOf(owner))) === this.#textOf(key);
  }

  /** In one of format 2.0, which is an object. */
  #isApiKey(): boolean {
    const owner = this.#reader.open.at(-2);
    if (owner === undefined || owner.nameEnd - owner.nameStart !== 6) return false;
    return this.#textOf(nameOf(owner)) === 'apikey';
  }

  /** Runs the rules for text at the anchors of a string, up to a place. */
  #lookInto(start: number, to: number, high: number): void {
    for (let anchor = this.#anchors[this.#nextAnchor]; anchor; anchor = this.#anchors[++this.#nextAnchor]) {
      if (this.#base + anchor.at >= to) return;
      const low = Math.max(0, start - this.#base);
      if (anchor.at < low) continue;
      if (anchor.kind === 'known') {
        this.#report(anchor);
        continue;
      }
      for (const found of findAround(this.#text, anchor, low, high - this.#base)) {
        const { code, start, end } = found;
        this.#report({ code, start: this.#base + start, end: this.#base + end });
      }
    }
  }

  /** Passes over the anchors before a string. */
  #hasAnchor(start: number, end: number): boolean {
    let anchor = this.#anchors[this.#nextAnchor];
    while (anchor !== undefined && this.#base + anchor.at < start) anchor = this.#anchors[++this.#nextAnchor];
    return anchor !== undefined && this.#base + anchor.at < end;
  }

  #endBytes(bytes: ByteArray, at: number): void {
    this.#bytes = undefined;
    const found = bytes.end();
    // Most answers have nothing in them, and need no place.
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

  /** Something found in an object's `value`. */
  #reportValue(code: LeakCode, { start, end }: Piece, name: string | undefined): void {
    const frames = this.#reader.open;
    const named = name === undefined ? '' : ` "${this.#context.showName(name)}"`;
    const place = this.#placeOf(frames.slice(0, -1)) + named;
    // A number needs quotes to be emptied.
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
