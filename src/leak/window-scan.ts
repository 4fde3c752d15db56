import { findAnchors, type Anchor } from './anchors.js';
import { JsonRules, type KnownPlace } from './json-rules.js';
import type { KnownSecrets } from './known-secrets.js';
import { type LeakCode, type Span, mergeSpans } from './leak.js';
import { TableScan } from './tables.js';
import { findAround, TEXT_REACH } from './text-rules.js';

/** More are not listed: nobody reads them, and they take memory. */
const MOST_SPANS = 10_000;

/** What cannot be found in a binary file by chance. */
const inBinary: ReadonlySet<LeakCode> = new Set<LeakCode>([
  'device-password',
  'private-key',
  'age-identity',
  'postman-api-key',
  'jwt',
]);

type Syntax = 'json' | 'text' | 'binary';

export interface ScanOptions {
  /** These are bytes inside of a file; such bytes in them are not looked into. */
  readonly isNested?: boolean;
  /** How much is found at most. Default: 10,000. */
  readonly most?: number;
}

/** Finds secrets in one file, window after window. */
export class WindowScan {
  readonly #known: KnownSecrets;
  readonly #isNested: boolean;
  readonly #most: number;
  readonly #spans: Span[] = [];
  readonly #tables = new TableScan((span) => this.#add(span));
  #syntax: Syntax | undefined;
  #json: JsonRules | undefined;

  constructor(known: KnownSecrets, { isNested = false, most = MOST_SPANS }: ScanOptions = {}) {
    this.#known = known;
    this.#isNested = isNested;
    this.#most = most;
  }

  /** How much of the text has to be known around what is looked at, in bytes. */
  get reach(): number {
    return Math.max(2 * TEXT_REACH, this.#known.reach);
  }

  get spans(): readonly Span[] {
    return this.#spans.filter(
      ({ code, start }) => code === 'credentials-file' || !this.#tables.isInTable(start),
    );
  }

  /** Whether there are too many to list; the rest of the file need not be read. */
  get isFull(): boolean {
    return this.#spans.length >= this.#most;
  }

  /**
   * Looks at a piece of the file; each begins where the one before it ended.
   *
   * @param text a window on the file: the piece, and {@link reach} before and behind it where there is so much
   * @param base where the window begins in the file
   * @param from where the piece begins in the window
   * @param to where it ends
   */
  scan(text: Buffer, base: number, from: number, to: number, isLast: boolean): void {
    this.#syntax ??= syntaxOf(text);
    const known: KnownPlace[] = [];
    this.#known.search(text, base, from, to, (start, end, device) => {
      const span: Span = { code: 'device-password', start: base + start, end: base + end, device };
      this.#add(span);
      if (!this.isFull) known.push({ kind: 'known', at: start, ...span });
    });
    const anchors = findAnchors(text, base, from, to);
    if (this.#syntax === 'json') this.#scanJson(text, base, to, anchors, known, isLast);
    else this.#scanText(text, base, anchors, isLast);
  }

  /** The text before a place goes away. */
  forgetBefore(place: number): void {
    this.#json?.forgetBefore(place);
  }

  #scanJson(
    text: Buffer,
    base: number,
    to: number,
    anchors: readonly Anchor[],
    known: readonly KnownPlace[],
    isLast: boolean,
  ): void {
    this.#json ??= new JsonRules({
      onSpan: (span) => this.#add(span),
      scanBytes: (bytes) => (this.#isNested ? [] : scanNested(bytes, this.#known)),
      showName: (name) => this.#showName(name),
    });
    const places = known.length === 0 ? anchors : [...anchors, ...known].toSorted((a, b) => a.at - b.at);
    this.#json.read(text, base, to, places, isLast);
    if (!this.#json.isBroken) return;
    // What was read as JSON so far was found; the rest of the piece, and what it may have been wrong about, comes again.
    this.#syntax = 'text';
    this.#json = undefined;
    this.#scanText(text, base, anchors, isLast);
  }

  #scanText(text: Buffer, base: number, anchors: readonly Anchor[], isLast: boolean): void {
    if (this.#syntax === 'text') this.#tables.scan(text, base, anchors, isLast);
    for (const anchor of anchors) {
      for (const { code, start, end, blank } of findAround(text, anchor, 0, text.length)) {
        if (this.#syntax !== 'binary' || inBinary.has(code)) {
          this.#add({ code, start: base + start, end: base + end, blank });
        }
      }
    }
  }

  #add(span: Span): void {
    if (!this.isFull) this.#spans.push(span);
  }

  /** Names are somebody else's text, and in the worst case a secret. */
  #showName(name: string): string {
    const bytes = Buffer.from(`"${name}"`);
    let isSecret = name.length > 60;
    this.#known.search(bytes, 0, 0, bytes.length, () => (isSecret = true));
    for (const anchor of findAnchors(bytes, 0, 0, bytes.length)) {
      if (findAround(bytes, anchor, 0, bytes.length).length > 0) isSecret = true;
    }
    return isSecret ? '…' : name;
  }
}

/** Of the answers in a report, most have nothing in them to look at: those cost no more than the search for it. */
function scanNested(bytes: Buffer, known: KnownSecrets): readonly Span[] {
  let isWorthIt = findAnchors(bytes, 0, 0, bytes.length).length > 0;
  known.search(bytes, 0, 0, bytes.length, () => (isWorthIt = true));
  return isWorthIt ? scanWhole(bytes, known, { isNested: true }) : [];
}

/** Finds the secrets of a text that is in memory as a whole, in their order; none overlap. */
export function scanWhole(text: Buffer, known: KnownSecrets, options: ScanOptions = {}): readonly Span[] {
  const scan = new WindowScan(known, options);
  scan.scan(text, 0, 0, text.length, true);
  return mergeSpans(scan.spans);
}

/** By the first bytes: what begins like JSON is read as such until it proves to be none. */
function syntaxOf(text: Buffer): Syntax {
  const head = text.toString('latin1', 0, 8192);
  if (head.includes('\0')) return 'binary';
  return /^(?:\u00ef\u00bb\u00bf)?\s*[[{]/.test(head) ? 'json' : 'text';
}
