import type { AuthReason, Scheme } from '@keybound/core';
import { KEYS, NOW, thumbprint } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/inspector/checks.ts';
import { both, type Differences, reasonOf } from './faulty-request.ts';

interface Fault {
  readonly reason: AuthReason;
  readonly differences: Differences;
}

function fault(reason: AuthReason, differences: Differences): Fault {
  return { reason, differences };
}

// The y of the neutral element: a signature with such a key can be made by anybody.
const WEAK_X = Buffer.from([1, ...Array.from({ length: 31 }, () => 0)]).toString('base64url');
const CNF = { jkt: thumbprint(KEYS.alice.publicJwk) };

const TOKEN_FAULTS: readonly Fault[] = [
  fault('token_malformed', { tokenSuffix: '.x' }),
  fault('token_type_mismatch', { tokenHeader: { typ: 'JWT' } }),
  fault('token_header_unsupported', { tokenHeader: { crit: ['exp'] } }),
  fault('token_algorithm_refused', { tokenHeader: { alg: 'HS256' } }),
  fault('token_key_unknown', { tokenHeader: { kid: 'nobody' } }),
  fault('token_signature_invalid', { tokenKey: KEYS.mallory }),
  fault('token_issuer_mismatch', { tokenClaims: { iss: 'https://other.example' } }),
  fault('token_claims_invalid', { tokenClaims: { jti: undefined } }),
  fault('token_audience_mismatch', { tokenClaims: { aud: 'https://other.example' } }),
  fault('token_expired', { tokenClaims: { exp: NOW - 100 } }),
  fault('confirmation_unsupported', { tokenClaims: { cnf: { jkt: 'short' } } }),
  fault('token_inactive', { isRevoked: true }),
];

const FAULTS: Readonly<Record<Scheme, readonly Fault[]>> = {
  DPoP: [
    fault('credentials_repeated', { credentialsTwice: true }),
    fault('scheme_not_offered', { offers: 'Bearer' }),
    fault('proof_repeated', { proofTwice: true }),
    fault('proof_malformed', { proofPrefix: '!' }),
    fault('proof_type_mismatch', { proofHeader: { typ: 'JWT' } }),
    fault('proof_header_unsupported', { proofHeader: { crit: ['exp'] } }),
    fault('proof_algorithm_refused', { proofHeader: { alg: 'HS256' } }),
    fault('jwk_private', { jwk: { d: 'AA' } }),
    fault('jwk_unsuitable', { jwk: { use: 'enc' } }),
    fault('key_weak', { proofKey: KEYS.aliceEd25519, jwk: { x: WEAK_X } }),
    ...TOKEN_FAULTS,
    fault('token_not_bound', { tokenClaims: { cnf: undefined } }),
    fault('key_mismatch', { proofKey: KEYS.mallory }),
    fault('proof_claims_invalid', { proofClaims: { jti: undefined } }),
    fault('htm_mismatch', { proofClaims: { htm: 'POST' } }),
    fault('target_invalid', { target: '/a/../r' }),
    fault('htu_mismatch', { proofClaims: { htu: 'https://other.example/r' } }),
    fault('proof_expired', { proofClaims: { iat: NOW - 1000 } }),
    fault('ath_mismatch', { proofClaims: { ath: 'another' } }),
    fault('proof_signature_invalid', { proofSigner: KEYS.mallory }),
    fault('nonce_missing', { proofClaims: { nonce: undefined } }),
    fault('proof_replayed', { isReplayed: true }),
    fault('scope_insufficient', { scopes: ['admin'] }),
  ],
  Bearer: [
    fault('credentials_repeated', { credentialsTwice: true }),
    fault('scheme_not_offered', { offers: 'DPoP' }),
    ...TOKEN_FAULTS,
    fault('token_bound', { tokenClaims: { cnf: CNF } }),
    fault('proof_unexpected', { strayProof: true }),
    fault('scope_insufficient', { scopes: ['admin'] }),
  ],
};

function placeOf(reason: AuthReason): number {
  return CHECKS.findIndex(({ reasons }) => reasons.includes(reason));
}

/** Two faults of one claim exclude each other. */
function canMeet(a: Fault, b: Fault): boolean {
  const claims = Object.keys(b.differences.tokenClaims ?? {});
  return !claims.some((name) => Object.hasOwn(a.differences.tokenClaims ?? {}, name));
}

describe.each(['DPoP', 'Bearer'] as const)('the order of the checks, with %s', (scheme) => {
  const faults = FAULTS[scheme];

  it('a request without fault → granted', async () => {
    expect(await reasonOf(scheme)).toBeUndefined();
  });

  it.each(faults)('one fault → $reason', async ({ reason, differences }) => {
    expect(await reasonOf(scheme, differences)).toBe(reason);
  });

  it.each(faults)('$reason and a fault of any later check → $reason', async (first) => {
    const later = faults.filter(
      (second) => placeOf(first.reason) < placeOf(second.reason) && canMeet(first, second),
    );
    const reported = await Promise.all(
      later.map((second) => reasonOf(scheme, both(first.differences, second.differences))),
    );
    const pairs = later.map(({ reason }, index) => `with ${reason}: ${reported[index]}`);
    expect(pairs).toEqual(later.map(({ reason }) => `with ${reason}: ${first.reason}`));
  });

  it('every fault belongs to a check of its own → all places of the order are compared', () => {
    const places = faults.map(({ reason }) => placeOf(reason));
    expect(new Set(places).size).toBe(faults.length);
  });
});

describe('a form that turns out wrong late', () => {
  // y is not the one of x, which shows when the key is imported, before the signature.
  const offCurve = { jwk: { y: KEYS.alice.publicJwk.x ?? '' } };

  it('a point off its curve → counted with the form of the key', async () => {
    const bound = { cnf: { jkt: thumbprint({ ...KEYS.alice.publicJwk, ...offCurve.jwk }) } };
    const reason = await reasonOf('DPoP', { ...offCurve, tokenClaims: bound });
    expect(reason).toBe('jwk_malformed');
  });

  it('a point off its curve and a fault before the signature → the other fault', async () => {
    expect(await reasonOf('DPoP', offCurve)).toBe('key_mismatch');
  });
});
