import {
  createTestClock,
  decodeJws,
  ISSUER,
  KEYS,
  keySet,
  NOW,
  RESOURCE,
  type TestKey,
  thumbprint,
} from '@keybound/test-kit';
import { createRemoteJWKSet, customFetch, importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  createJwtVerifier,
  createKeySet,
  createTokenIssuer,
  type SignatureAlgorithm,
  type SigningKey,
  type TokenContents,
  type TokenIssuerOptions,
} from '../src/index.ts';
import { outcome } from './support.ts';

const JKT = thumbprint(KEYS.alice.publicJwk);
const CONTENTS: TokenContents = {
  subject: 'alice',
  clientId: 'notes-client',
  audience: RESOURCE,
  scope: ['notes:read', 'notes:write'],
};

async function signingKey(key: TestKey, alg: string = key.alg): Promise<SigningKey> {
  const algorithm = alg as SignatureAlgorithm;
  const privateKey = (await importJWK({ ...key.privateJwk }, alg)) as CryptoKey;
  return { kid: key.kid, algorithm, privateKey };
}

function create(options: Partial<TokenIssuerOptions> = {}) {
  return createTokenIssuer({
    issuer: ISSUER,
    signingKey: () => signingKey(KEYS.issuer),
    clock: createTestClock(NOW + 0.9),
    ...options,
  });
}

describe('issue', () => {
  it('an unbound token → header and claims of RFC 9068, no cnf [ATJWT-2.1-03] [ATJWT-2.2-01]', async () => {
    const { token, claims } = await create().issue(CONTENTS);
    expect(decodeJws(token)).toEqual({
      header: { alg: 'ES256', typ: 'at+jwt', kid: 'issuer' },
      payload: {
        iss: ISSUER,
        sub: 'alice',
        client_id: 'notes-client',
        aud: RESOURCE,
        iat: NOW,
        exp: NOW + 300,
        jti: claims.jti,
        scope: 'notes:read notes:write',
      },
    });
    expect(decodeJws(token).payload).toEqual(claims);
  });

  it('a thumbprint → cnf.jkt [DPOP-6.1-01]', async () => {
    const { token } = await create().issue({ ...CONTENTS, jkt: JKT });
    expect(decodeJws(token).payload.cnf).toEqual({ jkt: JKT });
  });

  it('how and when the user signed in → auth_time and acr [STEPUP-5-01]', async () => {
    const { token } = await create().issue({ ...CONTENTS, authTime: NOW - 60, acr: 'password' });
    expect(decodeJws(token).payload).toMatchObject({ auth_time: NOW - 60, acr: 'password' });
  });

  it.each([
    [{ authTime: NOW + 0.5 }, 'authTime: must be a whole number, 1 or more'],
    [{ authTime: Number.NaN }, 'authTime: must be a whole number, 1 or more'],
    [{ acr: '' }, 'acr: must be a non-empty text'],
  ])('%j → TypeError', async (wrong, typeError) => {
    expect(await outcome(() => create().issue({ ...CONTENTS, ...wrong }))).toEqual({ typeError });
  });

  it('no scope → no scope claim', async () => {
    const { token } = await create().issue({ ...CONTENTS, scope: [] });
    expect(decodeJws(token).payload).not.toHaveProperty('scope');
  });

  it('a thousand tokens → as many jti of 128 bits [OAUTH-10.10-01]', async () => {
    const key = await signingKey(KEYS.issuer);
    const issuer = create({ signingKey: () => key });
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => issuer.issue(CONTENTS)));
    const jtis = new Set(tokens.map(({ claims }) => claims.jti));
    expect(jtis.size).toBe(1000);
    for (const jti of jtis) expect(jti).toMatch(/^[A-Za-z0-9_-]{21}[AQgw]$/);
  });

  it.each([
    [1, 1],
    [300, 300],
    [3600, 3600],
  ])(
    'a lifetime of %i seconds → exp - iat = %i [BEARER-5.3-01]',
    async (lifetimeSeconds, expected) => {
      const { claims } = await create({ lifetimeSeconds }).issue(CONTENTS);
      expect(claims.exp - claims.iat).toBe(expected);
    },
  );

  it('the key rotates between two tokens → each is signed with the key of its time', async () => {
    const keys = [KEYS.issuer, KEYS.issuerNext];
    const issuer = create({ signingKey: () => signingKey(keys.shift() ?? KEYS.mallory) });
    const kids = [];
    for (let i = 0; i < 2; i++) {
      kids.push(decodeJws((await issuer.issue(CONTENTS)).token).header.kid);
    }
    expect(kids).toEqual(['issuer', 'issuerNext']);
  });

  it.each([
    ['padded', `${JKT}=`],
    ['empty', ''],
    ['short', 'abc'],
    ['a URN', `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${JKT}`],
    ['null', null],
  ])(
    'jkt that is %s → TypeError, no token that is bound to nothing [DPOP-10-P2]',
    async (_n, jkt) => {
      expect(await outcome(() => create().issue({ ...CONTENTS, jkt: jkt as string }))).toEqual({
        typeError: 'jkt: not the base64url text of a SHA-256 thumbprint',
      });
    },
  );

  it.each(['notes:read notes:write', '', ' ', 'a"', 'a\\b', 'é', 'a\n'])(
    'the scope value %j → TypeError, no token that grants more than was named',
    async (value) => {
      const contents = { ...CONTENTS, scope: ['notes:read', value] };
      expect(await outcome(() => create().issue(contents))).toEqual({
        typeError: 'scope: give one scope value an entry, without blanks (RFC 6749 §3.3)',
      });
    },
  );

  it('a wrong jkt → the signing key is not even asked for', async () => {
    let asked = 0;
    const issuer = create({
      signingKey: () => {
        asked++;
        return signingKey(KEYS.issuer);
      },
    });
    await outcome(() => issuer.issue({ ...CONTENTS, jkt: 'abc' }));
    await outcome(() => issuer.issue({ ...CONTENTS, scope: ['a b'] }));
    expect(asked).toBe(0);
  });
});

describe('what is issued', () => {
  it.each([
    ['ES256', KEYS.issuer],
    ['ES384', KEYS.alice384],
    ['ES512', KEYS.alice521],
    ['PS256', KEYS.issuerRsa],
    ['PS384', KEYS.issuerRsa],
    ['PS512', KEYS.issuerRsa],
    ['RS256', KEYS.issuerRsa],
    ['RS384', KEYS.issuerRsa],
    ['RS512', KEYS.issuerRsa],
    ['EdDSA', KEYS.aliceEd25519],
    ['Ed25519', KEYS.aliceEd25519],
  ] as const)('with %s → accepted by our verifier and by jose [ATJWT-2.1-01]', async (alg, key) => {
    const issuer = create({ signingKey: () => signingKey(key, alg) });
    const { token, claims } = await issuer.issue({ ...CONTENTS, jkt: JKT });
    const jwks = { keys: [{ ...key.publicJwk, kid: key.kid }] };

    const verifier = createJwtVerifier({
      issuer: ISSUER,
      audience: RESOURCE,
      keys: createKeySet(jwks),
      algorithms: [alg],
      clock: () => NOW,
    });
    expect(await verifier.verify(token)).toEqual({
      claims,
      scope: CONTENTS.scope,
      confirmation: { jkt: JKT },
      expiresAt: NOW + 300,
      hash: expect.any(Function),
    });

    const remote = createRemoteJWKSet(new URL('https://as.example/jwks'), {
      [customFetch]: async () => Response.json(jwks),
    });
    const { payload } = await jwtVerify(token, remote, {
      issuer: ISSUER,
      audience: RESOURCE,
      typ: 'at+jwt',
      requiredClaims: ['exp', 'sub', 'client_id', 'iat', 'jti', 'cnf'],
      currentDate: new Date(NOW * 1000),
    });
    expect(payload).toEqual(claims);
  });
});

describe('contents', () => {
  it.each([
    ['subject', undefined],
    ['clientId', ''],
    ['audience', undefined],
  ])(
    '%s %j → TypeError, since our own verifier would refuse the token [ATJWT-2.2-01]',
    async (name, value) => {
      const contents = { ...CONTENTS, [name]: value };
      expect(await outcome(() => create().issue(contents))).toEqual({
        typeError: `${name}: must be a non-empty text`,
      });
    },
  );

  it('scope given as text → TypeError', async () => {
    const contents = { ...CONTENTS, scope: 'a b' as unknown as string[] };
    expect(await outcome(() => create().issue(contents))).toMatchObject({
      typeError: expect.stringMatching(/^scope: /),
    });
  });
});

describe('createTokenIssuer', () => {
  const RANGE = 'lifetimeSeconds: must be from 1 to 3600';
  const WHOLE = 'lifetimeSeconds: must be a whole number, 1 or more';
  it.each([
    [
      'an http issuer',
      { issuer: 'http://as.example' },
      'issuer: http://as.example must be https (http is for loopback only)',
    ],
    ['no issuer', { issuer: undefined }, 'issuer: undefined is not an absolute URL'],
    [
      'no signingKey',
      { signingKey: undefined },
      'signingKey: give a function that returns the key',
    ],
    ['a lifetime of 0', { lifetimeSeconds: 0 }, WHOLE],
    ['a lifetime of half a second', { lifetimeSeconds: 0.5 }, WHOLE],
    ['a negative lifetime', { lifetimeSeconds: -1 }, WHOLE],
    ['a lifetime of 3601', { lifetimeSeconds: 3601 }, RANGE],
    ['a lifetime given as text', { lifetimeSeconds: '60' }, WHOLE],
    ['a lifetime that is NaN', { lifetimeSeconds: Number.NaN }, WHOLE],
  ])('%s → TypeError at start-up [BEARER-5.3-01]', async (_name, wrong, message) => {
    expect(await outcome(() => create(wrong as Partial<TokenIssuerOptions>))).toEqual({
      typeError: message,
    });
  });

  it('no clock given → the clock of the machine', async () => {
    const issuer = createTokenIssuer({
      issuer: ISSUER,
      signingKey: () => signingKey(KEYS.issuer),
    });
    const before = Math.floor(Date.now() / 1000);
    const { claims } = await issuer.issue(CONTENTS);
    expect(claims.iat).toBeGreaterThanOrEqual(before);
    expect(claims.iat).toBeLessThanOrEqual(Math.floor(Date.now() / 1000));
  });

  it('a set of published keys → carries nothing private', () => {
    for (const jwk of keySet(KEYS.issuer, KEYS.issuerRsa).keys) expect(jwk).not.toHaveProperty('d');
  });
});
