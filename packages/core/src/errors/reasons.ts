/**
 * The registered OAuth error codes a resource server puts in a challenge (RFC 6750 §3.1, RFC 9449
 * §7.1, §9).
 */
export type AuthErrorCode =
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce';

/** What one reason puts on the wire. */
export interface ReasonEntry {
  /** Left out for a request without credentials, which gets no error code (RFC 6750 §3.1). */
  readonly code?: AuthErrorCode;
  /**
   * The sentence for the wire. Constant, and of %x20-21 / %x23-5B / %x5D-7E only (RFC 6750 §3), so
   * that nothing received can reach a header.
   */
  readonly description: string;
}

function request(description: string): ReasonEntry {
  return { code: 'invalid_request', description };
}
function token(description: string): ReasonEntry {
  return { code: 'invalid_token', description };
}
function proof(description: string): ReasonEntry {
  return { code: 'invalid_dpop_proof', description };
}
function nonce(description: string): ReasonEntry {
  return { code: 'use_dpop_nonce', description };
}

/** The name of the check that refused a request; finer than the OAuth error code. */
export type AuthReason =
  | 'credentials_missing'
  | 'credentials_malformed'
  | 'credentials_repeated'
  | 'fields_too_many'
  | 'target_invalid'
  | 'proof_unexpected'
  | 'scheme_not_offered'
  | 'token_too_large'
  | 'token_malformed'
  | 'token_type_mismatch'
  | 'token_algorithm_refused'
  | 'token_header_unsupported'
  | 'token_key_unknown'
  | 'token_signature_invalid'
  | 'token_claims_invalid'
  | 'token_issuer_mismatch'
  | 'token_audience_mismatch'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'token_inactive'
  | 'confirmation_unsupported'
  | 'token_bound'
  | 'token_not_bound'
  | 'key_mismatch'
  | 'scope_insufficient'
  | 'proof_missing'
  | 'proof_repeated'
  | 'proof_too_large'
  | 'proof_malformed'
  | 'proof_type_mismatch'
  | 'proof_algorithm_refused'
  | 'proof_header_unsupported'
  | 'jwk_malformed'
  | 'jwk_private'
  | 'jwk_unsuitable'
  | 'key_weak'
  | 'proof_signature_invalid'
  | 'proof_claims_invalid'
  | 'htm_mismatch'
  | 'htu_malformed'
  | 'htu_mismatch'
  | 'proof_expired'
  | 'proof_from_future'
  | 'ath_missing'
  | 'ath_mismatch'
  | 'proof_replayed'
  | 'nonce_missing'
  | 'nonce_stale'
  | 'proof_unaccountable';

/**
 * Every way a request can be refused: one row per check, with the OAuth error code and the sentence
 * that go on the wire. A row is chosen by {@link AuthReason} and nothing else makes wire text.
 */
export const AUTH_REASONS: Readonly<Record<AuthReason, ReasonEntry>> = {
  credentials_missing: { description: 'An access token is required' },
  credentials_malformed: request('The Authorization header field is malformed'),
  credentials_repeated: request('The request carries more than one access token'),
  fields_too_many: request('The request has too many header fields'),
  target_invalid: request('The request target is not one this server answers for'),
  proof_unexpected: request('A bearer token must not come with a DPoP proof'),

  scheme_not_offered: token('The access token must be presented with the offered scheme'),
  token_too_large: token('The access token is too large'),
  token_malformed: token('The access token is malformed'),
  token_type_mismatch: token('The token is not an access token'),
  token_algorithm_refused: token(
    'The access token is signed with an algorithm that is not accepted',
  ),
  token_header_unsupported: token('The access token header asks for an unsupported extension'),
  token_key_unknown: token('The access token is signed with an unknown key'),
  token_signature_invalid: token('The access token signature is not valid'),
  token_claims_invalid: token(
    'The access token lacks a required claim or has one of the wrong type',
  ),
  token_issuer_mismatch: token('The access token comes from another issuer'),
  token_audience_mismatch: token('The access token is meant for another resource'),
  token_expired: token('The access token has expired'),
  token_not_yet_valid: token('The access token is not valid yet'),
  token_inactive: token('The access token is not active'),
  confirmation_unsupported: token(
    'The access token is bound in a way that cannot be confirmed here',
  ),
  token_bound: token('The access token is bound to a key and cannot be used as a bearer token'),
  token_not_bound: token('The access token is not bound to a key'),
  key_mismatch: token('The access token is bound to another key than the DPoP proof key'),

  scope_insufficient: {
    code: 'insufficient_scope',
    description: 'The access token does not carry the required scope',
  },

  proof_missing: proof('A DPoP proof is required'),
  proof_repeated: proof('The request carries more than one DPoP proof'),
  proof_too_large: proof('The DPoP proof is too large'),
  proof_malformed: proof('The DPoP proof is not a well-formed JWT'),
  proof_type_mismatch: proof('The DPoP proof has another typ than dpop+jwt'),
  proof_algorithm_refused: proof('The DPoP proof is signed with an algorithm that is not accepted'),
  proof_header_unsupported: proof('The DPoP proof header asks for an unsupported extension'),
  jwk_malformed: proof('The DPoP proof key is missing or malformed'),
  jwk_private: proof('The DPoP proof key contains private key material'),
  jwk_unsuitable: proof('The DPoP proof key does not fit the signature algorithm'),
  key_weak: proof('The DPoP proof key is too weak to prove possession'),
  proof_signature_invalid: proof('The DPoP proof signature is not valid'),
  proof_claims_invalid: proof('The DPoP proof lacks a required claim or has one of the wrong type'),
  htm_mismatch: proof('The DPoP proof was made for another method'),
  htu_malformed: proof('The DPoP proof htu is not an absolute http URI'),
  htu_mismatch: proof('The DPoP proof was made for another URI'),
  proof_expired: proof('The DPoP proof is too old'),
  proof_from_future: proof('The DPoP proof was made in the future'),
  ath_missing: proof('The DPoP proof does not name the access token'),
  ath_mismatch: proof('The DPoP proof was made for another access token'),
  proof_replayed: proof('The DPoP proof has been used before'),

  nonce_missing: nonce('The DPoP proof must contain the nonce of the server'),
  nonce_stale: nonce('The DPoP proof must contain a recent nonce of the server'),
  proof_unaccountable: nonce('The DPoP proof must contain the nonce of this very response'),
};
