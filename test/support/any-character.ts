import { integer, oneof } from 'fast-check';

/** Any character of Unicode. The unit `binary` of fast-check draws the same ones, but takes seconds to set up. */
export const anyCharacter = oneof(
  { weight: 1, arbitrary: integer({ min: 0, max: 0xd7ff }) },
  { weight: 19, arbitrary: integer({ min: 0xe000, max: 0x10ffff }) },
).map((codePoint) => String.fromCodePoint(codePoint));
