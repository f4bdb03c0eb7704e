import type { SignatureAlgorithm } from '@keybound/core';
import { SignerError } from '../signer-error.ts';

// Small keys and fast signatures first; RSA last, for servers that take nothing else.
const PREFERENCE: readonly SignatureAlgorithm[] = [
  'ES256',
  'Ed25519',
  'EdDSA',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
];

/**
 * The algorithm for a client's key that every server it calls accepts (RFC 9449 §5.1, §7.1).
 *
 * @param accepted - one list for each server: `dpop_signing_alg_values_supported` of the metadata of an
 * authorization server or a protected resource (RFC 9728), or the `algs` of a DPoP challenge. A server that
 * does not say is `undefined` and accepts what the others do.
 * @throws SignerError `algorithm_unsupported` when there is none, before any request is sent.
 */
export function chooseAlgorithm(
  ...accepted: readonly (readonly string[] | string | undefined)[]
): SignatureAlgorithm {
  const lists = accepted.flatMap((list) => (list === undefined ? [] : [toList(list)]));
  const chosen = PREFERENCE.find((algorithm) => lists.every((list) => list.includes(algorithm)));
  if (chosen !== undefined) return chosen;
  throw new SignerError(
    'algorithm_unsupported',
    'no signature algorithm is accepted by all servers; compare their dpop_signing_alg_values_supported',
  );
}

/** The `algs` parameter of a challenge is one text with blanks between the names. */
function toList(list: readonly string[] | string): readonly string[] {
  return typeof list === 'string' ? list.split(' ') : list;
}
