const bytes = (text: string) => Array.from(Buffer.from(text));
const letters = (text: string, change: (letter: string) => string) => Array.from(text, change).join('');
const rot13 = (text: string) =>
  text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
const base32 = (text: string) => {
  const bits = bytes(text)
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((group) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(parseInt(group.padEnd(5, '0'), 2)))
    .join('');
};

/** Ways in which a server can say a password back. Most of them no redactor recognises. */
export const echoes: readonly (readonly [way: string, echo: (password: string) => string])[] = [
  ['plain', (text) => text],
  ['in a sentence', (text) => `Invalid password: ${text}`],
  ['as a word of a sentence', (text) => `The ${text} is invalid`],
  ['in capitals', (text) => text.toUpperCase()],
  ['spaced', (text) => Array.from(text).join(' ')],
  ['with dashes', (text) => Array.from(text).join('-')],
  ['with underscores', (text) => Array.from(text).join('_')],
  ['in quotes', (text) => Array.from(text, (letter) => `'${letter}'`).join(', ')],
  ['reversed', (text) => Array.from(text).toReversed().join('')],
  ['its words reversed', (text) => text.split(/\W+/).toReversed().join(' ')],
  ['its first half', (text) => text.slice(0, Math.ceil(text.length / 2))],
  ['its second half', (text) => text.slice(Math.floor(text.length / 2))],
  ['without its first character', (text) => text.slice(1)],
  ['only its letters', (text) => text.replace(/[^A-Za-z]/g, '')],
  ['only its words', (text) => text.replace(/[^A-Za-z]+/g, ' ')],
  ['rot13', rot13],
  ['hex', (text) => Buffer.from(text).toString('hex')],
  [
    'spaced hex',
    (text) =>
      bytes(text)
        .map((byte) => byte.toString(16))
        .join(' '),
  ],
  ['base32', base32],
  ['base64', (text) => Buffer.from(text).toString('base64')],
  ['base64 twice', (text) => btoa(Buffer.from(text).toString('base64'))],
  ['base64 of UTF-16', (text) => Buffer.from(text, 'utf16le').toString('base64')],
  ['UTF-16', (text) => Buffer.from(text, 'utf16le').toString('latin1')],
  [
    'percent-encoded',
    (text) =>
      bytes(text)
        .map((byte) => `%${byte.toString(16)}`)
        .join(''),
  ],
  [
    'percent-encoded twice',
    (text) =>
      bytes(text)
        .map((byte) => `%25${byte.toString(16)}`)
        .join(''),
  ],
  ['character codes', (text) => bytes(text).join(', ')],
  [
    'octal',
    (text) =>
      bytes(text)
        .map((byte) => `\\${byte.toString(8)}`)
        .join(''),
  ],
  [
    'quoted-printable',
    (text) =>
      bytes(text)
        .map((byte) => `=${byte.toString(16)}`)
        .join(''),
  ],
  ['HTML entities twice', (text) => letters(text, (letter) => `&amp;#${letter.charCodeAt(0)};`)],
  ['fullwidth', (text) => letters(text, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0))],
  ['with soft hyphens', (text) => Array.from(text).join('\u00ad')],
];

/** Passwords, also such as consist of the very words of which errors are made. */
export const echoedPasswords: readonly string[] = [
  'Zx9CanaryQ7',
  'Correct-Horse',
  'correct horse battery staple',
  'Sommer2024',
  'SommerRegen',
  'invalid_grant',
  'InvalidGrant1',
  'The server is busy',
  'password',
  'locked',
];
