export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** What a file is that is neither text nor a workbook; `age` for what was encrypted twice, `unknown` for text with NUL bytes in it. */
export type BinaryKind = 'xls' | 'pdf' | 'gzip' | 'age' | 'unknown';

/** What a file holds, by its first bytes; the name's ending is never asked. */
export type Content =
  | { readonly kind: 'text'; readonly encoding: TextEncoding; readonly bomBytes: number }
  | { readonly kind: 'zip' }
  | { readonly kind: 'age'; readonly isArmored: boolean }
  | { readonly kind: 'binary'; readonly binary: BinaryKind };

const magics: readonly (readonly [string, Content])[] = [
  ['PK\x03\x04', { kind: 'zip' }],
  ['PK\x05\x06', { kind: 'zip' }],
  // Compound File Binary: .xls, and .xlsx with a password
  ['\xd0\xcf\x11\xe0', { kind: 'binary', binary: 'xls' }],
  ['%PDF', { kind: 'binary', binary: 'pdf' }],
  ['\x1f\x8b', { kind: 'binary', binary: 'gzip' }],
  // https://age-encryption.org/v1
  ['age-encryption.org/', { kind: 'age', isArmored: false }],
  ['\xef\xbb\xbf', { kind: 'text', encoding: 'utf-8', bomBytes: 3 }],
  ['\xff\xfe', { kind: 'text', encoding: 'utf-16le', bomBytes: 2 }],
  ['\xfe\xff', { kind: 'text', encoding: 'utf-16be', bomBytes: 2 }],
];

/** White space may come before it (https://github.com/C2SP/C2SP/blob/main/age.md#ascii-armor), which text is pasted with. */
const armor = /^(?:\u00ef\u00bb\u00bf)?\s*-----BEGIN AGE/;

/** @param head the first bytes, up to some thousands */
export function recogniseContent(head: Buffer): Content {
  const start = head.toString('latin1', 0, 256);
  if (armor.test(start)) return { kind: 'age', isArmored: true };
  const found = magics.find(([magic]) => start.startsWith(magic));
  return found?.[1] ?? { kind: 'text', encoding: encodingWithoutBom(head), bomBytes: 0 };
}

/** A header is almost all ASCII, of which UTF-16 makes every second byte a NUL. */
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
