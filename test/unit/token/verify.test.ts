import { beforeAll, describe, expect, test } from '@jest/globals';
import { createServer, type RequestListener } from 'node:http';
import {
  createPrivateKey,
  createSecretKey,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  sign as cryptoSign,
} from 'node:crypto';
import { base64url, SignJWT, type JWTPayload } from 'jose';
import { openConnections } from '../../../src/http/connections.js';
import { createVerifier, type IdTokenVerifier } from '../../../src/token/verify.js';
import { closing, listening, sendJson, tls } from './fixture.js';

const certificate = tls.cert.replaceAll(/-----[^-]+-----|\s/g, '');

const issuer = 'https://auth.example.org/realms/r';
const clientId = 'devices';
/** In seconds since 1970. */
const NOW = 1_900_000_000;

interface Pair {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

function pair(alg: string, kid = alg): Pair {
  const curve = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }[alg];
  const { publicKey, privateKey } = curve
    ? generateKeyPairSync('ec', { namedCurve: curve })
    : alg === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { alg, kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } };
}

const claims: JWTPayload = { iss: issuer, aud: clientId, azp: clientId, exp: NOW + 300 };

function sign({ alg, kid, privateKey }: Omit<Pair, 'jwk'>, changes: JWTPayload = {}): Promise<string> {
  return new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg, kid }).sign(privateKey);
}

let usual: Pair;
beforeAll(() => {
  usual = pair('ES256', 'usual');
});

interface Setup {
  readonly verifier: IdTokenVerifier;
  readonly verify: IdTokenVerifier['verify'];
  /** How often the keys were read. */
  readonly readings: () => number;
  /** Lets time pass, in seconds. */
  readonly pass: (seconds: number) => void;
}

/** A verifier of a realm whose key endpoint does this. */
async function verifierOf(keys: RequestListener, timeoutMs = 20_000): Promise<Setup> {
  let readings = 0;
  let now = NOW * 1000;
  const port = await listening(
    createServer((request, response) => {
      readings += 1;
      keys(request, response);
    }),
  );
  const jwksUrl = `http://127.0.0.1:${port}/certs`;
  const connections = closing(openConnections(jwksUrl, { timeoutMs }));
  const realm = { issuer, jwksUrl };
  const verifier = createVerifier({ connections, realm, clientId, now: () => now });
  return {
    verifier,
    verify: verifier.verify,
    readings: () => readings,
    pass: (seconds) => (now += seconds * 1000),
  };
}

/** A verifier of a realm with these keys. */
const publishingJwks = (keys: () => readonly unknown[]) =>
  verifierOf((_request, response) => sendJson(response, 200, { keys: keys() }));

const publishing = (...pairs: readonly Pair[]) => publishingJwks(() => pairs.map(({ jwk }) => jwk));

describe('the signature', () => {
  test.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])(
    'may be %s',
    async (alg) => {
      const key = pair(alg);
      const { verify } = await publishing(usual, key);
      const token = await sign(key);
      expect(await verify(token)).toBeUndefined();
      const [head = '', payload = '', signature = ''] = token.split('.');
      const forged = base64url.encode(JSON.stringify({ ...claims, preferred_username: 'somebody else' }));
      expect(await verify(`${head}.${forged}.${signature}`)).toBe('id-token-signature-invalid');
      const flipped = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
      expect(await verify(`${head}.${payload}.${flipped}`)).toBe('id-token-signature-invalid');
      expect(await verify(`${head}.${payload}.AAAA`)).toBe('id-token-signature-invalid');
    },
  );

  test('by another key of the same name is not valid', async () => {
    const { verify } = await publishing(usual);
    expect(await verify(await sign(pair('ES256', 'usual')))).toBe('id-token-signature-invalid');
  });

  test('must not be one that every client can make', async () => {
    const { verify } = await publishing(usual);
    const body = base64url.encode(JSON.stringify(claims));
    const head = (header: object) => base64url.encode(JSON.stringify(header));
    for (const alg of ['none', 'None', 'HS256', 'HS512', 'A128KW', 'x']) {
      expect(await verify(`${head({ alg, kid: 'usual' })}.${body}.c2ln`)).toBe('id-token-algorithm-refused');
    }
    const published = createSecretKey(Buffer.from(JSON.stringify(usual.jwk)));
    const hmac = await sign({ alg: 'HS256', kid: 'usual', privateKey: published });
    expect(await verify(hmac)).toBe('id-token-algorithm-refused');
  });

  test('must not be by a secret that the realm publishes', async () => {
    const secret = createSecretKey(Buffer.alloc(32, 7));
    const { verify } = await publishingJwks(() => [{ ...secret.export({ format: 'jwk' }), kid: 'usual' }]);
    const token = await sign({ alg: 'HS256', kid: 'usual', privateKey: secret });
    expect(await verify(token)).toBe('id-token-algorithm-refused');
  });

  test('has the algorithm that its key is for', async () => {
    const rsa = pair('RS256');
    const { verify } = await publishing(rsa);
    expect(await verify(await sign(rsa))).toBeUndefined();
    expect(await verify(await sign({ ...rsa, alg: 'PS256' }))).toBe('id-token-key-unknown');
  });

  test('must not be by a key for encryption', async () => {
    const { verify } = await publishingJwks(() => [{ ...usual.jwk, use: 'enc' }]);
    expect(await verify(await sign(usual))).toBe('id-token-key-unknown');
  });

  test('must not want anything that is not known here', async () => {
    const { verify } = await publishing(usual);
    const header = { alg: 'ES256', kid: 'usual', crit: ['exp'], exp: 1 };
    const token = await new SignJWT(claims).setProtectedHeader(header).sign(usual.privateKey, {
      crit: { exp: true },
    });
    expect(await verify(token)).toBe('id-token-malformed');
  });

  test('is two numbers side by side, not a DER sequence of them', async () => {
    const { verify } = await publishing(usual);
    const content = (await sign(usual)).replace(/\.[^.]*$/, '');
    const der = createSign('sha256').update(content).sign(usual.privateKey, 'base64url');
    expect(await verify(`${content}.${der}`)).toBe('id-token-signature-invalid');
  });

  test.each(['', 'x', 'a.b', 'a.b.c', 'e30.e30.e30', 'a.b.c.d'])('of %j is none', async (token) => {
    const { verify } = await publishing(usual);
    expect(await verify(token)).toBe('id-token-malformed');
  });
});

describe('a signature that jose cannot make', () => {
  const encode = (value: object) => base64url.encode(JSON.stringify(value));
  const curves = {
    Ed448: () => generateKeyPairSync('ed448'),
    Ed25519: () => generateKeyPairSync('ed25519'),
    secp256k1: () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  };

  test.each([
    ['EdDSA', 'Ed448', 'EdDSA'],
    ['EdDSA', 'Ed448', 'Ed448'],
    ['Ed448', 'Ed448', undefined],
    ['Ed25519', 'Ed25519', 'EdDSA'],
    ['ES256K', 'secp256k1', 'ES256K'],
  ] as const)('%s with %s, by a key for %s, is verified', async (alg, curve, own) => {
    const { publicKey, privateKey } = curves[curve]();
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'odd', ...(own && { alg: own }) };
    const { verify } = await publishingJwks(() => [usual.jwk, jwk]);
    const content = `${encode({ alg, kid: 'odd' })}.${encode(claims)}`;
    const hash = alg === 'ES256K' ? 'sha256' : null;
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
    const signature = cryptoSign(hash, Buffer.from(content), key).toString('base64url');
    expect(await verify(`${content}.${signature}`)).toBeUndefined();
    const altered = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
    expect(await verify(`${content}.${altered}`)).toBe('id-token-signature-invalid');
  });
});

describe('the claims', () => {
  test.each([
    ['as they should be', {}, undefined],
    ['without an issuer', { iss: undefined }, 'id-token-issuer-unexpected'],
    ['of another realm', { iss: `${issuer}2` }, 'id-token-issuer-unexpected'],
    ['for several, us among them', { aud: ['other', clientId], azp: undefined }, undefined],
    ['for another, on our behalf', { aud: 'account' }, undefined],
    ['for another client', { aud: 'other', azp: 'other' }, 'id-token-audience-unexpected'],
    ['for no client', { aud: undefined, azp: undefined }, 'id-token-audience-unexpected'],
    ['that expired within the leeway', { exp: NOW - 59 }, undefined],
    ['that expired before it', { exp: NOW - 60 }, 'id-token-expired'],
    ['that never expire', { exp: undefined }, 'id-token-malformed'],
    ['that begin within the leeway', { nbf: NOW + 60 }, undefined],
    ['that begin after it', { nbf: NOW + 61 }, 'id-token-not-yet-valid'],
  ] as const)('%s', async (_what, changes, reason) => {
    const { verify } = await publishing(usual);
    expect(await verify(await sign(usual, changes as JWTPayload))).toBe(reason);
  });
});

describe('the keys', () => {
  test('are read once, however many ask at once', async () => {
    const { verify, readings } = await publishing(usual);
    const token = await sign(usual);
    const results = await Promise.all(Array.from({ length: 1_000 }, () => verify(token)));
    expect(results.every((reason) => reason === undefined)).toBe(true);
    await verify(token);
    expect(readings()).toBe(1);
  });

  test('can be read beforehand', async () => {
    const { verifier, readings } = await publishing(usual);
    expect(await verifier.prepare()).toBeUndefined();
    expect(await verifier.verify(await sign(usual))).toBeUndefined();
    expect(readings()).toBe(1);
  });

  test('are read again for one that is not among them, once in a while', async () => {
    const published = [usual];
    const { verify, readings, pass } = await publishingJwks(() => published.map(({ jwk }) => jwk));
    const next = pair('ES256', 'next');
    const [old, rotated] = [await sign(usual), await sign(next)];
    expect(await verify(old)).toBeUndefined();
    expect(await verify(rotated)).toBe('id-token-key-unknown');
    expect(readings()).toBe(1);
    pass(31);
    published.push(next);
    const results = await Promise.all(Array.from({ length: 1_000 }, (_, i) => verify(i % 2 ? old : rotated)));
    expect(results.every((reason) => reason === undefined)).toBe(true);
    expect(readings()).toBe(2);
    const unknown = await sign(pair('ES256', 'unknown'));
    expect(await verify(unknown)).toBe('id-token-key-unknown');
    pass(29);
    expect(await verify(unknown)).toBe('id-token-key-unknown');
    expect(readings()).toBe(2);
    pass(2);
    await Promise.all(Array.from({ length: 100 }, () => verify(unknown)));
    expect(readings()).toBe(3);
  });

  test('need no name: each one that fits is tried', async () => {
    const unnamed = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(usual.privateKey);
    const other = pair('ES256', 'other');
    for (const pairs of [[usual], [usual, other], [other, usual]]) {
      expect(await (await publishing(...pairs)).verify(unnamed)).toBeUndefined();
    }
    expect(await (await publishing(other)).verify(unnamed)).toBe('id-token-signature-invalid');
    expect(await (await publishing(pair('ES384'))).verify(unnamed)).toBe('id-token-key-unknown');
  });

  test('may be there twice, share a name, or stand beside others that cannot be used', async () => {
    const namesake = pair('ES256', 'usual');
    const odd = [
      null,
      7,
      {},
      { kty: 'FOO', kid: 'usual' },
      { kty: 'EC', crv: 'P-256', x: 'AA', kid: 'usual' },
    ];
    const sets: readonly (readonly unknown[])[] = [
      [usual.jwk, usual.jwk],
      [namesake.jwk, usual.jwk],
      [{ ...pair('RS256', 'usual').jwk, use: 'enc', alg: 'RSA-OAEP' }, usual.jwk],
      [...odd, usual.jwk],
    ];
    for (const keys of sets) {
      const { verify } = await publishingJwks(() => keys);
      expect(await verify(await sign(usual))).toBeUndefined();
      expect(await verify(await sign(pair('ES256', 'usual')))).toBe('id-token-signature-invalid');
    }
    const { verify } = await publishing(namesake, usual);
    for (const key of [usual, namesake, usual, namesake])
      expect(await verify(await sign(key))).toBeUndefined();
  });

  test('may leave out name, algorithm and use', async () => {
    const bare = { ...usual.jwk, kid: undefined, alg: undefined, use: undefined };
    const { verify } = await publishingJwks(() => [bare]);
    expect(await verify(await sign(usual))).toBeUndefined();
  });

  test('must be for verifying if they say what they are for', async () => {
    const verdict = async (more: object) => {
      const { verify } = await publishingJwks(() => [{ ...usual.jwk, use: undefined, ...more }]);
      return verify(await sign(usual));
    };
    expect(await verdict({ key_ops: ['verify'] })).toBeUndefined();
    expect(await verdict({ key_ops: ['encrypt'] })).toBe('id-token-key-unknown');
  });

  test('may be in a certificate only', async () => {
    const { verify } = await publishingJwks(() => [{ kty: 'EC', kid: 'x5', x5c: [certificate] }]);
    const key = { alg: 'ES256', kid: 'x5', privateKey: createPrivateKey(tls.key) };
    expect(await verify(await sign(key))).toBeUndefined();
    const damaged = await publishingJwks(() => [{ kty: 'EC', kid: 'x5', x5c: ['MIIB'] }]);
    expect(await damaged.verify(await sign(key))).toBe('id-token-key-unknown');
  });

  test('that cannot be used count as unknown', async () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const odd: readonly object[] = [
      { ...short.publicKey.export({ format: 'jwk' }), kid: 'usual', alg: 'RS256' },
      { ...usual.privateKey.export({ format: 'jwk' }), kid: 'usual', alg: 'ES256' },
      { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'usual', alg: 'ES256' },
      { kty: 'EC', kid: 'usual' },
    ];
    const byShort = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'usual' })
      .sign(usual.privateKey);
    const shortToken = [
      base64url.encode('{"alg":"RS256","kid":"usual"}'),
      base64url.encode('{}'),
      'c2ln',
    ].join('.');
    for (const [index, jwk] of odd.entries()) {
      const { verify } = await publishingJwks(() => [jwk]);
      expect(await verify(index === 0 ? shortToken : byShort)).toBe('id-token-key-unknown');
    }
  });

  const faults: Readonly<Record<string, RequestListener>> = {
    'an error': (_request, response) => sendJson(response, 500, {}),
    'a page': (_request, response) => void response.end('<html>'),
    'another document': (_request, response) => sendJson(response, 200, { keys: 'none' }),
    'a list': (_request, response) => sendJson(response, 200, []),
    'no answer': (request) => void request.socket.destroy(),
    silence: () => undefined,
  };

  test.each(Object.entries(faults))(
    'that are answered by %s are unavailable, and not asked for by each device',
    async (_what, answer) => {
      const { verifier, verify, readings, pass } = await verifierOf(answer, 2_000);
      const token = await sign(usual);
      expect(await verifier.prepare()).toBe('keys-unavailable');
      const results = await Promise.all(Array.from({ length: 100 }, () => verify(token)));
      expect(new Set(results)).toEqual(new Set(['keys-unavailable']));
      expect(readings()).toBe(1);
      pass(1);
      await Promise.all(Array.from({ length: 100 }, () => verify(token)));
      expect(readings()).toBe(2);
    },
  );

  test('that are back are used again', async () => {
    let works = false;
    const { verify, pass } = await verifierOf((_request, response) => {
      if (works) sendJson(response, 200, { keys: [usual.jwk] });
      else sendJson(response, 502, {});
    });
    const token = await sign(usual);
    expect(await verify(token)).toBe('keys-unavailable');
    works = true;
    pass(1);
    expect(await verify(token)).toBeUndefined();
  });
});
