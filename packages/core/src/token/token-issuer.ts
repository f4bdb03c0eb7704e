import { SignJWT } from 'jose';
import { type Clock, systemClock } from '../clock.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import { isSha256Base64url } from '../encoding/sha256.ts';
import type { SignatureAlgorithm } from '../jose/algorithms.ts';
import { secureUrl } from '../keys/secure-url.ts';
import { requireCount, requireText } from '../options.ts';
import { isScopeValue } from './scope.ts';

/** The key an authorization server signs with. */
export interface SigningKey {
  /** Names the key in the published key set. */
  readonly kid: string;
  /** What the key signs with; stands in `alg` of the header. */
  readonly algorithm: SignatureAlgorithm;
  /** The private key, with the usage `sign`; it need not be extractable. */
  readonly privateKey: CryptoKey;
}

/** Options of {@link createTokenIssuer}. */
export interface TokenIssuerOptions {
  /** The issuer identifier, as in the metadata. */
  readonly issuer: string;
  /** The key to sign the next token with; asked every time, so that keys can rotate. */
  readonly signingKey: () => SigningKey | Promise<SigningKey>;
  /** How long a token lives, in whole seconds from 1 to 3600 (RFC 6750 §5.3). @defaultValue 300 */
  readonly lifetimeSeconds?: number;
  /** What time it is; pass your own in tests. @defaultValue the system clock */
  readonly clock?: Clock;
}

/** What one access token is to say. */
export interface TokenContents {
  /** `sub`: the user, or the client itself where no user is involved (RFC 9068 §2.2). */
  readonly subject: string;
  /** `client_id`: the client the token is issued to (RFC 9068 §2.2). */
  readonly clientId: string;
  /** `aud`: the resource the token is for. */
  readonly audience: string;
  /** Scope values, one an entry; left out of the token when empty. */
  readonly scope: readonly string[];
  /** The thumbprint of the key to bind the token to (RFC 9449 §6.1); left out: not bound. */
  readonly jkt?: string;
  /** `auth_time`: when the user last signed in, in whole seconds (RFC 9068 §2.2.1). */
  readonly authTime?: number;
  /** `acr`: how the user signed in (RFC 9068 §2.2.1, RFC 9470). */
  readonly acr?: string;
}

/** A signed access token and what the token response needs to know of it. */
export interface IssuedToken {
  /** The token as a compact JWS, for `access_token` of the response. */
  readonly token: string;
  /** The claims in the token. */
  readonly claims: Readonly<Record<string, unknown>> & {
    readonly iat: number;
    readonly exp: number;
    readonly jti: string;
  };
}

/** Makes access tokens in the JWT form of RFC 9068. */
export interface TokenIssuer {
  /**
   * Makes a token and signs it with the key of this moment.
   *
   * @throws TypeError when a required member is no text, `jkt` is not a thumbprint, so that no token is bound to nothing, or an entry
   * of `scope` is not one scope value (RFC 6749 §3.3), so that none grants more than it names, or
   * `authTime` is no whole number.
   */
  issue(contents: TokenContents): Promise<IssuedToken>;
}

const MAX_LIFETIME_SECONDS = 3600;
const JTI_BYTES = 16;

/**
 * An issuer of JWT access tokens (RFC 9068 §2): `typ` at+jwt, all required claims, a random `jti` of
 * 128 bits and, for a bound token, `cnf.jkt`.
 *
 * Not done here: deciding who may have which scope, and checking the proof the thumbprint comes from.
 *
 * @throws TypeError when an option is missing or out of range.
 */
export function createTokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const { issuer, signingKey, lifetimeSeconds = 300, clock = systemClock } = options;
  secureUrl('issuer', issuer);
  if (typeof signingKey !== 'function') {
    throw new TypeError('signingKey: give a function that returns the key');
  }
  requireCount('lifetimeSeconds', lifetimeSeconds);
  if (lifetimeSeconds > MAX_LIFETIME_SECONDS) {
    throw new TypeError(`lifetimeSeconds: must be from 1 to ${MAX_LIFETIME_SECONDS}`);
  }

  return {
    async issue(contents: TokenContents): Promise<IssuedToken> {
      const { subject, clientId, audience, scope, jkt, authTime, acr } = contents;
      if (jkt !== undefined && !isSha256Base64url(jkt)) {
        throw new TypeError('jkt: not the base64url text of a SHA-256 thumbprint');
      }
      requireText('subject', subject);
      requireText('clientId', clientId);
      requireText('audience', audience);
      if (!Array.isArray(scope) || !scope.every(isScopeValue)) {
        throw new TypeError('scope: give one scope value an entry, without blanks (RFC 6749 §3.3)');
      }
      if (authTime !== undefined) requireCount('authTime', authTime);
      if (acr !== undefined) requireText('acr', acr);
      const { kid, algorithm, privateKey } = await signingKey();
      const iat = Math.floor(clock());
      const claims = {
        iss: issuer,
        sub: subject,
        client_id: clientId,
        aud: audience,
        iat,
        exp: iat + lifetimeSeconds,
        jti: encodeBase64url(crypto.getRandomValues(new Uint8Array(JTI_BYTES))),
        ...(scope.length > 0 && { scope: scope.join(' ') }),
        ...(jkt !== undefined && { cnf: { jkt } }),
        ...(authTime !== undefined && { auth_time: authTime }),
        ...(acr !== undefined && { acr }),
      };
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid })
        .sign(privateKey);
      return { token, claims };
    },
  };
}
