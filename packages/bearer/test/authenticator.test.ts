import {
  type AuthError,
  createJwtVerifier,
  createKeySet,
  isAuthError,
  type TokenVerifier,
  UnavailableError,
} from '@keybound/core';
import {
  createTestClock,
  type FieldLines,
  ISSUER,
  KEYS,
  keySet,
  mintProof,
  mintToken,
  NOW,
  RESOURCE,
  testRequest,
  thumbprint,
} from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { type BearerAuthenticatorOptions, createBearerAuthenticator } from '../src/index.ts';

const JKT = thumbprint(KEYS.alice.publicJwk);
const tokens = createJwtVerifier({
  issuer: ISSUER,
  audience: RESOURCE,
  keys: createKeySet(keySet(KEYS.issuer)),
  clock: createTestClock(),
});

/** The context of an accepted request, or reason and code of the refusal. */
async function authenticate(
  token: string,
  fields: FieldLines = {},
  options: Partial<BearerAuthenticatorOptions> = {},
): Promise<unknown> {
  const authenticator = createBearerAuthenticator({ tokens, ...options });
  return authenticator.authenticate(testRequest(fields), token).catch((error: unknown) => {
    if (!isAuthError(error)) throw error;
    const { reason, code }: AuthError = error;
    return { reason, code };
  });
}

const UNBOUND = mintToken();
const BOUND = mintToken({ boundTo: KEYS.alice });
const REFUSED_AS_BOUND = { reason: 'token_bound', code: 'invalid_token' };
const REFUSED_AS_ODD = { reason: 'confirmation_unsupported', code: 'invalid_token' };
const REFUSED_FOR_PROOF = { reason: 'proof_unexpected', code: 'invalid_request' };

describe('scheme and challenge', () => {
  it('the authenticator → Bearer, without parameters of its own or nonces', () => {
    const authenticator = createBearerAuthenticator({ tokens });
    expect(authenticator).toMatchObject({ scheme: 'Bearer', challenge: [] });
    expect(authenticator.refusalHeaders).toBeUndefined();
  });
});

describe('binding × proof × strayProof', () => {
  const granted = { context: { scheme: 'Bearer' }, headers: [] };
  const proofs: readonly (readonly [string, FieldLines])[] = [
    ['no proof', {}],
    ['a good proof', { dpop: mintProof({ token: BOUND }) }],
    ['a proof that is garbage', { dpop: 'x' }],
    ['an empty DPoP field', { dpop: '' }],
    ['two DPoP fields', { dpop: [mintProof(), mintProof()] }],
  ];
  const oddities: readonly (readonly [string, unknown])[] = [
    ['null', null],
    ['a text', JKT],
    ['an array', [JKT]],
    ['empty', {}],
    ['jwk only', { jwk: KEYS.alice.publicJwk }],
    ['x5t#S256 only', { 'x5t#S256': JKT }],
    ['jkt and x5t#S256', { jkt: JKT, 'x5t#S256': JKT }],
    ['jkt padded', { jkt: `${JKT}=` }],
    ['jkt of the wrong type', { jkt: 7 }],
  ];

  it.each(proofs)(
    'an unbound token with %s, ignore → granted [DPOP-7.2-P2]',
    async (_n, fields) => {
      expect(await authenticate(UNBOUND, fields)).toMatchObject(granted);
      expect(await authenticate(UNBOUND, fields, { strayProof: 'ignore' })).toMatchObject(granted);
    },
  );

  it.each(proofs)(
    'an unbound token with %s, refuse → 400 if there is a field [DPOP-7.2-P2]',
    async (_n, fields) => {
      const expected = fields.dpop === undefined ? granted : REFUSED_FOR_PROOF;
      expect(await authenticate(UNBOUND, fields, { strayProof: 'refuse' })).toMatchObject(expected);
    },
  );

  it.each(
    proofs.flatMap(([name, fields]) =>
      (['ignore', 'refuse'] as const).map((strayProof) => [name, strayProof, fields] as const),
    ),
  )(
    'a bound token sent as Bearer with %s, %s → 401 invalid_token [DPOP-7.2-01]',
    async (_n, strayProof, fields) => {
      expect(await authenticate(BOUND, fields, { strayProof })).toEqual(REFUSED_AS_BOUND);
    },
  );

  it.each(oddities)(
    'cnf %s, with a proof or without → 401 invalid_token, never unbound [DPOP-6.1-P1] [MTLS-3-01]',
    async (_n, cnf) => {
      const token = mintToken({ claims: { cnf } });
      for (const [, fields] of proofs) {
        expect(await authenticate(token, fields)).toEqual(REFUSED_AS_ODD);
        expect(await authenticate(token, fields, { strayProof: 'refuse' })).toEqual(REFUSED_AS_ODD);
      }
    },
  );

  it('jkt beside cnf instead of inside → not bound, granted', async () => {
    expect(await authenticate(mintToken({ claims: { jkt: JKT } }))).toMatchObject(granted);
  });
});

describe('the context', () => {
  it('a good token → its claims, scope and expiry and nothing else', async () => {
    const claims = {
      iss: ISSUER,
      sub: 'alice',
      client_id: 'notes-client',
      aud: RESOURCE,
      iat: NOW,
      exp: NOW + 300,
      jti: 'j',
      scope: 'notes:read',
    };
    expect(await authenticate(mintToken({ claims }))).toEqual({
      context: { scheme: 'Bearer', claims, scope: ['notes:read'], expiresAt: NOW + 300 },
      headers: [],
    });
  });

  it('a bad token → the refusal of its verifier [BEARER-3.1-03]', async () => {
    expect(await authenticate(mintToken({ claims: { exp: NOW - 60 } }))).toEqual({
      reason: 'token_expired',
      code: 'invalid_token',
    });
  });

  it('a verifier that cannot tell → its UnavailableError, no grant [DPOP-7.1-03]', async () => {
    const error = new UnavailableError('issuer_keys', 'down');
    const down: TokenVerifier = { verify: () => Promise.reject(error) };
    await expect(authenticate(UNBOUND, {}, { tokens: down })).rejects.toBe(error);
  });
});

describe('createBearerAuthenticator', () => {
  it.each([
    ['no tokens', {}, 'tokens: give a token verifier'],
    ['tokens null', { tokens: null }, 'tokens: give a token verifier'],
    ['tokens without verify', { tokens: {} }, 'tokens: give a token verifier'],
    ['strayProof true', { tokens, strayProof: true }, "strayProof: must be 'ignore' or 'refuse'"],
    ['strayProof empty', { tokens, strayProof: '' }, "strayProof: must be 'ignore' or 'refuse'"],
  ])('%s → TypeError at start-up', (_name, options, message) => {
    expect(() => createBearerAuthenticator(options as BearerAuthenticatorOptions)).toThrow(
      new TypeError(message),
    );
  });
});
