import { isJsonObject } from '../encoding/json.ts';
import { isSignatureAlgorithm, type SignatureAlgorithm } from '../jose/algorithms.ts';
import { parsePublicJwk } from '../jose/public-jwk.ts';
import { importVerifyKey, type VerifyKey } from '../jose/signature.ts';

/** What the header of a token says about its key. Hostile input: it selects and does nothing else. */
export interface KeySelector {
  readonly kid: string | undefined;
  readonly algorithm: SignatureAlgorithm;
}

/** Where the keys of an issuer come from. */
export interface KeySource {
  /**
   * The issuer's key for a token, or `undefined` when the issuer has no such key.
   *
   * @throws UnavailableError when that could not be found out.
   */
  find(selector: KeySelector): Promise<VerifyKey | undefined>;
}

/** How many keys of one set are looked at; further ones are ignored. */
const MAX_KEYS = 64;

interface KeySetEntry {
  readonly kid: unknown;
  readonly jwk: unknown;
  readonly imported: Map<SignatureAlgorithm, Promise<VerifyKey | undefined>>;
}

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
  const entries = jwks.keys.slice(0, MAX_KEYS).map(
    (jwk: unknown): KeySetEntry => ({
      kid: isJsonObject(jwk) ? jwk.kid : undefined,
      jwk,
      imported: new Map(),
    }),
  );

  return {
    async find({ kid, algorithm }): Promise<VerifyKey | undefined> {
      const named = kid === undefined ? entries : entries.filter((entry) => entry.kid === kid);
      const [fitting, ...others] = named.flatMap(({ jwk: value, imported }) => {
        const jwk = parsePublicJwk(value, algorithm);
        return typeof jwk === 'string' ? [] : [{ jwk, imported }];
      });
      if (fitting === undefined || others.length > 0) return undefined;
      const key = fitting.imported.get(algorithm) ?? importVerifyKey(fitting.jwk, algorithm);
      fitting.imported.set(algorithm, key);
      return key;
    },
  };
}

/** Reads `kid` and `alg` of a token header; undefined when the algorithm is not known. */
export function keySelector(header: Readonly<Record<string, unknown>>): KeySelector | undefined {
  if (!isSignatureAlgorithm(header.alg)) return undefined;
  return {
    kid: typeof header.kid === 'string' ? header.kid : undefined,
    algorithm: header.alg,
  };
}
