import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import {
  calculateJwkThumbprint,
  errors,
  exportJWK,
  generateKeyPair,
  generateSecret,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from 'jose';
import { uuidFrom } from '../text/uuid.js';

export type SigningAlg = 'RS256' | 'ES256';

export interface TokenOptions {
  readonly signingAlg: SigningAlg;
  readonly clientId: string;
  /** Lifetime of access and id tokens, in seconds. */
  readonly lifetimeS: number;
  /** Whether logins are given a refresh token. */
  readonly refreshTokens: boolean;
  /** The time in milliseconds since the epoch. */
  readonly now: () => number;
}

/** A login: the user, the issuer, and what was granted. */
interface Login {
  readonly issuer: string;
  readonly username: string;
  readonly sessionId: string;
  readonly scopes: readonly string[];
}

export interface Tokens {
  /** The public key that verifies access and id tokens (RFC 7517, 5). */
  readonly jwks: JSONWebKeySet;
  /** A token endpoint's answer, in Keycloak's spelling and order. */
  issue(login: Login): Promise<object>;
  /** The login of a refresh token; `'expired'`, or `undefined` if this server did not issue the token. */
  readRefreshToken(token: string): Promise<Omit<Login, 'issuer'> | 'expired' | undefined>;
  /** Whether a token is a valid id token of this server's client and of one of the issuers. */
  isIdToken(token: string, issuers: string[]): Promise<boolean>;
}

/** Generates keys, which issue and verify tokens. Keys and subjects differ at every start. */
export async function createTokens(options: TokenOptions): Promise<Tokens> {
  const { signingAlg, clientId, lifetimeS, now } = options;
  const { publicKey, privateKey } = await generateKeyPair(signingAlg);
  const publicJwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(publicJwk);
  // Only Keycloak reads refresh tokens, and signs them with its own secret: HS512.
  const refreshKey = await generateSecret('HS512');
  const subjectKey = randomBytes(32);

  const jwt = (
    claims: JWTPayload,
    { issuer, username, sessionId }: Login,
    alg: string,
    expiresInS: number,
  ) => {
    const iat = Math.floor(now() / 1000);
    return new SignJWT({
      exp: iat + expiresInS,
      iat,
      jti: randomUUID(),
      iss: issuer,
      sub: uuidFrom(createHmac('sha256', subjectKey).update(username).digest(), 4),
      azp: clientId,
      sid: sessionId,
      ...claims,
    }).setProtectedHeader({ alg, typ: 'JWT', ...(alg === signingAlg && { kid }) });
  };

  const verifyOptions = () => ({ currentDate: new Date(now()), requiredClaims: ['exp'] });

  return {
    jwks: { keys: [{ kid, alg: signingAlg, use: 'sig', ...publicJwk }] },

    async issue(login) {
      const scope = login.scopes.join(' ');
      const person = login.scopes.includes('profile') && { preferred_username: login.username };
      // Concurrently: an RSA signature takes most of a millisecond on another thread.
      const [accessToken, idToken, refreshToken] = await Promise.all([
        jwt({ typ: 'Bearer', scope, ...person }, login, signingAlg, lifetimeS).sign(privateKey),
        login.scopes.includes('openid')
          ? jwt({ typ: 'ID', aud: clientId, ...person }, login, signingAlg, lifetimeS).sign(privateKey)
          : undefined,
        options.refreshTokens
          ? jwt(
              { typ: 'Refresh', aud: login.issuer, scope, username: login.username },
              login,
              'HS512',
              SESSION_LIFETIME_S,
            ).sign(refreshKey)
          : undefined,
      ]);
      return {
        access_token: accessToken,
        expires_in: lifetimeS,
        refresh_expires_in: refreshToken === undefined ? 0 : SESSION_LIFETIME_S,
        ...(refreshToken !== undefined && { refresh_token: refreshToken }),
        token_type: 'Bearer',
        ...(idToken !== undefined && { id_token: idToken }),
        'not-before-policy': 0,
        session_state: login.sessionId,
        scope,
      };
    },

    async readRefreshToken(token) {
      try {
        const { payload } = await jwtVerify(token, refreshKey, { ...verifyOptions(), algorithms: ['HS512'] });
        return {
          username: String(payload['username']),
          sessionId: String(payload['sid']),
          scopes: String(payload['scope']).split(' '),
        };
      } catch (error) {
        return error instanceof errors.JWTExpired ? 'expired' : undefined;
      }
    },

    async isIdToken(token, issuers) {
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          ...verifyOptions(),
          algorithms: [signingAlg],
          audience: clientId,
          issuer: issuers,
        });
        return payload['typ'] === 'ID';
      } catch {
        return false;
      }
    },
  };
}

/** Lifetime of an unused session: Keycloak's "SSO session idle", in seconds. */
const SESSION_LIFETIME_S = 1800;

/**
 * Stores which sessions have ended. Open sessions need no memory, so a million logins cost none: their tokens show that
 * they are open. An ended session is forgotten when all its tokens have expired.
 */
export class EndedSessions {
  /** By session id, the time at which its last token expires, in milliseconds since 1970; oldest first. */
  readonly #forgetAt = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  end(sessionId: string): void {
    for (const [id, forgetAt] of this.#forgetAt) {
      if (forgetAt > this.#now()) break;
      this.#forgetAt.delete(id);
    }
    this.#forgetAt.set(sessionId, this.#now() + SESSION_LIFETIME_S * 1000);
  }

  has(sessionId: string): boolean {
    return this.#forgetAt.has(sessionId);
  }
}
