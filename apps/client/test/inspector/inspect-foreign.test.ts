import { KEYS, mintProof, mintToken, thumbprint } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { NOTES } from '../../src/inspector/notes.ts';
import { idsIn, inspect, OPAQUE, TOKEN } from './inspected.ts';

const FOREIGN = mintToken({ boundTo: KEYS.alice, claims: { iss: 'https://other.example' } });

describe('a token whose issuer is not known', () => {
  it('a good proof → accepted, and the token unknown', async () => {
    const inspection = await inspect({ token: FOREIGN });
    expect(inspection).toMatchObject({ verdict: 'accepted', issuerKnown: false });
    expect(inspection.notes).toContain(NOTES.foreign);
    const about = inspection.checks.filter((check) => check.about === 'token');
    expect(new Set(about.map(({ state }) => state))).toEqual(new Set(['unknown']));
    expect(idsIn(inspection, 'passed')).toContain('key-match');
  });

  it('no keys at all → the same', async () => {
    expect(await inspect({ issuerKeys: undefined })).toMatchObject({
      verdict: 'accepted',
      issuerKnown: false,
    });
  });

  it('an opaque token → accepted, and neither token nor binding known', async () => {
    const inspection = await inspect({ token: OPAQUE });
    expect(inspection.verdict).toBe('accepted');
    expect(inspection.notes).toContain(NOTES.opaque);
    expect(inspection).not.toHaveProperty('token');
    expect(idsIn(inspection, 'unknown')).toEqual(
      expect.arrayContaining(['token-form', 'token-bound', 'key-match']),
    );
    expect(idsIn(inspection, 'passed')).toContain('proof-token');
  });

  it('another key → refused with both keys', async () => {
    expect(await inspect({ token: FOREIGN, proof: { key: KEYS.mallory } })).toMatchObject({
      reason: 'key_mismatch',
      facts: {
        tokenKey: thumbprint(KEYS.alice.publicJwk),
        proofKey: thumbprint(KEYS.mallory.publicJwk),
      },
    });
  });

  it.each([
    [
      'another method and another key',
      { method: 'PUT', proof: { key: KEYS.mallory } },
      'key_mismatch',
    ],
    [
      'another typ and another key',
      { proof: { key: KEYS.mallory, header: { typ: 'JWT' } } },
      'proof_type_mismatch',
    ],
    ['another method and no ath', { method: 'PUT', dpop: [mintProof()] }, 'htm_mismatch'],
    ['no ath', { dpop: [mintProof()] }, 'ath_missing'],
    ['the ath of another token', { dpop: [mintProof({ token: TOKEN })] }, 'ath_mismatch'],
    [
      'no ath and a bad signature',
      { dpop: [`${mintProof().slice(0, -8)}AAAAAAAA`] },
      'ath_missing',
    ],
    ['no proof', { dpop: [] }, 'proof_missing'],
    [
      'a token bound to a certificate',
      { token: mintToken({ claims: { iss: 'https://other.example', cnf: { 'x5t#S256': 'a' } } }) },
      'confirmation_unsupported',
    ],
    [
      'a token bound to no key',
      { token: mintToken({ claims: { iss: 'https://other.example' } }) },
      'token_not_bound',
    ],
    ['a bound token as bearer', { authorization: [`Bearer ${FOREIGN}`] }, 'token_bound'],
  ] as const)('%s → refused by the earliest check', async (_circumstance, options, reason) => {
    const inspection = await inspect({ token: FOREIGN, ...options });
    expect(inspection).toMatchObject({ verdict: 'refused', reason });
  });
});
