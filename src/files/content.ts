export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Kinds of files other than text and workbooks: `age` for a file that was encrypted twice, `unknown` for text with NUL bytes. */
export type BinaryKind = 'xls' | 'pdf' | 'gzip' | 'age' | 'unknown';

/**
 * Forms of an encrypted file. `re-encoded`: the binary form after a program has taken it for text, as Windows PowerShell
 * does with redirected output; bytes are lost.
 */
export type AgeForm = 'binary' | 'armored' | 're-encoded';

/** Encoding of a text file. */
export interface Encoding {
  readonly encoding: TextEncoding;
  /** Length of the byte order marks. There may be several: programs prepend their own to an existing one. */
  readonly bomBytes: number;
}

/** Kind of a file's content. Its first bytes decide, never its name's ending. */
export type Content =
  | ({ readonly kind: 'text' } & Encoding)
  | { readonly kind: 'zip' }
  | { readonly kind: 'age'; readonly form: AgeForm }
  | { readonly kind: 'binary'; readonly binary: BinaryKind };

const magics: readonly (readonly [string, Content])[] = [
  ['PK\x03\x04', { kind: 'zip' }],
  ['PK\x05\x06', { kind: 'zip' }],
  // Compound File Binary: .xls, and .xlsx with a password
  ['\xd0\xcf\x11\xe0', { kind: 'binary', binary: 'xls' }],
  ['%PDF', { kind: 'binary', binary: 'pdf' }],
  ['\x1f\x8b', { kind: 'binary', binary: 'gzip' }],
];

const marks: readonly (readonly [TextEncoding, Buffer])[] = [
  ['utf-8', Buffer.from([0xef, 0xbb, 0xbf])],
  ['utf-16le', Buffer.from([0xff, 0xfe])],
  ['utf-16be', Buffer.from([0xfe, 0xff])],
];

/** Pasted text may have white space before it (https://github.com/C2SP/C2SP/blob/main/age.md#ascii-armor). */
const armor = /^\s*-----BEGIN AGE/;

/** https://age-encryption.org/v1 */
const age = /^age-encryption\.org\//;

/** @param head the first bytes, up to some thousands */
export function recogniseContent(head: Buffer): Content {
  const bytes = head.toString('latin1', 0, 32);
  const found = magics.find(([magic]) => bytes.startsWith(magic));
  if (found !== undefined) return found[1];
  const { encoding, bomBytes } = encodingOf(head);
  const start = decoded(head.subarray(bomBytes, bomBytes + 512), encoding);
  if (armor.test(start)) return { kind: 'age', form: 'armored' };
  if (age.test(start)) {
    const isText = encoding !== 'utf-8' || bomBytes > 0 || /^[^\n]*\r\n/.test(start);
    return { kind: 'age', form: isText ? 're-encoded' : 'binary' };
  }
  return { kind: 'text', encoding, bomBytes };
}

/** The encoding of a text file, from its byte order mark or its first characters. */
export function encodingOf(head: Buffer): Encoding {
  for (const [encoding, mark] of marks) {
    let bomBytes = 0;
    while (head.subarray(bomBytes, bomBytes + mark.length).equals(mark)) bomBytes += mark.length;
    if (bomBytes > 0) return { encoding, bomBytes };
  }
  return { encoding: encodingWithoutBom(head), bomBytes: 0 };
}

/** A text to compare with ASCII: Latin-1 unless it is UTF-16. */
function decoded(bytes: Buffer, encoding: TextEncoding): string {
  return encoding === 'utf-8' ? bytes.toString('latin1') : new TextDecoder(encoding).decode(bytes);
}

/** A header is almost all ASCII. In UTF-16, every second byte of it is a NUL. */
function encodingWithoutBom(head: Buffer): TextEncoding {
  const pairs = Math.min(head.length >> 1, 64);
  let evenNuls = 0;
  let oddNuls = 0;
  for (let i = 0; i < pairs; i++) {
    if (head[2 * i] === 0) evenNuls++;
    if (head[2 * i + 1] === 0) oddNuls++;
  }
  if (oddNuls * 2 > pairs && evenNuls * 4 < oddNuls) return 'utf-16le';
  if (evenNuls * 2 > pairs && oddNuls * 4 < evenNuls) return 'utf-16be';
  return 'utf-8';
}
