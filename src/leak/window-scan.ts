import { findAnchors, type Anchor } from './anchors.js';
import { JsonRules, type KnownPlace } from './json-rules.js';
import type { KnownSecrets } from './known-secrets.js';
import { type LeakCode, type Span, mergeSpans } from './leak.js';
import { TableScan } from './tables.js';
import { findAround, TEXT_REACH } from './text-rules.js';

/** Limit on findings, because they take memory. */
const MOST_SPANS = 10_000;

/** Kinds of secrets that do not occur in a binary file by chance. */
const inBinary: ReadonlySet<LeakCode> = new Set<LeakCode>([
  'device-password',
  'private-key',
  'age-identity',
  'postman-api-key',
  'jwt',
]);

type Syntax = 'json' | 'text' | 'binary';

export interface ScanOptions {
  /** Whether the bytes come from a `Buffer` in a file; a `Buffer` in them is not scanned again. */
  readonly isNested?: boolean;
  /** Limit on findings. Default: 10,000. */
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

  /** Bytes of context that are needed around a piece. */
  get reach(): number {
    return Math.max(2 * TEXT_REACH, this.#known.reach);
  }

  get spans(): readonly Span[] {
    return this.#spans.filter(
      ({ code, start }) => code === 'credentials-file' || !this.#tables.isInTable(start),
    );
  }

  /** Whether the limit on findings is reached, so that the rest of the file need not be read. */
  get isFull(): boolean {
    return this.#spans.length >= this.#most;
  }

  /**
   * Scans a piece of the file. Each piece begins at the end of the previous one.
   *
   * @param text a window on the file: the piece with {@link reach} of context on both sides, as far as the file has it
   * @param base beginning of the window in the file
   * @param from beginning of the piece in the window
   * @param to end of the piece in the window
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

  /** Called before the text before a place leaves the window. */
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
    // Findings in the JSON so far are kept. The whole piece is scanned again as text, because the JSON was misread.
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

  /** A name comes from the file, and may itself be a secret. */
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

/** Most answers in a report have no anchors, and cost no more than the search for these. */
function scanNested(bytes: Buffer, known: KnownSecrets): readonly Span[] {
  let mayHoldSecrets = findAnchors(bytes, 0, 0, bytes.length).length > 0;
  known.search(bytes, 0, 0, bytes.length, () => (mayHoldSecrets = true));
  return mayHoldSecrets ? scanWhole(bytes, known, { isNested: true }) : [];
}

/** Finds the secrets of a whole text, in its order and without overlaps. */
export function scanWhole(text: Buffer, known: KnownSecrets, options: ScanOptions = {}): readonly Span[] {
  const scan = new WindowScan(known, options);
  scan.scan(text, 0, 0, text.length, true);
  return mergeSpans(scan.spans);
}

/** Guesses the syntax from the first bytes. A text that begins like JSON is read as JSON until that fails. */
function syntaxOf(text: Buffer): Syntax {
  const head = text.toString('latin1', 0, 8192);
  if (head.includes('\0')) return 'binary';
  return /^(?:\u00ef\u00bb\u00bf)?\s*[[{]/.test(head) ? 'json' : 'text';
}
