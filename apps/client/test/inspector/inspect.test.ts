import {
  createTestClock,
  ISSUER,
  KEYS,
  keySet,
  mintProof,
  mintToken,
  NOW,
  RESOURCE,
} from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { NOTES } from '../../src/inspector/notes.ts';
import { ISSUER_KEYS, idsIn, inspect, OPAQUE, TOKEN } from './inspected.ts';

describe('a request whose issuer is known', () => {
  it('a good one → accepted, and all passed but what one request does not decide', async () => {
    const inspection = await inspect();
    expect(inspection).toMatchObject({ verdict: 'accepted', scheme: 'DPoP', issuerKnown: true });
    expect(inspection.token?.payload.iss).toBe(ISSUER);
    expect(inspection.proof?.payload.htm).toBe('GET');
    expect(idsIn(inspection, 'unknown')).toEqual([
      'fields',
      'token-active',
      'proof-replay',
      'scope',
    ]);
    expect(idsIn(inspection, 'failed')).toEqual([]);
    expect(inspection.notes).toEqual([NOTES.replay, NOTES.nonce, NOTES.route]);
    expect(inspection).not.toHaveProperty('reason');
  });

  it('the same one again → accepted again, since nothing is remembered', async () => {
    const again = { dpop: [mintProof({ token: TOKEN })] };
    expect((await inspect(again)).verdict).toBe('accepted');
    expect((await inspect(again)).verdict).toBe('accepted');
  });

  it('a query, a fragment and no path → compared without them', async () => {
    const htu = { claims: { htu: `${RESOURCE}/` } };
    expect((await inspect({ url: `${RESOURCE}?a=1#b`, proof: htu })).verdict).toBe('accepted');
  });

  it('another method → refused with both methods, and nothing behind is reached', async () => {
    const inspection = await inspect({ method: 'DELETE' });
    expect(inspection).toMatchObject({
      verdict: 'refused',
      reason: 'htm_mismatch',
      sentence: 'The DPoP proof was made for another method',
      facts: { received: 'GET', expected: 'DELETE' },
    });
    expect(idsIn(inspection, 'failed')).toEqual(['proof-method']);
    expect(idsIn(inspection, 'not-reached')).toEqual([
      'target',
      'proof-target',
      'proof-time',
      'proof-token',
      'proof-signature',
      'proof-replay',
      'scope',
    ]);
  });

  it.each([
    ['another key', { proof: { key: KEYS.mallory } }, 'key_mismatch'],
    ['another URL', { url: `${RESOURCE}/other` }, 'htu_mismatch'],
    ['another origin', { url: 'https://other.example/r' }, 'htu_mismatch'],
    ['a path with dot segments', { url: `${RESOURCE}/a/../r` }, 'target_invalid'],
    [
      'a token in the query as well',
      { url: `${RESOURCE}/r?access_token=a` },
      'credentials_repeated',
    ],
    ['two tokens', { authorization: ['DPoP a', 'DPoP b'] }, 'credentials_repeated'],
    ['another scheme', { authorization: ['Basic YTpi'] }, 'credentials_missing'],
    ['no token', { authorization: [] }, 'credentials_missing'],
    ['no proof', { dpop: [] }, 'proof_missing'],
    ['two proofs', { dpop: [mintProof(), mintProof()] }, 'proof_repeated'],
    ['a proof without ath', { dpop: [mintProof()] }, 'ath_missing'],
    [
      'a token for another resource',
      { issuerKeys: { ...ISSUER_KEYS, audience: 'https://x.example' } },
      'token_audience_mismatch',
    ],
    [
      'a token of another key',
      { issuerKeys: { ...ISSUER_KEYS, jwks: keySet(KEYS.issuerNext) } },
      'token_key_unknown',
    ],
    ['an unbound token', { token: mintToken() }, 'token_not_bound'],
    ['a bound token as bearer', { authorization: [`Bearer ${TOKEN}`] }, 'token_bound'],
  ] as const)('%s → refused', async (_circumstance, options, reason) => {
    expect(await inspect(options)).toMatchObject({ verdict: 'refused', reason });
  });
});

describe('the moment', () => {
  const clock = createTestClock(NOW + 3600);

  it('an hour later, now → refused with the age in seconds', async () => {
    const token = mintToken({ boundTo: KEYS.alice, claims: { exp: NOW + 7200 } });
    expect(await inspect({ token, clock })).toMatchObject({
      reason: 'proof_expired',
      facts: { ageSeconds: 3600 },
    });
  });

  it('an hour later, when made → accepted, and told so', async () => {
    const inspection = await inspect({ clock, at: 'when-made' });
    expect(inspection.verdict).toBe('accepted');
    expect(inspection.notes).toContain(NOTES.whenMade);
  });

  it.each([
    ['text', 'soon'],
    ['more than any clock shows', 1e300],
    ['negative', -5],
    ['missing', undefined],
  ])('when made, with an iat that is %s → the present', async (_circumstance, iat) => {
    const inspection = await inspect({ at: 'when-made', proof: { claims: { iat } } });
    expect(inspection.verdict).toBe('refused');
    expect(inspection.notes).toContain(NOTES.noMoment);
  });
});

describe('a bearer token', () => {
  const BEARER = mintToken();

  it('a good one of a known issuer → accepted, and nothing about proofs', async () => {
    const inspection = await inspect({ authorization: [`Bearer ${BEARER}`], dpop: [] });
    expect(inspection).toMatchObject({ verdict: 'accepted', scheme: 'Bearer' });
    expect(inspection.checks.filter(({ about }) => about === 'proof')).toEqual([]);
    expect(inspection.notes).toEqual([NOTES.route]);
  });

  it('one with a proof beside it → accepted, and told that the proof does not count', async () => {
    const inspection = await inspect({ authorization: [`Bearer ${BEARER}`] });
    expect(inspection.verdict).toBe('accepted');
    expect(inspection.notes).toContain(NOTES.strayProof);
    expect(idsIn(inspection, 'unknown')).toContain('stray-proof');
  });

  it.each([
    ['opaque', OPAQUE],
    ['of a foreign issuer', mintToken({ claims: { iss: 'https://other.example' } })],
  ])('one that is %s → nothing can be said', async (_circumstance, token) => {
    const inspection = await inspect({ authorization: [`Bearer ${token}`], dpop: [] });
    expect(inspection.verdict).toBe('unreadable');
    expect(inspection.notes).toContain(NOTES.bearerForeign);
  });
});
