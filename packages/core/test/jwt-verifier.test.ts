import { generateKeyPairSync, sign } from 'node:crypto';
import {
  createTestClock,
  ISSUER,
  KEYS,
  keySet,
  mintProof,
  mintToken,
  NOW,
  RESOURCE,
  rawSignature,
  signJws,
  type TokenOverrides,
  thumbprint,
  toBase64url,
} from '@keybound/test-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  AUTH_REASONS,
  type AuthReason,
  createJwtVerifier,
  createKeySet,
  type JwtVerifierOptions,
} from '../src/index.ts';
import { outcome, withTailBits } from './support.ts';
import { UNSUPPORTED_CNF } from './unsupported-cnf.ts';

const JKT = thumbprint(KEYS.alice.publicJwk);
const clock = createTestClock();

function verify(token: string, options: Partial<JwtVerifierOptions> = {}): Promise<object> {
  const keys = createKeySet(keySet(KEYS.issuer, KEYS.issuerRsa));
  const verifier = createJwtVerifier({
    issuer: ISSUER,
    audience: RESOURCE,
    keys,
    clock,
    ...options,
  });
  return outcome(() => verifier.verify(token));
}

function refused(reason: AuthReason, facts: object = {}): object {
  expect(AUTH_REASONS[reason].code).toBe('invalid_token');
  return { reason, code: 'invalid_token', facts };
}

const CLAIMS = {
  iss: ISSUER,
  sub: 'alice',
  client_id: 'notes-client',
  aud: RESOURCE,
  iat: NOW,
  exp: NOW + 300,
  jti: 'j',
};

describe('a good token', () => {
  it('unbound → its claims, scope, expiry and no confirmation', async () => {
    const claims = { ...CLAIMS, scope: 'notes:read notes:write' };
    expect(await verify(mintToken({ claims }))).toEqual({
      accepted: {
        claims,
        scope: ['notes:read', 'notes:write'],
        confirmation: undefined,
        expiresAt: NOW + 300,
        hash: expect.any(Function),
      },
    });
  });

  it('bound → its confirmation [DPOP-6-01]', async () => {
    expect(await verify(mintToken({ boundTo: KEYS.alice }))).toMatchObject({
      accepted: { confirmation: { jkt: JKT } },
    });
  });

  it('with jkt beside cnf instead of inside → not bound [DPOP-7.2-P1]', async () => {
    expect(await verify(mintToken({ claims: { jkt: JKT } }))).toMatchObject({
      accepted: { confirmation: undefined },
    });
  });

  it.each([
    ['absent', undefined, []],
    ['empty', '', []],
    ['one value', 'a', ['a']],
    ['many blanks', ' a  b ', ['a', 'b']],
  ])('with scope %s → scope values %j', async (_name, scope, expected) => {
    expect(await verify(mintToken({ claims: { scope } }))).toMatchObject({
      accepted: { scope: expected },
    });
  });

  it('the result → frozen', async () => {
    const { accepted } = (await verify(mintToken())) as { accepted: { scope: object } };
    expect(Object.isFrozen(accepted)).toBe(true);
    expect(Object.isFrozen(accepted.scope)).toBe(true);
  });

  it.each(['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'])(
    'signed with %s under the default list → accepted [ATJWT-2.1-02] [JOSE-9864-01]',
    async (alg) => {
      const key =
        {
          RS256: KEYS.issuerRsa,
          PS256: KEYS.aliceRsa,
          ES256: KEYS.issuer,
          ES384: KEYS.alice384,
          ES512: KEYS.alice521,
        }[alg] ?? KEYS.aliceEd25519;
      const keys = createKeySet({ keys: [{ ...key.publicJwk, kid: key.kid }] });
      expect(await verify(mintToken({ key, alg }), { keys })).toHaveProperty('accepted');
    },
  );

  it.each(['PS384', 'PS512', 'RS384', 'RS512'])(
    'signed with %s → refused by the default list, accepted when listed [JWTBCP-3.1-01]',
    async (alg) => {
      const key = KEYS.issuerRsa;
      const keys = createKeySet({ keys: [{ ...key.publicJwk, kid: key.kid }] });
      const token = mintToken({ key, alg });
      expect(await verify(token, { keys })).toEqual(refused('token_algorithm_refused'));
      expect(await verify(token, { keys, algorithms: [alg as 'PS384'] })).toHaveProperty(
        'accepted',
      );
    },
  );
});

describe('size and form', () => {
  it('a token at the limit → accepted; one character less allowed → token_too_large with its length [JOSE-LIMIT-P1]', async () => {
    const token = mintToken();
    expect(await verify(token, { maxTokenChars: token.length })).toHaveProperty('accepted');
    expect(await verify(token, { maxTokenChars: token.length - 1 })).toEqual(
      refused('token_too_large', { chars: token.length }),
    );
  });

  it('8192 characters → malformed for their content; 8193 → token_too_large [JOSE-LIMIT-P1]', async () => {
    expect(await verify('a'.repeat(8192))).toEqual(refused('token_malformed'));
    expect(await verify('a'.repeat(8193))).toEqual(refused('token_too_large', { chars: 8193 }));
  });

  it('a header part above 4096 characters → token_too_large [JOSE-LIMIT-P1]', async () => {
    const header = (chars: number): TokenOverrides => ({
      headerText: JSON.stringify({ typ: 'at+jwt', alg: 'ES256', kid: 'issuer', x: '' }).replace(
        '""',
        `"${'y'.repeat(chars)}"`,
      ),
    });
    const fits = mintToken(header(3020));
    expect(fits.indexOf('.')).toBe(4096);
    expect(await verify(fits)).toHaveProperty('accepted');
    const over = mintToken(header(3021));
    expect(over.indexOf('.')).toBeGreaterThan(4096);
    expect(await verify(over)).toEqual(refused('token_too_large', { chars: over.length }));
  });

  it('claims 16 deep → accepted; 17 deep → token_malformed [JOSE-LIMIT-P1]', async () => {
    const nested = (depth: number): string => {
      const inner = `${'['.repeat(depth)}${']'.repeat(depth)}`;
      return `${JSON.stringify(CLAIMS).slice(0, -1)},"x":${inner}}`;
    };
    expect(await verify(mintToken({ payloadText: nested(15) }))).toHaveProperty('accepted');
    expect(await verify(mintToken({ payloadText: nested(16) }))).toEqual(
      refused('token_malformed'),
    );
  });

  it('256 members → accepted; 257 → token_malformed [JOSE-LIMIT-P1]', async () => {
    const many = (count: number): object =>
      Object.fromEntries(
        Array.from({ length: count - Object.keys(CLAIMS).length }, (_, i) => [`x${i}`, 1]),
      );
    const payload = (count: number): string => JSON.stringify({ ...CLAIMS, ...many(count) });
    expect(await verify(mintToken({ payloadText: payload(256) }))).toHaveProperty('accepted');
    expect(await verify(mintToken({ payloadText: payload(257) }))).toEqual(
      refused('token_malformed'),
    );
  });

  const good = mintToken({ boundTo: KEYS.alice });
  it.each([
    ['empty', ''],
    ['opaque', 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'],
    ['with a part too few', good.slice(0, good.lastIndexOf('.'))],
    ['with a part too many', `${good}.`],
    ['a JWE', `${good}.AA.AA`],
    ['with padding', `${good}==`],
    ['with unused bits in its signature', withTailBits(good)],
    ['with a blank', `${good} `],
    ['with a payload that is an array', mintToken({ payloadText: '[]' })],
    ['with text behind its claims', mintToken({ payloadText: `${JSON.stringify(CLAIMS)}x` })],
    ['with a byte order mark', mintToken({ payloadText: `\ufeff${JSON.stringify(CLAIMS)}` })],
    [
      'with cnf twice',
      mintToken({
        payloadText: `${JSON.stringify({ ...CLAIMS, cnf: { jkt: JKT } }).slice(0, -1)},"cnf":{"jkt":"${thumbprint(KEYS.mallory.publicJwk)}"}}`,
      }),
    ],
    [
      'with cnf a second time behind an escape',
      mintToken({
        payloadText: `${JSON.stringify({ ...CLAIMS, cnf: { jkt: JKT } }).slice(0, -1)},"\\u0063nf":null}`,
      }),
    ],
    [
      'with jkt twice',
      mintToken({
        payloadText: `${JSON.stringify(CLAIMS).slice(0, -1)},"cnf":{"jkt":"${JKT}","jkt":"${JKT}"}}`,
      }),
    ],
    ['with alg twice', mintToken({ headerText: '{"typ":"at+jwt","alg":"none","alg":"ES256"}' })],
  ])('a token %s → token_malformed [JOSE-7515-4-01] [DPOP-4.3-02]', async (_name, token) => {
    expect(await verify(token)).toEqual(refused('token_malformed'));
  });
});

describe('the header', () => {
  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/AT+jwt'])(
    'typ %s → accepted [ATJWT-4-01]',
    async (typ) => {
      expect(await verify(mintToken({ header: { typ } }))).toHaveProperty('accepted');
    },
  );

  it.each([
    ['JWT, as in an ID token', 'JWT'],
    ['absent', undefined],
    ['dpop+jwt', 'dpop+jwt'],
    ['another tree', 'x/at+jwt'],
    ['longer', 'at+jwts'],
    ['empty', ''],
    ['a list', ['at+jwt']],
    ['null', null],
  ])('typ %s → token_type_mismatch [ATJWT-4-01]', async (_name, typ) => {
    expect(await verify(mintToken({ header: { typ } }))).toEqual(refused('token_type_mismatch'));
  });

  it('a DPoP proof in place of a token → token_type_mismatch [JWTBCP-3.12-01]', async () => {
    expect(await verify(mintProof({ key: KEYS.issuer }))).toEqual(refused('token_type_mismatch'));
  });

  it.each([
    ['crit empty', { crit: [] }],
    ['crit with a name', { crit: ['exp'] }],
    ['crit as a text', { crit: 'b64' }],
    ['b64 false alone', { b64: false }],
    ['b64 false with crit', { b64: false, crit: ['b64'] }],
  ])('%s → token_header_unsupported [JOSE-7515-4.1.11-01] [JOSE-7797-7-01]', async (_n, header) => {
    expect(await verify(mintToken({ header }))).toEqual(refused('token_header_unsupported'));
  });

  it.each([
    ['none', 'none'],
    ['none in another case', 'noNE'],
    ['an HMAC', 'HS256'],
    ['another case', 'es256'],
    ['an algorithm for encryption', 'RSA-OAEP'],
    ['unregistered', 'ES256X'],
    ['ES256K', 'ES256K'],
    ['a name of the prototype', 'constructor'],
    ['absent', undefined],
    ['a list', ['ES256']],
    ['null', null],
  ])('alg %s → token_algorithm_refused [ATJWT-2.1-01] [JWTBCP-3.1-01]', async (_name, alg) => {
    expect(await verify(mintToken({ header: { alg } }))).toEqual(
      refused('token_algorithm_refused'),
    );
  });

  it('alg none and no signature → token_algorithm_refused [ATJWT-2.1-01]', async () => {
    const token = mintToken({ header: { alg: 'none' } });
    expect(await verify(token.slice(0, token.lastIndexOf('.') + 1))).toEqual(
      refused('token_algorithm_refused'),
    );
  });

  it('alg RS256 where only ES256 is listed → token_algorithm_refused [JWTBCP-3.1-01]', async () => {
    expect(await verify(mintToken({ key: KEYS.issuerRsa }), { algorithms: ['ES256'] })).toEqual(
      refused('token_algorithm_refused'),
    );
  });
});

describe('key and signature', () => {
  it.each([
    ['a path', '../../../etc/passwd'],
    ['SQL', "issuer' OR '1'='1"],
    ['a URL', 'https://evil.example/key'],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['another case', 'ISSUER'],
    ['a NUL behind it', 'issuer\0'],
    ['empty', ''],
    ['a line feed and a field', 'x\r\nSet-Cookie: a=b'],
  ])('kid that is %s → token_key_unknown, told only to logs [JWTBCP-3.10-01]', async (_n, kid) => {
    expect(await verify(mintToken({ header: { kid } }))).toEqual(
      refused('token_key_unknown', { kid }),
    );
  });

  it.each([[5], [null], [['issuer']], [true]])(
    'kid that is no text: %j → token_malformed [JWTBCP-3.10-01]',
    async (kid) => {
      expect(await verify(mintToken({ header: { kid } }))).toEqual(refused('token_malformed'));
    },
  );

  it('no kid and one key that fits → accepted', async () => {
    expect(await verify(mintToken({ header: { kid: undefined } }))).toHaveProperty('accepted');
  });

  it('alg of another kind than the key the kid names → token_key_unknown [DPOP-4.3-05]', async () => {
    const token = mintToken({ key: KEYS.issuerRsa, header: { kid: 'issuer' } });
    expect(await verify(token)).toEqual(refused('token_key_unknown', { kid: 'issuer' }));
  });

  it.each([
    ['jwk', { jwk: KEYS.mallory.publicJwk }],
    ['jwk without kid', { jwk: KEYS.mallory.publicJwk, kid: undefined }],
    ['jku', { jku: 'http://127.0.0.1:1/jwks' }],
    ['x5u', { x5u: 'http://127.0.0.1:1/cert' }],
    ['x5c', { x5c: ['AA=='] }],
  ])(
    'self-signed with header %s → token_signature_invalid [ATJWT-4-04] [JOSE-7515-4.1.2-P1]',
    async (_name, header) => {
      const token = mintToken({ key: KEYS.mallory, header: { kid: 'issuer', ...header } });
      expect(await verify(token)).toMatchObject({ reason: 'token_signature_invalid' });
    },
  );

  it.each(['jku', 'x5u', 'jwk'])(
    'signed by the issuer with header %s beside → accepted, the member ignored [ATJWT-4-04]',
    async (name) => {
      const header = { [name]: name === 'jwk' ? KEYS.mallory.publicJwk : 'http://127.0.0.1:1/' };
      expect(await verify(mintToken({ header }))).toHaveProperty('accepted');
    },
  );

  it('signed by the key of another issuer under our kid → token_signature_invalid [JWTBCP-3.8-01]', async () => {
    const token = mintToken({ key: KEYS.otherIssuer, header: { kid: 'issuer' } });
    expect(await verify(token)).toEqual(refused('token_signature_invalid', { kid: 'issuer' }));
  });

  it('claims changed after signing → token_signature_invalid [DPOP-4.3-06]', async () => {
    const [header, , signature] = mintToken().split('.');
    const token = `${header}.${toBase64url({ ...CLAIMS, sub: 'mallory' })}.${signature}`;
    expect(await verify(token)).toMatchObject(
      refused('token_signature_invalid', { kid: 'issuer' }),
    );
  });

  it.each([
    ['empty', () => Buffer.alloc(0)],
    ['of zeros', () => Buffer.alloc(64)],
    ['in DER', (input: string) => sign('sha256', Buffer.from(input), KEYS.issuer.privateKey)],
    [
      'one octet short',
      (input: string) => rawSignature('ES256', KEYS.issuer.privateKey, input).subarray(0, 63),
    ],
    [
      'of a fresh key',
      (input: string) => {
        const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        return rawSignature('ES256', privateKey, input);
      },
    ],
  ])('a signature %s → token_signature_invalid [JOSE-7518-3.4-01]', async (_name, make) => {
    const input = mintToken().split('.').slice(0, 2).join('.');
    expect(await verify(`${input}.${toBase64url(make(input))}`)).toEqual(
      refused('token_signature_invalid', { kid: 'issuer' }),
    );
  });
});

describe('issuer and audience', () => {
  it.each([
    ['with a trailing slash', `${ISSUER}/`],
    ['in another case', ISSUER.toUpperCase()],
    ['of another server', 'https://evil.example'],
    ['as a list', [ISSUER]],
    ['absent', undefined],
    ['null', null],
  ])('iss %s → token_issuer_mismatch [ATJWT-4-02]', async (_name, iss) => {
    expect(await verify(mintToken({ claims: { iss } }))).toEqual(
      refused('token_issuer_mismatch', { expected: ISSUER }),
    );
  });

  it.each([
    ['a text', RESOURCE],
    ['a list of one', [RESOURCE]],
    ['a list with others', ['https://a.example', RESOURCE]],
  ])('aud %s that names us → accepted [ATJWT-4-03]', async (_name, aud) => {
    expect(await verify(mintToken({ claims: { aud } }))).toHaveProperty('accepted');
  });

  it.each([
    ['of another resource', 'https://other.example'],
    ['that is a prefix of ours', RESOURCE.slice(0, -1)],
    ['that ours is a prefix of', `${RESOURCE}.evil.example`],
    ['with a trailing slash', `${RESOURCE}/`],
    ['in another case', RESOURCE.toUpperCase()],
    ['an empty list', []],
    ['a list of others', ['https://a.example', 'https://b.example']],
    ['an empty text', ''],
    ['ours among others in one text', `https://a.example ${RESOURCE}`],
  ])('aud %s → token_audience_mismatch [ATJWT-4-03] [MCP-AUD-01]', async (_name, aud) => {
    expect(await verify(mintToken({ claims: { aud } }))).toEqual(
      refused('token_audience_mismatch', { expected: RESOURCE }),
    );
  });

  it.each([
    ['absent', undefined],
    ['null', null],
    ['a number', 7],
    ['an object', { [RESOURCE]: true }],
    ['a list in a list', [[RESOURCE]]],
    ['a list with ours and a number', [RESOURCE, 7]],
  ])('aud %s → token_claims_invalid [ATJWT-4-03]', async (_name, aud) => {
    expect(await verify(mintToken({ claims: { aud } }))).toEqual(
      refused('token_claims_invalid', { claim: 'aud' }),
    );
  });
});

describe('time', () => {
  it.each([
    ['default leeway, last moment', {}, { exp: NOW - 4.999 }],
    ['no leeway, last second', { leewaySeconds: 0 }, { exp: NOW + 0.001 }],
    ['a fraction', {}, { exp: NOW + 0.5 }],
    ['largest leeway', { leewaySeconds: 300 }, { exp: NOW - 299 }],
    ['written with an exponent', {}, { exp: 2e9 }],
  ])('exp at %s → accepted [ATJWT-4-05]', async (_name, options, claims) => {
    expect(await verify(mintToken({ claims }), options)).toHaveProperty('accepted');
  });

  it.each([
    ['default leeway over', {}, NOW - 5, 5],
    ['a second more', {}, NOW - 6, 6],
    ['no leeway, now', { leewaySeconds: 0 }, NOW, 0],
    ['largest leeway over', { leewaySeconds: 300 }, NOW - 300, 300],
    ['zero', {}, 0, NOW],
    ['negative', {}, -1, NOW + 1],
  ])('exp at %s → token_expired with the distance [ATJWT-4-05]', async (_n, options, exp, ago) => {
    expect(await verify(mintToken({ claims: { exp } }), options)).toEqual(
      refused('token_expired', { expiredSecondsAgo: ago }),
    );
  });

  it.each([
    ['past', {}, NOW - 1],
    ['now', { leewaySeconds: 0 }, NOW],
    ['the whole leeway ahead', {}, NOW + 5],
  ])('nbf %s → accepted [JOSE-7519-4.1-01]', async (_name, options, nbf) => {
    expect(await verify(mintToken({ claims: { nbf } }), options)).toHaveProperty('accepted');
  });

  it.each([
    ['beyond the leeway', {}, NOW + 5.5, 5.5],
    ['ahead without leeway', { leewaySeconds: 0 }, NOW + 1, 1],
  ])(
    'nbf %s → token_not_yet_valid with the distance [JOSE-7519-4.1-01]',
    async (_n, o, nbf, ahead) => {
      expect(await verify(mintToken({ claims: { nbf } }), o)).toEqual(
        refused('token_not_yet_valid', { validInSeconds: ahead }),
      );
    },
  );

  it('the clock passes exp → the same token is refused', async () => {
    const moving = createTestClock();
    const token = mintToken();
    const keys = createKeySet(keySet(KEYS.issuer));
    const verifier = createJwtVerifier({ issuer: ISSUER, audience: RESOURCE, keys, clock: moving });
    moving.advance(304);
    expect(await outcome(() => verifier.verify(token))).toHaveProperty('accepted');
    moving.advance(1);
    expect(await outcome(() => verifier.verify(token))).toEqual(
      refused('token_expired', { expiredSecondsAgo: 5 }),
    );
  });
});

describe('claims of RFC 9068 §2.2', () => {
  it.each(['exp', 'aud', 'sub', 'client_id', 'iat', 'jti'])(
    '%s missing → token_claims_invalid [ATJWT-2.2-01]',
    async (claim) => {
      expect(await verify(mintToken({ claims: { [claim]: undefined } }))).toEqual(
        refused('token_claims_invalid', { claim }),
      );
    },
  );

  it.each(['sub', 'client_id', 'jti'])(
    '%s empty → token_claims_invalid [ATJWT-2.2-01]',
    async (claim) => {
      expect(await verify(mintToken({ claims: { [claim]: '' } }))).toEqual(
        refused('token_claims_invalid', { claim }),
      );
    },
  );

  it.each(
    ['sub', 'client_id', 'jti', 'scope'].flatMap((claim) =>
      [7, null, true, ['x'], { a: 1 }].map((value) => [claim, value] as const),
    ),
  )('%s of the wrong type: %j → token_claims_invalid [ATJWT-2.2-01]', async (claim, value) => {
    expect(await verify(mintToken({ claims: { [claim]: value } }))).toEqual(
      refused('token_claims_invalid', { claim }),
    );
  });

  it.each(
    ['exp', 'iat', 'nbf'].flatMap((claim) =>
      [String(NOW + 60), null, true, [NOW + 60], {}].map((value) => [claim, value] as const),
    ),
  )('%s of the wrong type: %j → token_claims_invalid [JOSE-7519-2-01]', async (claim, value) => {
    expect(await verify(mintToken({ claims: { [claim]: value } }))).toEqual(
      refused('token_claims_invalid', { claim }),
    );
  });

  it.each(['exp', 'iat', 'nbf'])(
    '%s too large for a number → token_claims_invalid [JOSE-7519-2-01]',
    async (claim) => {
      const payloadText = JSON.stringify({ ...CLAIMS, [claim]: 'BIG' }).replace('"BIG"', '1e999');
      expect(await verify(mintToken({ payloadText }))).toEqual(
        refused('token_claims_invalid', { claim }),
      );
    },
  );

  it('claims only a prototype would give → missing', async () => {
    const payloadText = `{"iss":"${ISSUER}","__proto__":${JSON.stringify(CLAIMS)}}`;
    expect(await verify(mintToken({ payloadText }))).toEqual(
      refused('token_claims_invalid', { claim: 'exp' }),
    );
  });
});

describe('cnf', () => {
  it.each(UNSUPPORTED_CNF)(
    'cnf %s → confirmation_unsupported [DPOP-6.1-P1] [MTLS-3-01]',
    async (_name, cnf) => {
      expect(await verify(mintToken({ claims: { cnf } }))).toEqual(
        refused('confirmation_unsupported'),
      );
    },
  );

  it('jkt and an unknown member → bound to jkt', async () => {
    expect(await verify(mintToken({ claims: { cnf: { jkt: JKT, foo: {} } } }))).toMatchObject({
      accepted: { confirmation: { jkt: JKT } },
    });
  });
});

describe('the order of the checks', () => {
  const everythingWrong = {
    key: KEYS.mallory,
    header: { typ: 'JWT', crit: [], alg: 'none', kid: 'x' },
    claims: { iss: 'x', sub: 7, aud: 'x', exp: 1, nbf: NOW + 999, cnf: 1 },
  } as const;
  const good = { typ: 'at+jwt', crit: undefined, alg: 'ES256', kid: 'issuer' };

  it.each<[AuthReason, TokenOverrides]>([
    ['token_type_mismatch', {}],
    ['token_header_unsupported', { header: { typ: good.typ } }],
    ['token_algorithm_refused', { header: { ...good, alg: 'none', kid: 'x' } }],
    ['token_key_unknown', { header: { ...good, kid: 'x' } }],
    ['token_signature_invalid', { header: good }],
    ['token_issuer_mismatch', { header: good, key: KEYS.issuer }],
    ['token_claims_invalid', { header: good, key: KEYS.issuer, claims: { iss: ISSUER } }],
    [
      'token_audience_mismatch',
      { header: good, key: KEYS.issuer, claims: { iss: ISSUER, sub: 'a' } },
    ],
    [
      'token_expired',
      { header: good, key: KEYS.issuer, claims: { iss: ISSUER, sub: 'a', aud: RESOURCE } },
    ],
    [
      'token_not_yet_valid',
      {
        header: good,
        key: KEYS.issuer,
        claims: { iss: ISSUER, sub: 'a', aud: RESOURCE, exp: NOW + 9 },
      },
    ],
    [
      'confirmation_unsupported',
      {
        header: good,
        key: KEYS.issuer,
        claims: { iss: ISSUER, sub: 'a', aud: RESOURCE, exp: NOW + 9, nbf: NOW },
      },
    ],
  ])('%s → comes before all that follow', async (reason, mended) => {
    const token = mintToken({
      ...everythingWrong,
      ...mended,
      alg: 'ES256',
      header: { ...everythingWrong.header, ...mended.header },
      claims: { ...everythingWrong.claims, ...mended.claims },
    });
    expect(await verify(token)).toMatchObject({ reason });
  });
});

describe('any other text', () => {
  it('a good token with one character changed, cut short or extended → refused, never an exception', async () => {
    const token = mintToken({ boundTo: KEYS.alice });
    const mutation = fc.oneof(
      fc
        .tuple(fc.nat(token.length - 1), fc.constantFrom(...'ABab01-_.= "'))
        .map(([at, letter]) => token.slice(0, at) + letter + token.slice(at + 1)),
      fc.nat(token.length - 1).map((length) => token.slice(0, length)),
      fc.string({ minLength: 1 }).map((text) => token + text),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(mutation, async (text) => {
        fc.pre(text !== token);
        expect(await verify(text)).toHaveProperty('reason');
      }),
      { numRuns: 300 },
    );
  });
});

describe('createJwtVerifier', () => {
  const keys = createKeySet(keySet(KEYS.issuer));
  it.each([
    ['no issuer', { issuer: undefined }, 'issuer: must be a non-empty text'],
    ['an empty issuer', { issuer: '' }, 'issuer: must be a non-empty text'],
    ['no audience', { audience: undefined }, 'audience: must be a non-empty text'],
    ['an empty audience', { audience: '' }, 'audience: must be a non-empty text'],
    ['audience as a list', { audience: [RESOURCE] }, 'audience: must be a non-empty text'],
    ['a negative leeway', { leewaySeconds: -1 }, 'leewaySeconds: must be from 0 to 300'],
    ['a leeway of 301', { leewaySeconds: 301 }, 'leewaySeconds: must be from 0 to 300'],
    ['a leeway that is NaN', { leewaySeconds: Number.NaN }, 'leewaySeconds: must be from 0 to 300'],
    ['maxTokenChars 0', { maxTokenChars: 0 }, 'maxTokenChars: must be a whole number, 1 or more'],
    [
      'maxTokenChars NaN',
      { maxTokenChars: Number.NaN },
      'maxTokenChars: must be a whole number, 1 or more',
    ],
    [
      'maxTokenChars Infinity',
      { maxTokenChars: Number.POSITIVE_INFINITY },
      'maxTokenChars: must be a whole number, 1 or more',
    ],
    ['no algorithm', { algorithms: [] }, 'algorithms: give at least one signature algorithm'],
    ['algorithms twice', { algorithms: ['ES256', 'ES256'] }, 'algorithms: a name occurs twice'],
    [
      'a JWK Set as keys',
      { keys: keySet(KEYS.issuer) },
      'keys: give a key source; createKeySet makes one from a JWK Set',
    ],
    [
      'an http issuer without keys',
      { keys: undefined, issuer: 'http://as.example' },
      'issuer: http://as.example must be https (http is for loopback only)',
    ],
  ])('%s → TypeError at start-up', async (_name, wrong, message) => {
    const options = { issuer: ISSUER, audience: RESOURCE, keys, ...wrong } as JwtVerifierOptions;
    expect(await outcome(() => createJwtVerifier(options))).toEqual({ typeError: message });
  });

  it('algorithms changed by the caller later → the list given at start-up holds', async () => {
    const algorithms: ('ES256' | 'RS256')[] = ['ES256'];
    const verifier = createJwtVerifier({
      issuer: ISSUER,
      audience: RESOURCE,
      keys: createKeySet(keySet(KEYS.issuerRsa)),
      clock,
      algorithms,
    });
    algorithms.push('RS256');
    expect(await outcome(() => verifier.verify(mintToken({ key: KEYS.issuerRsa })))).toEqual(
      refused('token_algorithm_refused'),
    );
  });

  it('no clock given → the clock of the machine', async () => {
    const verifier = createJwtVerifier({ issuer: ISSUER, audience: RESOURCE, keys });
    const now = Date.now() / 1000;
    const token = (exp: number): string => mintToken({ claims: { iat: now, exp } });
    expect(await outcome(() => verifier.verify(token(now + 60)))).toHaveProperty('accepted');
    expect(await outcome(() => verifier.verify(token(now - 60)))).toMatchObject({
      reason: 'token_expired',
    });
  });

  it('an HMAC keyed with the public key → token_algorithm_refused [DPOP-4.3-05]', async () => {
    const { createHmac } = await import('node:crypto');
    const input = signJws({
      header: { typ: 'at+jwt', alg: 'HS256', kid: 'issuer' },
      payload: CLAIMS,
      alg: 'ES256',
      key: KEYS.issuer.privateKey,
    })
      .split('.')
      .slice(0, 2)
      .join('.');
    const spki = KEYS.issuer.publicKey.export({ format: 'pem', type: 'spki' });
    const mac = createHmac('sha256', spki).update(input).digest('base64url');
    expect(await verify(`${input}.${mac}`)).toEqual(refused('token_algorithm_refused'));
  });
});
