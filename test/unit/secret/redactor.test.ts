import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, nat, pre, property, string, tuple } from 'fast-check';
import { redact, redactName } from '../../../src/secret/redact.js';
import { Redactor } from '../../../src/secret/redactor.js';
import { MASK } from '../../../src/secret/secret.js';
import { harmless } from '../../../src/text/harmless.js';
import { forms } from './forms.js';

function holding(...secrets: readonly string[]): Redactor {
  const redactor = new Redactor();
  redactor.trackSecrets(secrets);
  return redactor;
}

/** Has every awkward character, and few enough that secrets begin alike and hold one another. */
const alike = string({ unit: constantFrom(...Array.from('abA%25\\u&#;+/."é🔑 ')), maxLength: 10 });

describe('a secret', () => {
  test('is known from when it is held until it is released', () => {
    const redactor = new Redactor();
    expect(redactor.redact('p=hunter22')).toBe('p=hunter22');
    const release = redactor.trackSecrets(['hunter22']);
    expect(redactor.redact('p=hunter22')).toBe('p=[redacted]');
    release();
    expect(redactor.redact('p=hunter22')).toBe('p=hunter22');
  });

  test('of two devices is known until both have released it, however often one does', () => {
    const redactor = new Redactor();
    const releases = [redactor.trackSecrets(['hunter22']), redactor.trackSecrets(['hunter22', 'hunter22'])];
    releases[1]?.();
    releases[1]?.();
    expect(redactor.redact('p=hunter22')).toBe('p=[redacted]');
    releases[0]?.();
    expect(redactor.redact('p=hunter22')).toBe('p=hunter22');
  });

  test('is still known when others that begin or end like it are released', () => {
    const redactor = holding('hunter22');
    for (const release of ['hunter22-longer', 'hunter', 'hunter23', 'Hunter22', '22'].map((secret) =>
      redactor.trackSecrets([secret]),
    )) {
      release();
    }
    expect(redactor.redact('p=hunter22, hunter23')).toBe('p=[redacted], hunter23');
  });

  test('that is released does not let another one look longer than it is', () => {
    const redactor = holding('hunter22');
    redactor.trackSecrets(['hunter22-longer'])();
    expect(redactor.redact('p=hunter22%4…')).toBe('p=[redacted]%4…');
    expect(redactor.redact('p=hunter22-lon…')).toBe('p=[redacted]-lon…');
  });

  test('that has many bytes is found raw and in base64, and so is a short one after it', () => {
    const long = String.fromCharCode(...Array.from({ length: 1000 }, (_, index) => 0x4e00 + index));
    const redactor = holding(long, 'hunter22');
    for (const secret of [long, 'hunter22']) {
      expect(redactor.redact(`<${secret}>`)).toBe('<[redacted]>');
      expect(redactor.redact(`<${Buffer.from(secret).toString('base64')}>`)).toMatch(
        /^<\[redacted\]\w?={0,2}>$/,
      );
    }
  });
});

test('a JWT is masked though nothing is held', () => {
  expect(new Redactor().redact('got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln')).toBe('got [redacted]');
});

describe('what is a secret by its shape is masked whole', () => {
  const [head, claims, signature] = [
    'eyJhbGciOiJSUzI1NiJ9',
    'eyJzdWIiOiIxIn0',
    'c2lnbmF0dXJlLW9m-XzEyMzQ1Njc4',
  ];
  const signed = `${head}.${claims}.${signature}`;

  test.each([
    ['a JWT', `got ${signed}`, 'got [redacted]'],
    ['a JWT at the end of a sentence', `got ${signed}.`, 'got [redacted].'],
    ['an encrypted JWT', `got ${head}.ZW5j.aXYxMjM0.Y2lwaGVy.dGFn, ok`, 'got [redacted], ok'],
    ['an encrypted JWT without a key', `got ${head}..aXYxMjM0.Y2lwaGVy.dGFn, ok`, 'got [redacted], ok'],
    ['a JWT that is cut in its header', `got ${head}…`, 'got [redacted]'],
    ['a JWT that is cut in its claims', `got '${head}.${claims.slice(0, 5)}…' ok`, "got '[redacted]' ok"],
    ['what only begins like one', 'eyJhbGciOi is no token, eyJ.a.b', 'eyJhbGciOi is no token, eyJ.a.b'],
  ])('%s', (_what, text, redacted) => {
    expect(new Redactor().redact(text)).toBe(redacted);
  });

  test('also where a known secret is part of it', () => {
    expect(redact(`Authorization: Bearer ${signed}`, ['Bearer', head])).toBe(
      'Authorization: [redacted] [redacted]',
    );
    expect(redact('Authorization: Bearer opaque-0123456789', ['opaque'])).toBe(
      'Authorization: Bearer [redacted]',
    );
  });

  test('whichever part of the text is a known secret', () => {
    const opaque = 'Kx8-opaque_0123456789';
    const texts = [
      `p=${signed}!`,
      `Authorization: Bearer ${opaque}`,
      `Bearer ${opaque}`,
      `Basic ${btoa('user:Kx8-pw')}`,
    ];
    const pieces = [signature, claims, opaque, btoa('user:Kx8-pw')].flatMap((part) =>
      Array.from({ length: part.length - 3 }, (_, at) => part.slice(at, at + 4)),
    );
    assert(
      property(constantFrom(...texts), nat(), nat(), (text, from, length) => {
        const start = from % text.length;
        const secret = text.slice(start, start + 1 + (length % (text.length - start)));
        const left = redact(text, [secret]);
        expect(pieces.filter((piece) => left.includes(piece))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

// The text around the secret is made of characters that no secret has, so that all else comes from the secret.
const [before, after] = ['\uE000\uE001 ', ' \uE002'];
const leftOver = (redacted: string) =>
  redacted
    .replaceAll(MASK, '')
    .replaceAll(/[\uE000-\uE002]/g, '')
    .trim();

/** What of a form is not the secret's, or of its first and last byte no more than four bits. */
const frames: Readonly<Record<string, RegExp>> = {
  'JSON-escaped': /^"*$/,
  base64: /^[\w+/]?={0,2}$/,
  base64url: /^[\w-]?$/,
  'Basic credentials': /^(?:dXNlcj[o-r])?[\w+/]?={0,2}$/,
  'the body of a form': /^(?:username=u&password=)?$/,
};

describe.each([
  ['any characters', string({ minLength: 1, unit: 'grapheme', maxLength: 20 })],
  ['characters of escapes', alike],
])('of secrets with %s', (_what, secret) => {
  test('nothing is left, whichever is embedded and in whichever form', () => {
    assert(
      property(
        array(secret, { minLength: 1, maxLength: 8 }),
        nat(),
        constantFrom(...forms),
        (secrets, choice, [form, encode]) => {
          const embedded = secrets[choice % secrets.length] ?? '';
          // Base64 of fewer is not told from chance.
          pre(Buffer.from(embedded).length > 5 && !/[\uE000-\uF8FF]/.test(secrets.join('')));
          const redacted = redact(before + encode(embedded) + after, secrets);
          expect(redacted).toContain(MASK);
          expect(leftOver(redacted)).toMatch(frames[form] ?? /^$/);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('nothing is left where two of them overlap', () => {
    assert(
      property(tuple(secret, secret, secret), ([a, b, c]) => {
        pre((a + b).length > 5 && (b + c).length > 5 && !/[\uE000-\uF8FF]/.test(a + b + c));
        const redacted = redact(before + a + b + c + after, [a + b, b + c]);
        expect(leftOver(redacted)).toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  test('those that are left after any holding and releasing are known as if there had been no others', () => {
    assert(
      property(
        array(array(secret, { maxLength: 3 }), { maxLength: 8 }),
        array(nat(), { maxLength: 8 }),
        array(secret, { maxLength: 4 }),
        constantFrom(...forms),
        (devices, releases, texts, [, encode]) => {
          const redactor = new Redactor();
          const held = devices.map((secrets) => ({ secrets, release: redactor.trackSecrets(secrets) }));
          for (const choice of releases) held.splice(choice % (held.length + 1), 1)[0]?.release();
          const fresh = holding(...held.flatMap(({ secrets }) => secrets));
          const embedded = [...devices.flat(), ...texts];
          for (const text of [
            ...embedded,
            embedded.map(encode).join(''),
            `${embedded.join('').slice(0, 9)}…`,
          ]) {
            expect(redactor.redact(text)).toBe(fresh.redact(text));
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the fields of a value', () => {
  const record = {
    type: 'device',
    index: 7,
    flaky: false,
    failure: null,
    retried: ['rate-limited'],
    requests: [{ name: 'Get token', status: 200 }],
  };

  test('are copied as they are where they hold no secret', () => {
    const copy = holding('hunter22').redactFields(record);
    expect(copy).toEqual(record);
    expect(copy.requests[0]).not.toBe(record.requests[0]);
  });

  test('are masked one by one, and whole where the secret is very short', () => {
    const redactor = holding('tok', 'limited');
    expect(redactor.redactFields(record)).toEqual({
      ...record,
      retried: ['rate-[redacted]'],
      requests: [{ name: '[redacted]', status: 200 }],
    });
  });

  test('keep their names, numbers and booleans whatever the secrets are', () => {
    expect(holding('type', 'index', '7', 'false', '200', 'null', 'name').redactFields(record)).toEqual({
      ...record,
      requests: [{ name: 'Get token', status: 200 }],
    });
  });

  test('keep a name that objects have a meaning for', () => {
    const value: unknown = JSON.parse('{"__proto__":"hunter22","constructor":"x"}');
    expect(JSON.stringify(holding('hunter22').redactFields(value))).toBe(
      '{"__proto__":"[redacted]","constructor":"x"}',
    );
  });

  test('a single string is a value, too', () => {
    expect(holding('hunter22').redactFields('p=hunter22')).toBe('p=[redacted]');
  });

  test.each(['","type":"forged', '"}],"x":[{"', '</testcase>', ']]><!--', '\\', '\\u0022', '{', ',"name":"'])(
    'stay in their places though "%s" is a secret',
    (secret) => {
      const value = { a: `before ${secret} after`, b: { c: [secret, 'c'] }, d: 'd' };
      const shape = JSON.parse(JSON.stringify(holding(secret).redactFields(value))) as typeof value;
      expect(shape).toMatchObject({ b: { c: [MASK, 'c'] }, d: 'd' });
      expect([`before ${MASK} after`, MASK]).toContain(shape.a);
    },
  );

  test('make the same JSON and XML but for their own text, whatever the secrets are', () => {
    assert(
      property(array(alike, { maxLength: 5 }), array(alike, { maxLength: 5 }), (secrets, values) => {
        const redacted = holding(...secrets).redactFields(values);
        expect(JSON.parse(JSON.stringify(redacted))).toEqual(redacted);
        expect(redacted).toHaveLength(values.length);
        // All that a mask can add to a text are letters and brackets, which mean nothing in either.
        for (const text of redacted) expect(alikeOrMask.test(text)).toBe(true);
      }),
    );
  });
});

describe('a value that someone else wrote', () => {
  const redactForeign = (value: unknown, ...secrets: readonly string[]) =>
    holding(...secrets).redactForeign(value);

  test('is masked in its keys, numbers, booleans and null as well', () => {
    const value = { hunter22: 1, a: [{ 'x-hunter22': true }], n: 123456789, b: true, c: null, d: 'ok' };
    expect(redactForeign(value, 'hunter22', '123456789')).toEqual({
      '[redacted]': 1,
      a: [{ 'x-[redacted]': true }],
      n: MASK,
      b: true,
      c: null,
      d: 'ok',
    });
    expect(redactForeign([true, false, null, 17, 'x'], 'true', 'null', '7')).toEqual([
      MASK,
      false,
      MASK,
      MASK,
      'x',
    ]);
  });

  test.each([
    ['1e21', 1e21],
    ['1000000.50', 1000000.5],
    ['12345678901234567890', Number('12345678901234567890')],
    ['0123456', 123456],
    ['0x1e240', 123456],
  ])('is masked where the password %s is the same number', (password, number) => {
    expect(redactForeign({ n: number, other: 654321 }, password)).toEqual({ n: MASK, other: 654321 });
  });

  test('keeps keys apart that are masked alike', () => {
    expect(redactForeign({ hunter22: 1, HUNTER22: 2, '[redacted]': 3 }, 'hunter22')).toEqual({
      '[redacted]': 1,
      '[redacted] (2)': 2,
      '[redacted] (3)': 3,
    });
  });

  test('keeps a name that objects have a meaning for', () => {
    const value: unknown = JSON.parse('{"__proto__":"hunter22"}');
    expect(JSON.stringify(redactForeign(value, 'hunter22'))).toBe('{"__proto__":"[redacted]"}');
  });
});

describe('a text of our own', () => {
  test('is masked only where a secret cannot be one of our words', () => {
    const redactor = holding('a', 'error', 'server', 'invalid-user-credentials', 'hunter22');
    const text = 'error: the server says hunter22 [invalid-user-credentials]';
    expect(redactor.redactOwn(text)).toBe('error: the server says [redacted] [invalid-user-credentials]');
    expect(redactor.redact(text)).toBe(MASK);
  });

  test('is masked where two devices have a secret, and for one of them it is part of a longer one', () => {
    const redactor = holding('server', 'server22');
    expect(redactor.redactOwn('server server22 server…')).toBe('server [redacted] [redacted]…');
  });
});

test('a secret is found in a text that was made harmless before', () => {
  for (const secret of ['a::b-word', '##[x]-word', 'tab\there']) {
    expect(redact(`p=${harmless(secret)}!`, [secret])).toBe('p=[redacted]!');
  }
});

test("a device's name without its password is what a redactor makes of it", () => {
  const password = string({ unit: constantFrom(...Array.from('abA%25:&;+/é1')), minLength: 1, maxLength: 9 });
  assert(
    property(
      password,
      array(password, { maxLength: 2 }),
      constantFrom(...forms),
      (secret, others, [, encode]) => {
        const texts = [
          secret,
          encode(secret),
          secret.toUpperCase(),
          `${secret.slice(0, 6)}…`,
          harmless(secret),
          'Pump 7',
        ];
        for (const text of texts) {
          const name = `${others[0] ?? ''}${text}${others[1] ?? ''}`;
          expect(redactName(name, secret)).toBe(redact(name, [secret]));
        }
      },
    ),
    { numRuns: 150 },
  );
});

const alikeOrMask = /^(?:\[redacted\]|[abA%25\\u&#;+/."é🔑 ])*$/u;
