import { describe, expect, it } from 'vitest';
import { AUTH_REASONS, type AuthErrorCode, type AuthReason } from '../src/index.ts';

const ROWS = Object.entries(AUTH_REASONS);

describe('AUTH_REASONS', () => {
  it.each(ROWS)(
    '%s → one sentence of %x20-21 / %x23-5B / %x5D-7E [BEARER-3-04]',
    (_reason, { description }) => {
      expect(description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
      expect(description).toMatch(/^[A-Z][^.]*[A-Za-z]$/);
    },
  );

  it('every row → its own sentence', () => {
    const sentences = ROWS.map(([, { description }]) => description);
    expect(new Set(sentences).size).toBe(sentences.length);
  });

  it.each<[AuthReason, AuthErrorCode | undefined]>([
    ['credentials_missing', undefined],
    ['credentials_malformed', 'invalid_request'],
    ['credentials_repeated', 'invalid_request'],
    ['fields_too_many', 'invalid_request'],
    ['target_invalid', 'invalid_request'],
    ['proof_unexpected', 'invalid_request'],
    ['scheme_not_offered', 'invalid_token'],
    ['token_too_large', 'invalid_token'],
    ['token_malformed', 'invalid_token'],
    ['token_type_mismatch', 'invalid_token'],
    ['token_algorithm_refused', 'invalid_token'],
    ['token_header_unsupported', 'invalid_token'],
    ['token_key_unknown', 'invalid_token'],
    ['token_signature_invalid', 'invalid_token'],
    ['token_claims_invalid', 'invalid_token'],
    ['token_issuer_mismatch', 'invalid_token'],
    ['token_audience_mismatch', 'invalid_token'],
    ['token_expired', 'invalid_token'],
    ['token_not_yet_valid', 'invalid_token'],
    ['token_inactive', 'invalid_token'],
    ['confirmation_unsupported', 'invalid_token'],
    ['token_bound', 'invalid_token'],
    ['token_not_bound', 'invalid_token'],
    ['key_mismatch', 'invalid_token'],
    ['scope_insufficient', 'insufficient_scope'],
    ['proof_missing', 'invalid_dpop_proof'],
    ['proof_repeated', 'invalid_dpop_proof'],
    ['proof_too_large', 'invalid_dpop_proof'],
    ['proof_malformed', 'invalid_dpop_proof'],
    ['proof_type_mismatch', 'invalid_dpop_proof'],
    ['proof_algorithm_refused', 'invalid_dpop_proof'],
    ['proof_header_unsupported', 'invalid_dpop_proof'],
    ['jwk_malformed', 'invalid_dpop_proof'],
    ['jwk_private', 'invalid_dpop_proof'],
    ['jwk_unsuitable', 'invalid_dpop_proof'],
    ['key_weak', 'invalid_dpop_proof'],
    ['proof_signature_invalid', 'invalid_dpop_proof'],
    ['proof_claims_invalid', 'invalid_dpop_proof'],
    ['htm_mismatch', 'invalid_dpop_proof'],
    ['htu_malformed', 'invalid_dpop_proof'],
    ['htu_mismatch', 'invalid_dpop_proof'],
    ['proof_expired', 'invalid_dpop_proof'],
    ['proof_from_future', 'invalid_dpop_proof'],
    ['ath_missing', 'invalid_dpop_proof'],
    ['ath_mismatch', 'invalid_dpop_proof'],
    ['proof_replayed', 'invalid_dpop_proof'],
    ['nonce_missing', 'use_dpop_nonce'],
    ['nonce_stale', 'use_dpop_nonce'],
    ['proof_unaccountable', 'use_dpop_nonce'],
  ])('%s → code %s [DPOP-7.1-06]', (reason, code) => {
    expect(AUTH_REASONS[reason].code).toBe(code);
  });

  it('a new reason → needs a row in the table above', () => {
    expect(ROWS).toHaveLength(49);
  });
});
