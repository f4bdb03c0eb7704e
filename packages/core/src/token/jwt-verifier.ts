import { type Cache, type CacheBounds, createCache } from '../cache.ts';
import { type Clock, systemClock } from '../clock.ts';
import {
  type Awaitable,
  isPromised,
  type SignatureThread,
  type VerifyKey,
} from '../crypto/runtime-crypto.ts';
import { decodeBase64url } from '../encoding/base64url.ts';
import { bytesOfJson, type JsonLimits, type JsonObject } from '../encoding/json.ts';
import { sha256Base64url } from '../encoding/sha256.ts';
import { AuthError } from '../errors/auth-error.ts';
import { type SignatureAlgorithm, validateAlgorithms } from '../jose/algorithms.ts';
import { type JwsLimits, parseJwsPart, splitCompactJws } from '../jose/compact-jws.ts';
import { validateSignatureThread, verifySignature } from '../jose/signature.ts';
import { createIssuerKeys } from '../keys/issuer-keys.ts';
import type { KeySelector, KeySource } from '../keys/key-source.ts';
import type { Observation } from '../observation.ts';
import { requireCount, requireLeeway, requireText } from '../options.ts';
import { createTokenHeaders } from './token-header.ts';
import {
  checkLifetime,
  createVerifiedToken,
  freezeToken,
  invalidClaim,
  type TokenVerifier,
  type VerifiedToken,
} from './verified-token.ts';

/** Options of {@link createJwtVerifier}. */
export interface JwtVerifierOptions {
  /** The issuer identifier; `iss` must be this very text (RFC 9068 §4). */
  readonly issuer: string;
  /** What `aud` must contain: the identifier of this resource (RFC 9068 §4). */
  readonly audience: string;
  /**
   * Where the keys of the issuer come from.
   * @defaultValue the key set the issuer's metadata names, see {@link createIssuerKeys}
   */
  readonly keys?: KeySource;
  /**
   * The algorithms a token may be signed with.
   * @defaultValue `['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA', 'RS256']`; RFC 9068 §2.1
   * makes RS256 the one every party supports
   */
  readonly algorithms?: readonly SignatureAlgorithm[];
  /** How far clocks may differ when `exp` and `nbf` are compared. @defaultValue 5 */
  readonly leewaySeconds?: number;
  /** The longest token that is looked at, in characters. @defaultValue 8192 */
  readonly maxTokenChars?: number;
  /**
   * Asked about every good token, also one that was verified before: whether it was revoked, as far as
   * you have heard. A JWT alone does not tell. @defaultValue nothing is asked
   */
  readonly isRevoked?: (token: VerifiedToken) => Awaitable<boolean>;
  /**
   * Bounds of the memory of verified tokens, or `'off'`. A token that is remembered costs a hash instead
   * of a signature. It is refused when it has ended, and verified anew as soon as the key source no longer
   * gives the key that verified it. All requests with it share what it says, which is therefore frozen.
   * @defaultValue at most 10 000 tokens and 32 MiB
   */
  readonly tokenCache?: CacheBounds | 'off';
  /** Where Node checks signatures. @defaultValue 'adaptive' */
  readonly signatureThread?: SignatureThread;
  /** What time it is; pass your own in tests. @defaultValue the system clock */
  readonly clock?: Clock;
}

const DEFAULT_ALGORITHMS: readonly SignatureAlgorithm[] = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'Ed25519',
  'EdDSA',
  'RS256',
];

/** Room for the roles and groups that some issuers write into their tokens. */
const TOKEN_JSON: JsonLimits = { depth: 16, members: 256, values: 1024 };

/** A token that passed every check, and what it takes to believe it again. */
interface Remembered {
  readonly token: VerifiedToken;
  readonly selector: KeySelector;
  readonly key: VerifyKey;
}

/**
 * A verifier for JWT access tokens (RFC 9068). Checks, in order: size and strict JWS form · `typ`
 * `at+jwt` · no `crit` or `b64` · `alg` in the list · the issuer's published key · signature · `iss` ·
 * the claims RFC 9068 §2.2 requires · `aud` · `exp` and `nbf` · `cnf` · `isRevoked`.
 *
 * A token that passed is remembered under its SHA-256 hash; of one that comes again, the key, the times
 * and `isRevoked` are asked. What this verifier remembers no other one sees.
 *
 * Not checked: revocation beyond `isRevoked` (introspection asks the issuer) and scope, which is the
 * route's business.
 *
 * @throws TypeError when an option is missing or out of range.
 */
export function createJwtVerifier(options: JwtVerifierOptions): TokenVerifier {
  const { issuer, audience, leewaySeconds = 5, maxTokenChars = 8192, isRevoked } = options;
  const { clock = systemClock, tokenCache = {}, signatureThread = 'adaptive' } = options;
  requireText('issuer', issuer);
  requireText('audience', audience);
  requireLeeway(leewaySeconds);
  requireCount('maxTokenChars', maxTokenChars);
  if (isRevoked !== undefined && typeof isRevoked !== 'function') {
    throw new TypeError('isRevoked: give a function that says whether a token was revoked');
  }
  validateSignatureThread(signatureThread);
  const algorithms = validateAlgorithms(options.algorithms ?? DEFAULT_ALGORITHMS);
  const keys = options.keys ?? createIssuerKeys({ issuer, clock });
  if (typeof keys.find !== 'function') {
    throw new TypeError('keys: give a key source; createKeySet makes one from a JWK Set');
  }
  const limits: JwsLimits = { chars: maxTokenChars, headerChars: 4096, ...TOKEN_JSON };
  const headers = createTokenHeaders(algorithms, limits);
  const known = tokenCache === 'off' ? undefined : createTokenCache(tokenCache);

  async function verifyAnew(text: string, hash?: string): Promise<Remembered> {
    const parts = splitCompactJws(text, limits);
    if (parts === 'too_large') throw tooLarge(text);
    if (parts === 'malformed') throw new AuthError('token_malformed');
    const selector = headers.read(parts.header);
    const payload = parseJwsPart(parts.payload, limits);
    const signature = decodeBase64url(parts.signature);
    if (!payload || !signature) throw new AuthError('token_malformed');
    const found = keys.find(selector);
    const key = requireKey(isPromised(found) ? await found : found, selector);
    const isValid = verifySignature(key, signature, parts.signingInput, signatureThread);
    if ((isPromised(isValid) ? await isValid : isValid) !== true) {
      throw new AuthError('token_signature_invalid', { facts: { kid: selector.kid } });
    }
    headers.remember(parts.header, selector);
    if (payload.iss !== issuer) {
      throw new AuthError('token_issuer_mismatch', { facts: { expected: issuer } });
    }
    requireClaims(payload);
    const now = clock();
    const hashOf = hash === undefined ? () => sha256Base64url(text) : constant(hash);
    const token = createVerifiedToken(payload, hashOf, { audience, leewaySeconds, now });
    return { token, selector, key };
  }

  async function verifyOnce(
    text: string,
    cache: Cache<Remembered>,
    observation: Observation | undefined,
  ): Promise<VerifiedToken> {
    // The whole text is hashed, signature included, so no part of another token can pass for it.
    const hashing = sha256Base64url(text);
    const hash = isPromised(hashing) ? await hashing : hashing;
    const remembered = cache.get(hash);
    if (remembered !== undefined) {
      const { token, selector } = remembered;
      const found = keys.find(selector);
      const key = requireKey(isPromised(found) ? await found : found, selector);
      // A key that was replaced is another object: the token is to be verified with that one.
      if (key === remembered.key) {
        checkLifetime(token.claims, { leewaySeconds, now: clock() });
        if (observation !== undefined) observation.isTokenRemembered = true;
        return token;
      }
    }
    if (observation !== undefined) observation.isTokenRemembered = false;
    const verified = await verifyAnew(text, hash);
    freezeToken(verified.token);
    cache.set(hash, verified);
    return verified.token;
  }

  function verifyText(text: string, observation?: Observation): Promise<VerifiedToken> {
    if (known !== undefined) return verifyOnce(text, known, observation);
    return verifyAnew(text).then(({ token }) => token);
  }

  async function verifyUnlessRevoked(
    text: string,
    revoked: NonNullable<typeof isRevoked>,
    observation: Observation | undefined,
  ): Promise<VerifiedToken> {
    const token = await verifyText(text, observation);
    if ((await revoked(token)) !== false) throw new AuthError('token_inactive');
    return token;
  }

  return {
    verify(text: string, observation?: Observation): Promise<VerifiedToken> {
      if (text.length > maxTokenChars) return Promise.reject(tooLarge(text));
      return isRevoked === undefined
        ? verifyText(text, observation)
        : verifyUnlessRevoked(text, isRevoked, observation);
    },
  };
}

/** What is remembered of a token beside its claims and its scope. */
const REMEMBERED_BYTES = 600;

function createTokenCache(bounds: CacheBounds): Cache<Remembered> {
  return createCache({
    option: 'tokenCache',
    bounds,
    defaults: { maxEntries: 10_000, maxBytes: 32 * 2 ** 20 },
    bytesOf: ({ token }) => REMEMBERED_BYTES + bytesOfJson(token.claims) + bytesOfJson(token.scope),
  });
}

/** Made where no text of a token is at hand, so that what is remembered keeps none. */
function constant(hash: string): () => string {
  return () => hash;
}

function requireKey(key: VerifyKey | undefined, { kid }: KeySelector): VerifyKey {
  if (key === undefined) throw new AuthError('token_key_unknown', { facts: { kid } });
  return key;
}

function tooLarge(text: string): AuthError {
  return new AuthError('token_too_large', { facts: { chars: text.length } });
}

/** RFC 9068 §2.2; the types are checked with those of all tokens. */
function requireClaims({ exp, aud, sub, client_id, iat, jti }: JsonObject): void {
  if (exp === undefined) throw invalidClaim('exp');
  if (aud === undefined) throw invalidClaim('aud');
  // An empty text names nobody and nothing.
  if (!sub) throw invalidClaim('sub');
  if (!client_id) throw invalidClaim('client_id');
  if (iat === undefined) throw invalidClaim('iat');
  if (!jti) throw invalidClaim('jti');
}
