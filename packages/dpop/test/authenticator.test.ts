import {
  type Authenticator,
  createGuard,
  createIntrospectionVerifier,
  createJwtVerifier,
  createKeySet,
  type TokenVerifier,
} from '@keybound/core';
import {
  createTestClock,
  ISSUER,
  KEYS,
  keySet,
  mintProof,
  mintToken,
  NOW,
  RESOURCE,
  sha256,
  type TokenOverrides,
  testRequest,
  thumbprint,
} from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  createDpopAuthenticator,
  createMemoryReplayStore,
  createNonces,
  type DpopAuthenticatorOptions,
} from '../src/index.ts';
import { withTailBits } from './support/forge.ts';
import { DEFAULT_ALGS, draftFor, jwtTokens, RESOURCE_SERVER, TOKEN } from './support/servers.ts';

const { alice, mallory } = KEYS;
const JKT = thumbprint(alice.publicJwk);
const ALGS = `DPoP realm="api", algs="${DEFAULT_ALGS}"`;
const NO_STORE = ['cache-control', 'no-store'] as const;

const authenticator = (options: Partial<DpopAuthenticatorOptions> = {}) => {
  const clock = createTestClock();
  return createDpopAuthenticator({
    tokens: jwtTokens(clock),
    publicOrigin: RESOURCE,
    replay: createMemoryReplayStore({ clock }),
    clock,
    ...options,
  });
};

/** A guard whose only scheme is DPoP. */
const guardOf = (options: Partial<DpopAuthenticatorOptions> = {}) =>
  createGuard({ authenticators: [authenticator(options)] });

const proofFor = (token: string, key = alice): string => mintProof({ key, token });

describe('a good request', () => {
  it('A02 → the context of RFC 9449 and no further field [DPOP-4.3-13]', async () => {
    const decision = await guardOf().decide(
      testRequest({ authorization: `DPoP ${TOKEN}`, dpop: proofFor(TOKEN) }),
    );
    expect(decision).toMatchObject({
      granted: true,
      headers: [],
      auth: {
        scheme: 'DPoP',
        jkt: JKT,
        scope: ['notes:read', 'notes:write'],
        expiresAt: NOW + 300,
        claims: { iss: ISSUER, sub: 'alice', cnf: { jkt: JKT } },
      },
    });
  });

  it.each([
    ['A16', 'dpop'],
    ['A16', 'dPoP'],
    ['A17', 'DPoP   '],
  ])('%s the scheme written %j → accepted [BEARER-2.1-01]', async (_id, scheme) => {
    const decision = await guardOf().decide(
      testRequest({ authorization: `${scheme} ${TOKEN}`, dpop: proofFor(TOKEN) }),
    );
    expect(decision.granted).toBe(true);
  });

  it('J17 a proof captured for /r, sent with a query → accepted: the query is not covered [DPOP-4.3-09]', async () => {
    const guard = guardOf({ replay: 'off-accepting-replays' });
    const fields = { authorization: `DPoP ${TOKEN}`, dpop: proofFor(TOKEN) };
    for (const target of ['/r', '/r?admin=1']) {
      expect(await guard.decide(testRequest(fields, { target }))).toMatchObject({ granted: true });
    }
  });
});

describe('credentials', () => {
  const proof = (): string => proofFor(TOKEN);
  const missing = {
    status: 401,
    headers: [['www-authenticate', ALGS], NO_STORE],
    body: { error_description: 'An access token is required' },
  };
  const malformed = (code: string, description: string, status = 400) => ({
    status,
    headers: [
      ['www-authenticate', `${ALGS}, error="${code}", error_description="${description}"`],
      NO_STORE,
    ],
    body: { error: code, error_description: description },
  });
  const BROKEN = malformed('invalid_request', 'The Authorization header field is malformed');
  const TWO = malformed('invalid_request', 'The request carries more than one access token');
  const OTHER = malformed(
    'invalid_token',
    'The access token must be presented with the offered scheme',
    401,
  );
  const NO_PROOF = malformed('invalid_dpop_proof', 'A DPoP proof is required', 401);

  it.each([
    ['B25 nothing at all → 401 without error [DPOP-7.1-04, BEARER-3.1-01]', {}, missing],
    ['B26 a good proof and no token → 401 without error [DPOP-4-02]', { dpop: proof() }, missing],
    [
      'B21 the token in Proxy-Authorization → 401 without error [DPOP-7.1-04]',
      { 'proxy-authorization': `DPoP ${TOKEN}`, dpop: proof() },
      missing,
    ],
    [
      'B01 a bound token and no proof → 401 invalid_dpop_proof [DPOP-7.1-02, DPOP-6-01]',
      { authorization: `DPoP ${TOKEN}` },
      NO_PROOF,
    ],
    [
      'two Authorization fields → 400 invalid_request [BEARER-2-02]',
      { authorization: [`Bearer ${TOKEN}`, `DPoP ${TOKEN}`], dpop: proof() },
      TWO,
    ],
    [
      'B17 two schemes in one field → 400 invalid_request [BEARER-2-02]',
      { authorization: `Bearer ${TOKEN}, DPoP ${TOKEN}`, dpop: proof() },
      BROKEN,
    ],
    [
      'B19 a tab after the scheme → 400 invalid_request [BEARER-2.1-01]',
      { authorization: `DPoP\t${TOKEN}`, dpop: proof() },
      BROKEN,
    ],
    [
      'B20 a quote in the token → 400 invalid_request, not reflected [BEARER-3-04]',
      { authorization: `DPoP a"b`, dpop: proof() },
      BROKEN,
    ],
    [
      'a bound token as Bearer where only DPoP is offered → 401 invalid_token [DPOP-7.2-01, DPOP-6-01]',
      { authorization: `Bearer ${TOKEN}` },
      OTHER,
    ],
    [
      'H04 a bound token as Bearer beside a valid proof → 401 invalid_token [DPOP-7.2-01, DPOP-6-01]',
      { authorization: `Bearer ${TOKEN}`, dpop: proof() },
      OTHER,
    ],
  ])('%s', async (_title, fields, denial) => {
    const decision = await guardOf().decide(testRequest(fields));
    expect(decision.granted === false && decision.denial).toEqual(denial);
  });

  it('B12 the proof in the query only → 401 invalid_dpop_proof [DPOP-7.1-02]', async () => {
    const decision = await guardOf().decide(
      testRequest({ authorization: `DPoP ${TOKEN}` }, { target: `/r?dpop=${proof()}` }),
    );
    expect(decision.granted === false && decision.denial).toEqual(NO_PROOF);
  });

  it('B23 the token in the query as well → 400 invalid_request [BEARER-2-02]', async () => {
    const fields = { authorization: `DPoP ${TOKEN}`, dpop: proof() };
    const target = `/r?access_token=${TOKEN}`;
    const decision = await guardOf().decide(testRequest(fields, { target }));
    expect(decision.granted === false && decision.denial).toEqual(TWO);
  });
});

/** What a binding table sends: the token, and a proof by Alice that names it. */
async function sendToken(token: string) {
  const server = RESOURCE_SERVER.create();
  const good = await server.send({ proof: proofFor(TOKEN), token: TOKEN });
  server.spent.length = 0;
  const outcome = await server.send({ proof: proofFor(token), token });
  expect(server.spent).toEqual([]);
  return { good, outcome };
}

describe('the token and what it is bound to', () => {
  const cnf = (value: unknown): TokenOverrides => ({ claims: { cnf: value } });
  const hash = Buffer.from(JKT, 'base64url');
  const rows: [string, TokenOverrides, string][] = [
    ['H01 bound to another key [DPOP-4.3-13, DPOP-7.1-12]', { boundTo: mallory }, 'key_mismatch'],
    ['H02 not bound [DPOP-7.2-P1, DPOP-6-01]', {}, 'token_not_bound'],
    ['H20 jkt outside cnf [DPOP-7.2-P1]', { claims: { jkt: JKT } }, 'token_not_bound'],
    ['H07 jkt padded [DPOP-6.1-P1]', cnf({ jkt: `${JKT}=` }), 'confirmation_unsupported'],
    [
      'H08 jkt hexadecimal [DPOP-6.1-P1]',
      cnf({ jkt: hash.toString('hex') }),
      'confirmation_unsupported',
    ],
    [
      'H09 jkt as long as SHA-1 [DPOP-11.10-01]',
      cnf({ jkt: JKT.slice(0, 27) }),
      'confirmation_unsupported',
    ],
    [
      'H09 jkt as long as SHA-512 [DPOP-11.10-01]',
      cnf({ jkt: (JKT + JKT).slice(0, 86) }),
      'confirmation_unsupported',
    ],
    ['H10 jkt with unused bits set', cnf({ jkt: withTailBits(JKT) }), 'confirmation_unsupported'],
    ['H13 jkt an array', cnf({ jkt: [JKT] }), 'confirmation_unsupported'],
    ['H13 jkt a number', cnf({ jkt: 1 }), 'confirmation_unsupported'],
    ['H14 cnf null', cnf(null), 'confirmation_unsupported'],
    ['H14 cnf a text', cnf(JKT), 'confirmation_unsupported'],
    ['H14 cnf an array', cnf([{ jkt: JKT }]), 'confirmation_unsupported'],
    ['H14 cnf empty', cnf({}), 'confirmation_unsupported'],
    ['H16 cnf with the whole key', cnf({ jwk: alice.publicJwk }), 'confirmation_unsupported'],
    ['H17 cnf with a certificate', cnf({ 'x5t#S256': JKT }), 'confirmation_unsupported'],
    [
      'H18 cnf with a key and a certificate',
      cnf({ jkt: JKT, 'x5t#S256': JKT }),
      'confirmation_unsupported',
    ],
    ['H29 expired [BEARER-3.1-03]', { boundTo: alice, claims: { exp: NOW - 60 } }, 'token_expired'],
    [
      'H30 for another audience [ATJWT-4-03]',
      { boundTo: alice, claims: { aud: 'https://rs.example.evil' } },
      'token_audience_mismatch',
    ],
    [
      'H30 for no audience [ATJWT-4-03]',
      { boundTo: alice, claims: { aud: [] } },
      'token_audience_mismatch',
    ],
    [
      'H31 issuer with a slash [ATJWT-4-02]',
      { boundTo: alice, claims: { iss: `${ISSUER}/` } },
      'token_issuer_mismatch',
    ],
    [
      'H32 an ID token [ATJWT-4-01]',
      { boundTo: alice, header: { typ: 'JWT' } },
      'token_type_mismatch',
    ],
    ['H33 alg none', { boundTo: alice, header: { alg: 'none' } }, 'token_algorithm_refused'],
    ['H35 of another issuer', { boundTo: alice, key: KEYS.otherIssuer }, 'token_key_unknown'],
    ['H38 without jti', { boundTo: alice, claims: { jti: undefined } }, 'token_claims_invalid'],
    [
      'H37 cnf twice [JOSE-7515-4-01]',
      { payloadText: `{"cnf":{"jkt":"${JKT}"},"cnf":{"jkt":"${JKT}"}}` },
      'token_malformed',
    ],
  ];

  it.each(rows)('%s → 401 invalid_token, %3$s', async (_title, token, reason) => {
    const { good, outcome } = await sendToken(mintToken(token));
    expect(good).toMatchObject({ granted: true });
    expect(outcome).toMatchObject({ granted: false, reason, error: { code: 'invalid_token' } });
    expect(outcome.denial).toEqual(RESOURCE_SERVER.denial(reason as 'key_mismatch'));
    expect(outcome.denial?.status).toBe(401);
  });

  it('H12 jkt in small letters → 401 invalid_token [DPOP-4.3-13]', async () => {
    const jkt = `${JKT.slice(0, 42).toLowerCase()}${JKT.at(-1)}`;
    const { outcome } = await sendToken(mintToken({ claims: { cnf: { jkt } } }));
    expect(outcome.reason).toBe('key_mismatch');
  });

  it('H01 a proof by a thief with a stolen token → facts name both keys, not the token [DPOP-7.1-12]', async () => {
    const outcome = await RESOURCE_SERVER.create().send({ proof: proofFor(TOKEN, mallory) });
    expect(outcome.error).toMatchObject({
      reason: 'key_mismatch',
      facts: { tokenKey: JKT, proofKey: thumbprint(mallory.publicJwk) },
    });
    expect(outcome.denial?.headers[0]).toEqual([
      'www-authenticate',
      `${ALGS}, error="invalid_token", error_description="The access token is bound to another key than the DPoP proof key"`,
    ]);
  });

  it('H27 the proof as token → 401 invalid_token', async () => {
    const { outcome } = await sendToken(draftFor(RESOURCE_SERVER).mint());
    expect(outcome.reason).toBe('token_type_mismatch');
  });

  it('H28 the token as proof → 401 invalid_dpop_proof [DPOP-4.3-04]', async () => {
    const outcome = await RESOURCE_SERVER.create().send({ proof: TOKEN });
    expect(outcome).toMatchObject({ reason: 'proof_type_mismatch' });
  });

  it('H19 a member of cnf nobody knows beside jkt → accepted [DPOP-4.3-13]', async () => {
    const token = mintToken({ claims: { cnf: { jkt: JKT, foo: 1 } } });
    expect(await RESOURCE_SERVER.create().send({ proof: proofFor(token), token })).toMatchObject({
      granted: true,
    });
  });

  it('I11 a proof for the token endpoint → 401 htu_mismatch or htm_mismatch [DPOP-4.3-09]', async () => {
    const claims = { htu: `${ISSUER}/token`, ath: sha256(TOKEN) };
    const server = RESOURCE_SERVER.create();
    expect(await server.send({ proof: mintProof({ claims }) })).toMatchObject({
      reason: 'htu_mismatch',
    });
    expect(
      await server.send({ proof: mintProof({ claims: { ...claims, htm: 'POST' } }) }),
    ).toMatchObject({ reason: 'htm_mismatch' });
  });
});

describe('an opaque token', () => {
  const introspecting = (answer: Record<string, unknown>): TokenVerifier =>
    createIntrospectionVerifier({
      issuer: ISSUER,
      audience: RESOURCE,
      clientId: 'rs',
      clientSecret: 'secret',
      clock: createTestClock(),
      fetch: async (url) =>
        Response.json(
          String(url).includes('well-known')
            ? { issuer: ISSUER, introspection_endpoint: `${ISSUER}/introspect` }
            : answer,
        ),
    });
  const send = (answer: Record<string, unknown>) =>
    RESOURCE_SERVER.create({ tokens: introspecting(answer) }).send({
      proof: proofFor('opaque'),
      token: 'opaque',
    });
  const active = { active: true, aud: RESOURCE, exp: NOW + 60, scope: 'a' };

  it.each([
    ['A10 cnf.jkt in the answer', { ...active, cnf: { jkt: JKT } }],
    ['A10 cnf.jkt and token_type Bearer', { ...active, cnf: { jkt: JKT }, token_type: 'Bearer' }],
  ])('%s → accepted [DPOP-6.2-01]', async (_title, answer) => {
    expect(await send(answer)).toMatchObject({ granted: true, jkt: JKT });
  });

  it.each([
    ['H22 inactive', { active: false }, 'token_inactive'],
    ['H23 active a text', { ...active, active: 'true', cnf: { jkt: JKT } }, 'token_inactive'],
    ['H25 no cnf', active, 'token_not_bound'],
    ['H25 no cnf, token_type DPoP', { ...active, token_type: 'DPoP' }, 'confirmation_unsupported'],
    ['H01 another key', { ...active, cnf: { jkt: sha256('x') } }, 'key_mismatch'],
  ])('%s → 401 invalid_token [DPOP-7.2-P1]', async (_title, answer, reason) => {
    const outcome = await send(answer);
    expect(outcome).toMatchObject({ granted: false, reason });
    expect(outcome.denial).toEqual(RESOURCE_SERVER.denial(reason as 'token_inactive'));
  });
});

describe('one test per error code [DPOP-7.1-06]', () => {
  const clock = createTestClock();
  const secrets = (): string[] => ['a secret of the tests, 32 or more chars'];
  const nonces = createNonces({ secrets, server: RESOURCE, clock });
  const send = async (options: Partial<DpopAuthenticatorOptions>, dpop: string, target = '/r') => {
    const request = testRequest({ authorization: `DPoP ${TOKEN}`, dpop }, { target });
    const decision = await guardOf({ clock, ...options }).decide(request, { scopes: ['admin'] });
    return decision.granted ? undefined : decision.denial;
  };

  it('invalid_dpop_proof, with the scope a new token would need', async () => {
    expect(await send({}, mintProof({ token: TOKEN, claims: { htm: 'PUT' } }))).toEqual({
      status: 401,
      headers: [
        [
          'www-authenticate',
          `${ALGS}, error="invalid_dpop_proof", error_description="The DPoP proof was made for another method", scope="admin"`,
        ],
        NO_STORE,
      ],
      body: {
        error: 'invalid_dpop_proof',
        error_description: 'The DPoP proof was made for another method',
      },
    });
  });

  it('use_dpop_nonce', async () => {
    expect(await send({ nonces }, mintProof({ token: TOKEN }))).toMatchObject({
      status: 401,
      headers: [
        [
          'www-authenticate',
          `${ALGS}, error="use_dpop_nonce", error_description="The DPoP proof must contain the nonce of the server", scope="admin"`,
        ],
        NO_STORE,
        ['dpop-nonce', await nonces.current()],
      ],
    });
  });

  it('insufficient_scope', async () => {
    expect(await send({}, mintProof({ token: TOKEN }))).toMatchObject({
      status: 403,
      headers: [
        [
          'www-authenticate',
          `${ALGS}, error="insufficient_scope", error_description="The access token does not carry the required scope", scope="admin"`,
        ],
        NO_STORE,
      ],
    });
  });

  it('insufficient_scope with a previous nonce → one DPoP-Nonce [DPOP-8-03]', async () => {
    const nonce = await nonces.current();
    clock.advance(120);
    const dpop = mintProof({ token: TOKEN, claims: { nonce, iat: clock() } });
    const denial = await send({ nonces }, dpop);
    clock.set(NOW);
    expect(denial?.status).toBe(403);
    expect(denial?.headers.filter(([name]) => name === 'dpop-nonce')).toHaveLength(1);
  });

  it('invalid_request', async () => {
    expect(await send({}, mintProof({ token: TOKEN }), '*')).toMatchObject({
      status: 400,
      headers: [
        [
          'www-authenticate',
          `${ALGS}, error="invalid_request", error_description="The request target is not one this server answers for"`,
        ],
        NO_STORE,
      ],
    });
  });
});

describe('challenges beside another scheme', () => {
  const bearer: Authenticator = {
    scheme: 'Bearer',
    challenge: [],
    authenticate: () => Promise.reject(new Error('not asked')),
  };
  const guard = (resourceMetadata?: string) =>
    createGuard({
      authenticators: [bearer, authenticator({ algorithms: ['ES256', 'EdDSA'] })],
      ...(resourceMetadata !== undefined && { resourceMetadata }),
    });
  const challenges = async (
    fields: Record<string, string | string[]>,
    metadata?: string,
  ): Promise<string[]> => {
    const decision = await guard(metadata).decide(testRequest(fields));
    if (decision.granted) throw new Error('granted');
    return decision.denial.headers
      .filter(([name]) => name === 'www-authenticate')
      .map(([, value]) => value);
  };
  const DPOP = 'DPoP realm="api", algs="ES256 EdDSA"';

  it('M06 no credentials → both, no error, algs as configured [BEARER-3.1-01, DPOP-7.1-08]', async () => {
    expect(await challenges({})).toEqual(['Bearer realm="api"', DPOP]);
  });

  it('M07 a bad proof → the error in the DPoP challenge only [DPOP-7.1-06, DPOP-7.2-03]', async () => {
    expect(await challenges({ authorization: `DPoP ${TOKEN}`, dpop: '' })).toEqual([
      'Bearer realm="api"',
      `${DPOP}, error="invalid_dpop_proof", error_description="The DPoP proof is not a well-formed JWT"`,
    ]);
  });

  it('M09 two Authorization fields → invalid_request in both [BEARER-2-02, BEARER-3-03]', async () => {
    const error =
      'error="invalid_request", error_description="The request carries more than one access token"';
    expect(await challenges({ authorization: ['Bearer a', 'DPoP b'] })).toEqual([
      `Bearer realm="api", ${error}`,
      `${DPOP}, ${error}`,
    ]);
  });

  it('M10 metadata → its URL in both [PRM-5.1-01]', async () => {
    const url = 'https://rs.example/.well-known/oauth-protected-resource';
    for (const challenge of await challenges({}, url)) {
      expect(challenge).toContain(`resource_metadata="${url}"`);
    }
  });
});

describe('options', () => {
  it.each([undefined, null, {}, { verify: true }])('tokens %j → TypeError', (tokens) => {
    expect(() => authenticator({ tokens: tokens as never })).toThrow(
      new TypeError('tokens: give a token verifier'),
    );
  });

  it('a token verifier that breaks → its error, not a grant [DPOP-7.1-03]', async () => {
    const tokens = { verify: () => Promise.reject(new Error('broken')) };
    const request = testRequest({ authorization: `DPoP ${TOKEN}`, dpop: proofFor(TOKEN) });
    await expect(guardOf({ tokens }).decide(request)).rejects.toThrow('broken');
  });

  it('the issuer keys of the tests → those that sign the tokens above', async () => {
    const keys = createKeySet(keySet(KEYS.issuer));
    const tokens = createJwtVerifier({
      issuer: ISSUER,
      audience: RESOURCE,
      keys,
      clock: () => NOW,
    });
    expect((await tokens.verify(TOKEN)).confirmation).toEqual({ jkt: JKT });
  });
});
