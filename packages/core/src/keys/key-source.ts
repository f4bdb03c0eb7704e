import type { Awaitable, VerifyKey } from '../crypto/runtime-crypto.ts';
import { isJsonObject } from '../encoding/json.ts';
import { isSignatureAlgorithm, type SignatureAlgorithm } from '../jose/algorithms.ts';
import { parsePublicJwk } from '../jose/public-jwk.ts';
import { importVerifyKey } from '../jose/signature.ts';

/** What the header of a token says about its key. Hostile input: it selects and does nothing else. */
export interface KeySelector {
  /** The name of the key in the set; undefined when the header names none. */
  readonly kid: string | undefined;
  /** The algorithm of the signature, one of the known ones. */
  readonly algorithm: SignatureAlgorithm;
}

/** Where the keys of an issuer come from. */
export interface KeySource {
  /**
   * The issuer's key for a token, or `undefined` when the issuer has no such key. Asked for every
   * token, also for one that was verified before: a token is remembered for as long as the very object
   * that verified it comes back, so give the same object as long as the key is good.
   *
   * @throws UnavailableError when that could not be found out.
   */
  find(selector: KeySelector): Awaitable<VerifyKey | undefined>;
}

/** How many keys of one set are looked at; further ones are ignored. */
const MAX_KEYS = 64;

/**
 * A {@link KeySource} over a JWK Set (RFC 7517 §5) that is already here. Exactly one key must fit the
 * algorithm and, where the token names one, carry its `kid`; nothing is tried out. Keys that are not
 * usable (symmetric, private, weak, malformed, for encryption, of an unknown kind) are passed over.
 *
 * @throws TypeError when the value is not a JWK Set.
 */
export function createKeySet(jwks: unknown): KeySource {
  if (!isJsonObject(jwks) || !Array.isArray(jwks.keys)) {
    throw new TypeError('jwks: not a JWK Set (an object with a keys array)');
  }
  const keys: readonly unknown[] = jwks.keys.slice(0, MAX_KEYS);
  const kids = new Set(keys.map(kidOf));
  const found = new Map<SignatureAlgorithm, Map<unknown, Awaitable<VerifyKey | undefined>>>();

  function search({ kid, algorithm }: KeySelector): Awaitable<VerifyKey | undefined> {
    const named = kid === undefined ? keys : keys.filter((key) => kidOf(key) === kid);
    const [fitting, ...others] = named
      .map((key) => parsePublicJwk(key, algorithm))
      .filter((key) => typeof key !== 'string');
    if (fitting === undefined || others.length > 0) return undefined;
    return importVerifyKey(fitting, algorithm);
  }

  return {
    find(selector): Awaitable<VerifyKey | undefined> {
      const { kid, algorithm } = selector;
      // Answers are kept for names of the set and for none, so that a stranger's names fill nothing.
      if (kid !== undefined && !kids.has(kid)) return undefined;
      const byKid = found.get(algorithm) ?? new Map<unknown, Awaitable<VerifyKey | undefined>>();
      found.set(algorithm, byKid);
      if (!byKid.has(kid)) byKid.set(kid, search(selector));
      return byKid.get(kid);
    },
  };
}

function kidOf(key: unknown): unknown {
  return isJsonObject(key) ? key.kid : undefined;
}

/** Reads `kid` and `alg` of a token header; undefined when the algorithm is not known. */
export function keySelector(header: Readonly<Record<string, unknown>>): KeySelector | undefined {
  if (!isSignatureAlgorithm(header.alg)) return undefined;
  return {
    kid: typeof header.kid === 'string' ? header.kid : undefined,
    algorithm: header.alg,
  };
}
