import {
  isJsonObject,
  type JsonObject,
  parsePublicJwk,
  type SignatureAlgorithm,
} from '@keybound/core';
import type { ClientMetadata } from './client.ts';
import { keysMember, memberFault } from './metadata-members.ts';

const MAX_KEYS = 16;
const MAX_KID_CHARS = 256;
// PostgreSQL keeps neither U+0000 nor halves of characters, and nobody needs the others in a name.
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/**
 * The public keys in the `jwks` of a client with `private_key_jwt`. A private or symmetric key is
 * refused, whatever else is in the set: it is a secret that should not have been sent. Keys that serve
 * other ends (encryption, other algorithms) are left out, since only signatures are checked with them.
 *
 * @throws OauthError `invalid_client_metadata`
 */
export function parseClientKeys(
  metadata: JsonObject,
  algorithms: readonly SignatureAlgorithm[],
): NonNullable<ClientMetadata['jwks']> {
  const keys = keysMember(metadata, 'jwks');
  if (keys === undefined) throw memberFault('jwks', 'is missing');
  if (keys.length > MAX_KEYS) throw memberFault('jwks', `may have at most ${MAX_KEYS} keys`);
  const usable = keys.map((key) => usableKey(key, algorithms)).filter((key) => key !== undefined);
  if (usable.length === 0) throw memberFault('jwks', 'has no key that is of use here');
  return { keys: usable };
}

/** The members of a key that verifying needs; undefined when it fits no algorithm. */
function usableKey(
  key: unknown,
  algorithms: readonly SignatureAlgorithm[],
): JsonObject | undefined {
  if (!isJsonObject(key)) throw memberFault('jwks', 'must hold keys alone');
  if (key.kty === 'oct') throw memberFault('jwks', 'must not have a symmetric key');
  const { kid, alg } = key;
  if (kid !== undefined && !isKid(kid)) throw memberFault('jwks', 'has a key with an unfit kid');
  for (const algorithm of algorithms) {
    const jwk = parsePublicJwk(key, algorithm);
    if (jwk === 'jwk_private') throw memberFault('jwks', 'must not have a private key');
    if (typeof jwk === 'string') continue;
    return { ...jwk, ...(kid !== undefined && { kid }), ...(alg !== undefined && { alg }) };
  }
  return undefined;
}

function isKid(kid: unknown): boolean {
  return typeof kid === 'string' && kid.length <= MAX_KID_CHARS && !UNPRINTABLE.test(kid);
}
