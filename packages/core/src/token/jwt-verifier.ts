import { type Clock, systemClock } from '../clock.ts';
import type { JsonObject } from '../encoding/json.ts';
import { AuthError } from '../errors/auth-error.ts';
import { type SignatureAlgorithm, validateAlgorithms } from '../jose/algorithms.ts';
import {
  type CompactJws,
  hasUnsupportedHeader,
  isMediaType,
  type JwsLimits,
  parseCompactJws,
} from '../jose/compact-jws.ts';
import { verifySignature } from '../jose/signature.ts';
import { createIssuerKeys } from '../keys/issuer-keys.ts';
import { type KeySource, keySelector } from '../keys/key-source.ts';
import { requireCount, requireLeeway, requireText } from '../options.ts';
import {
  createVerifiedToken,
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
  /** @defaultValue the key set the issuer's metadata names, see {@link createIssuerKeys} */
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
  /** @defaultValue the system clock */
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

/**
 * A verifier for JWT access tokens (RFC 9068). Checks, in order: size and strict JWS form · `typ`
 * `at+jwt` · no `crit` or `b64` · `alg` in the list · the issuer's published key · signature · `iss` ·
 * the claims RFC 9068 §2.2 requires · `aud` · `exp` and `nbf` · `cnf`.
 *
 * Not checked: revocation (use introspection for that) and scope, which is the route's business.
 *
 * @throws TypeError when an option is missing or out of range.
 */
export function createJwtVerifier(options: JwtVerifierOptions): TokenVerifier {
  const {
    issuer,
    audience,
    leewaySeconds = 5,
    maxTokenChars = 8192,
    clock = systemClock,
  } = options;
  requireText('issuer', issuer);
  requireText('audience', audience);
  requireLeeway(leewaySeconds);
  requireCount('maxTokenChars', maxTokenChars);
  const algorithms = validateAlgorithms(options.algorithms ?? DEFAULT_ALGORITHMS);
  const keys = options.keys ?? createIssuerKeys({ issuer, clock });
  if (typeof keys.find !== 'function') {
    throw new TypeError('keys: give a key source; createKeySet makes one from a JWK Set');
  }
  const limits: JwsLimits = { chars: maxTokenChars, headerChars: 4096, depth: 16, members: 512 };

  return {
    async verify(token: string): Promise<VerifiedToken> {
      const jws = parseToken(token, limits);
      checkHeader(jws.header);
      await checkSignature(jws, algorithms, keys);
      if (jws.payload.iss !== issuer) {
        throw new AuthError('token_issuer_mismatch', { facts: { expected: issuer } });
      }
      requireClaims(jws.payload);
      return createVerifiedToken(jws.payload, { audience, leewaySeconds, now: clock() });
    },
  };
}

function parseToken(token: string, limits: JwsLimits): CompactJws {
  const jws = parseCompactJws(token, limits);
  if (jws === 'too_large') {
    throw new AuthError('token_too_large', { facts: { chars: token.length } });
  }
  if (jws === 'malformed') throw new AuthError('token_malformed');
  return jws;
}

function checkHeader(header: JsonObject): void {
  if (!isMediaType(header.typ, 'at+jwt')) throw new AuthError('token_type_mismatch');
  if (hasUnsupportedHeader(header)) throw new AuthError('token_header_unsupported');
}

async function checkSignature(
  { header, signature, signingInput }: CompactJws,
  algorithms: readonly SignatureAlgorithm[],
  keys: KeySource,
): Promise<void> {
  const selector = keySelector(header);
  if (selector === undefined || !algorithms.includes(selector.algorithm)) {
    throw new AuthError('token_algorithm_refused');
  }
  const key = await keys.find(selector);
  if (key === undefined) {
    throw new AuthError('token_key_unknown', { facts: { kid: selector.kid } });
  }
  if (!(await verifySignature(key, signature, signingInput))) {
    throw new AuthError('token_signature_invalid', { facts: { kid: selector.kid } });
  }
}

/** RFC 9068 §2.2; the types are checked with those of all tokens. */
function requireClaims(claims: JsonObject): void {
  for (const name of ['exp', 'aud', 'sub', 'client_id', 'iat', 'jti']) {
    if (claims[name] === undefined) throw invalidClaim(name);
  }
}
