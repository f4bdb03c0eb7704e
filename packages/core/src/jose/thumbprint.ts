import type { Awaitable } from '../crypto/runtime-crypto.ts';
import { sha256Base64url } from '../encoding/sha256.ts';
import type { PublicJwk } from './public-jwk.ts';

/**
 * The JWK thumbprint of a public key (RFC 7638, SHA-256) as 43 base64url characters: the value of
 * `cnf.jkt` and `dpop_jkt` (RFC 9449 §6.1, §10).
 *
 * Takes a parsed {@link PublicJwk}, because a thumbprint identifies a key only when the key has one
 * spelling (RFC 7638 §7). There at once on Node, promised elsewhere.
 */
export function jwkThumbprint(jwk: PublicJwk): Awaitable<string> {
  return sha256Base64url(canonicalJson(jwk));
}

// Required members in lexicographic order without blanks (RFC 7638 §3). The values are curve names
// and base64url texts, so nothing needs an escape.
function canonicalJson(jwk: PublicJwk): string {
  switch (jwk.kty) {
    case 'EC':
      return `{"crv":"${jwk.crv}","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`;
    case 'RSA':
      return `{"e":"${jwk.e}","kty":"RSA","n":"${jwk.n}"}`;
    case 'OKP':
      return `{"crv":"${jwk.crv}","kty":"OKP","x":"${jwk.x}"}`;
  }
}
