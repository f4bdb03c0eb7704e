import {
  type PublicJwk,
  parsePublicJwk,
  type SignatureAlgorithm,
  validateAlgorithms,
} from '@keybound/core';

const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const;

/**
 * The RFC 7638 members of a key and nothing else, so that no private member, `kid` or `key_ops` can
 * reach a proof whatever the key came from (RFC 9449 §4.2).
 *
 * @throws TypeError when the algorithm is not a known one, or they are not a public key for it in
 * canonical spelling.
 */
export function minimalJwk(
  jwk: PublicJwk | Readonly<Record<string, unknown>>,
  algorithm: SignatureAlgorithm,
): PublicJwk {
  validateAlgorithms([algorithm]);
  const members: Readonly<Record<string, unknown>> = { ...jwk };
  const picked = Object.fromEntries(PUBLIC_MEMBERS.map((name) => [name, members[name]]));
  const parsed = parsePublicJwk(picked, algorithm);
  if (typeof parsed === 'string') {
    throw new TypeError(`the public key is not one for ${algorithm}: ${parsed}`);
  }
  return parsed;
}
