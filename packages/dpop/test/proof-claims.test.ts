import { createHash } from 'node:crypto';
import { NOW, sha256 } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import { parseProofClaims } from '../src/proof-claims.ts';
import { payloadOf } from './support/forge.ts';
import {
  type Draft,
  draftFor,
  type Fault,
  PLACES,
  RESOURCE_SERVER,
  TOKEN,
} from './support/servers.ts';
import { describeAccepted, describeFaults, titled } from './support/table.ts';

const REQUIREMENT = {
  jti: 'DPOP-4.3-03',
  htm: 'DPOP-4.3-03',
  htu: 'DPOP-4.3-03',
  iat: 'DPOP-4.3-03, JOSE-7519-2-01',
  nonce: 'DPOP-4.3-03',
  ath: 'DPOP-4.3-03',
  exp: 'JOSE-7519-4.1-01',
  nbf: 'JOSE-7519-4.1-01',
} as const;

const claimFault = (id: string, claim: keyof typeof REQUIREMENT, value: unknown): Fault => ({
  id,
  name: `${claim} ${value === undefined ? 'left out' : JSON.stringify(value).slice(0, 30)}`,
  reason: 'proof_claims_invalid',
  requirements: REQUIREMENT[claim],
  make: (draft) => draft.mint({ claims: { [claim]: value } }),
});

/** A good proof whose payload text is changed before it is signed. */
function retext(draft: Draft, change: (text: string) => string): string {
  return draft.mint({ payloadText: change(JSON.stringify(payloadOf(draft.mint()))) });
}

const NOT_TEXTS = [null, 5, true, ['GET'], { a: 1 }, ''];
const NOT_NUMBERS = [null, '1767225600', '', true, [1767225600], {}];

describeFaults('claims that are missing or of another type', [
  ...[undefined, ...NOT_TEXTS].map((value) => claimFault('F03', 'jti', value)),
  ...[undefined, ...NOT_TEXTS].map((value) => claimFault('F07', 'htm', value)),
  ...[undefined, ...NOT_TEXTS].map((value) => claimFault('F14', 'htu', value)),
  ...[undefined, ...NOT_NUMBERS].map((value) => claimFault('F61', 'iat', value)),
  ...NOT_TEXTS.map((value) => claimFault('G10', 'nonce', value)),
  ...NOT_TEXTS.map((value) => claimFault('F80', 'ath', value)),
  ...NOT_NUMBERS.map((value) => claimFault('F75', 'exp', value)),
  ...NOT_NUMBERS.map((value) => claimFault('F75', 'nbf', value)),
  ...(['1e999', '-1e999'] as const).map(
    (number): Fault => ({
      id: 'F65',
      name: `iat ${number}, infinite to a parser`,
      reason: 'proof_claims_invalid',
      requirements: 'JOSE-7519-2-01',
      make: (draft) => retext(draft, (text) => text.replace(/"iat":\d+/, `"iat":${number}`)),
    }),
  ),
  {
    id: 'F75',
    name: 'exp 1e999, infinite to a parser',
    reason: 'proof_claims_invalid',
    requirements: 'JOSE-7519-4.1-01',
    make: (draft) => retext(draft, (text) => text.replace('{', '{"exp":1e999,')),
  },
  ...(['\\ud800', 'a\\udc00', '\\ud800\\ud800'] as const).map(
    (surrogate): Fault => ({
      id: 'C33',
      name: `jti with the lone surrogate ${surrogate}`,
      reason: 'proof_claims_invalid',
      requirements: 'JOSE-7515-5.2-01',
      make: (draft) => retext(draft, (text) => text.replace('"jti":"', `"jti":"${surrogate}`)),
    }),
  ),
  ...(
    [
      ['jti', 256],
      ['htm', 64],
      ['htu', 2048],
      ['ath', 128],
      ['nonce', 512],
    ] as const
  ).map(
    ([claim, chars]): Fault => ({
      id: claim === 'jti' ? 'F06' : claim === 'htu' ? 'F59' : 'LIM',
      name: `${claim} of ${chars + 1} characters`,
      reason: 'proof_claims_invalid',
      requirements: 'JOSE-LIMIT-P1, DPOP-11.1-03',
      make: (draft) => {
        const start = claim === 'htu' ? `${draft.claims.htu}` : '';
        return draft.mint({ claims: { [claim]: start.padEnd(chars + 1, 'a') } });
      },
    }),
  ),
]);

describeFaults('method', [
  ...(
    [
      ['F08', 'PUT', 'another method'],
      ['F08', 'HEAD', 'HEAD'],
      ['F09', 'get', 'the method in small letters'],
      ['F09', 'post', 'the method in small letters'],
      ['F10', ' GET', 'a blank before'],
      ['F10', 'GET ', 'a blank after'],
    ] as const
  ).map(
    ([id, htm, what]): Fault => ({
      id,
      name: `htm "${htm}", ${what}`,
      reason: 'htm_mismatch',
      requirements: 'DPOP-4.3-08',
      make: (draft) => draft.mint({ claims: { htm } }),
    }),
  ),
]);

describeFaults('time', [
  ...(
    [
      ['F63', 'in milliseconds', NOW * 1000, 'proof_from_future'],
      ['F64', 'zero', 0, 'proof_expired'],
      ['F64', 'negative', -1, 'proof_expired'],
      ['F68', 'one second older than the limit', NOW - 61, 'proof_expired'],
      ['F70', 'one second beyond the limit', NOW + 31, 'proof_from_future'],
      ['F66', 'as far away as a number can be', Number.MAX_VALUE, 'proof_from_future'],
      ['F66', 'as long ago as a number can be', -Number.MAX_VALUE, 'proof_expired'],
    ] as const
  ).map(
    ([id, name, iat, reason]): Fault => ({
      id,
      name: `iat ${name}`,
      reason,
      requirements: 'DPOP-4.3-11, DPOP-11.1-01',
      make: (draft) => draft.mint({ claims: { iat } }),
    }),
  ),
  ...(
    [
      ['F75', 'exp in the past', { exp: NOW - 1 }, 'proof_expired'],
      ['F75', 'exp now', { exp: NOW }, 'proof_expired'],
      ['F76', 'nbf in the future', { nbf: NOW + 1000 }, 'proof_from_future'],
    ] as const
  ).map(
    ([id, name, claims, reason]): Fault => ({
      id,
      name,
      reason,
      requirements: 'JOSE-7519-4.1-01',
      make: (draft) => draft.mint({ claims }),
    }),
  ),
]);

describeAccepted('claims', [
  {
    id: 'A20',
    name: 'a UUID as jti',
    requirements: 'DPOP-4.2-03',
    make: (draft) => draft.mint({ claims: { jti: '9c5b94b1-35ad-49bb-b118-8e8fc24abf80' } }),
  },
  {
    id: 'F04',
    name: 'a jti of one character',
    requirements: 'DPOP-4.2-03',
    make: (draft) => draft.mint({ claims: { jti: 'a' } }),
  },
  {
    id: 'F05',
    name: 'a jti of 256 characters',
    requirements: 'DPOP-11.1-03, JOSE-LIMIT-P1',
    make: (draft) => draft.mint({ claims: { jti: 'j'.repeat(256) } }),
  },
  {
    id: 'C32',
    name: 'U+0000 in jti',
    requirements: 'DPOP-11.1-03',
    make: (draft) => draft.mint({ claims: { jti: 'a\0b' } }),
  },
  {
    id: 'A21',
    name: 'htm and htu with JSON escapes',
    requirements: 'JOSE-7515-5.2-01',
    make: (draft) =>
      retext(draft, (text) =>
        text
          .replace(/"htm":"(.)/, (_, c: string) => `"htm":"\\u00${c.charCodeAt(0).toString(16)}`)
          .replaceAll('/', '\\/'),
      ),
  },
  {
    id: 'A22',
    name: 'iat with an exponent',
    requirements: 'JOSE-7519-2-01',
    make: (draft) => retext(draft, (text) => text.replace(`${NOW}`, '1.7672256e9')),
  },
  ...(
    [
      ['F62', 'iat with a fraction', { iat: NOW - 0.5 }, 'JOSE-7519-2-01'],
      ['F67', 'iat at the limit of age', { iat: NOW - 60 }, 'DPOP-4.3-11'],
      ['F69', 'iat at the limit of the future', { iat: NOW + 30 }, 'DPOP-4.3-11'],
      ['F74', 'exp one second ahead and nbf now', { exp: NOW + 1, nbf: NOW }, 'JOSE-7519-4.1-01'],
      ['F77', 'aud of another server', { aud: 'https://other.example' }, 'JOSE-7519-4.1-01'],
      ['F78', 'iss and sub', { iss: 'x', sub: 'y' }, 'DPOP-4.2-09'],
      ['A11', 'a claim nobody knows', { foo: { bar: [null] } }, 'DPOP-4.2-09'],
      ['G11', 'a nonce nobody asked for', { nonce: 'left over' }, 'DPOP-4.2-09'],
    ] as const
  ).map(([id, name, claims, requirements]) => ({
    id,
    name,
    requirements,
    make: (draft: Draft) => draft.mint({ claims }),
  })),
]);

describe('htu, at both servers', () => {
  /** On `https://rs.example` or the issuer's origin; REQUEST and HTU are paths or whole URIs. */
  const rows = [
    ['F17', '/r', 'https://evil.example/r', 'htu_mismatch', 'DPOP-4.3-09'],
    ['F18', '/r', '{origin}.evil/r', 'htu_mismatch', 'DPOP-4.3-09'],
    ['F20', '/r', '{origin}/r2', 'htu_mismatch', 'DPOP-4.3-09'],
    ['F20', '/r2', '{origin}/r', 'htu_mismatch', 'DPOP-4.3-09'],
    ['F21', '/r', '{origin}:8443/r', 'htu_mismatch', 'DPOP-4.3-09, URI-05'],
    ['F22', '/r', 'http://{host}/r', 'htu_mismatch', 'DPOP-4.3-09'],
    ['F27', '/r', '{origin}:80/r', 'htu_mismatch', 'URI-05'],
    ['F26', '/r', '{origin}:0443/r', 'htu_mismatch', 'URI-05'],
    ['F28', '/r', '{origin}/R', 'htu_mismatch', 'URI-01'],
    ['F29', '/r', '{origin}/r/', 'htu_mismatch', 'URI-06'],
    ['F36', '/a/b', '{origin}/a%2Fb', 'htu_mismatch', 'URI-03'],
    ['F36', '/a%2Fb', '{origin}/a/b', 'htu_mismatch', 'URI-03'],
    ['F37', '/%72', '{origin}/%2572', 'htu_mismatch', 'URI-02'],
    ['F37', '/%2572', '{origin}/%72', 'htu_mismatch', 'URI-02'],
    ['F39', '/r', '{origin}//r', 'htu_mismatch', 'URI-06'],
    ['F40', '/r', '{origin}/r;v=1', 'htu_mismatch', 'URI-06'],
    ['F41', '/r', '{origin}./r', 'htu_mismatch', 'URI-06'],
    ['F42', '/r', 'https://u:p@{host}/r', 'htu_malformed', 'URI-07'],
    ['F42', '/r', 'https://@{host}/r', 'htu_malformed', 'URI-07'],
    ['F51', '/r', '/r', 'htu_malformed', 'URI-11'],
    ['F51', '/r', '//{host}/r', 'htu_malformed', 'URI-11'],
    ['F57', '/r', 'blob:{origin}/r', 'htu_malformed', 'URI-11'],
    ['F58', '/%C3%BC', '{origin}/ü', 'htu_malformed', 'URI-11'],
    ['F15', '/r', '{origin}/r', undefined, 'DPOP-4.3-09'],
    ['F23', '/r', '{ORIGIN}/r', undefined, 'URI-01, DPOP-4.3-14'],
    ['F24', '/r', '{origin}:443/r', undefined, 'URI-05, DPOP-4.3-14'],
    ['F25', '/r', '{origin}:/r', undefined, 'URI-05, DPOP-4.3-14'],
    ['F23', '/~u', '{ORIGIN}:443/%7Eu', undefined, 'DPOP-4.3-14'],
    ['F30', '/', '{origin}', undefined, 'URI-05, DPOP-4.3-14'],
    ['F33', '/~', '{origin}/%7E', undefined, 'URI-02, DPOP-4.3-14'],
    ['F33', '/%7e', '{origin}/~', undefined, 'URI-02'],
    ['F34', '/%c3%bc', '{origin}/%C3%BC', undefined, 'URI-02'],
    ['F35', '/r', '{origin}/a/../r', undefined, 'URI-04'],
    ['J11', '/%72', '{origin}/r', undefined, 'URI-02'],
    ['F44', '/r', '{origin}/r?a=1', undefined, 'DPOP-4.3-09'],
    ['F45', '/r', '{origin}/r#top', undefined, 'DPOP-4.3-09'],
    ['F46', '/r?a=1', '{origin}/r?b=2#c', undefined, 'DPOP-4.3-09'],
    ['A15', '/r?a=1&b=2', '{origin}/r', undefined, 'DPOP-4.3-09'],
    ['F59', `/${'a'.repeat(2000)}`, `{origin}/${'a'.repeat(2000)}`, undefined, 'JOSE-LIMIT-P1'],
  ] as const;
  const table = titled(
    rows.map(([id, target, htu, reason, requirements]) => {
      const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 30)}…` : text);
      const name = `htu ${shown(htu)} for ${shown(target)}`;
      return { id, name, target, htu, reason, requirements };
    }),
    ({ reason }) => reason ?? 'accepted',
  );

  describe.each(PLACES)('at the $name', (place) => {
    it.each(table)('%s', async (_title, { target, htu, reason }) => {
      const host = place.origin.slice('https://'.length);
      const claim = htu
        .replace('{origin}', place.origin)
        .replace('{ORIGIN}', place.origin.toUpperCase())
        .replace('{host}', host);
      const draft = draftFor(place);
      const server = place.create();
      const good = `${place.origin}${target.split('?')[0]}`;
      const base = await server.send({ proof: draft.mint({ claims: { htu: good } }), target });
      expect(base).toMatchObject({ granted: true });

      const outcome = await server.send({ proof: draft.mint({ claims: { htu: claim } }), target });
      expect(outcome).toMatchObject({ granted: reason === undefined, reason });
      if (reason !== undefined) expect(outcome.denial).toEqual(place.denial(reason));
    });
  });
});

describe('ath, at the resource server', () => {
  const hash = (algorithm: string): string =>
    createHash(algorithm).update(TOKEN).digest('base64url');
  const plain = createHash('sha256').update(TOKEN).digest('base64');
  const rows = [
    ['F79', 'no ath', undefined, 'ath_missing', 'DPOP-4.3-12'],
    ['F81', 'ath of another token', sha256('another'), 'ath_mismatch', 'DPOP-4.3-12'],
    ['F81', 'the token itself', TOKEN.slice(0, 43), 'ath_mismatch', 'DPOP-4.3-12'],
    ['F82', 'ath with padding', `${sha256(TOKEN)}=`, 'ath_mismatch', 'DPOP-4.3-12'],
    ['F83', 'ath in plain base64', plain.replace(/=$/, '+'), 'ath_mismatch', 'DPOP-4.3-12'],
    ['F84', 'ath by SHA-512', hash('sha512'), 'ath_mismatch', 'DPOP-11.10-01'],
    ['F84', 'ath by SHA-1', hash('sha1'), 'ath_mismatch', 'DPOP-11.10-01'],
    ['F85', 'ath in capitals', sha256(TOKEN).toUpperCase(), 'ath_mismatch', 'DPOP-4.3-12'],
  ] as const;
  const table = titled(
    rows.map(([id, name, ath, reason, requirements]) => ({ id, name, ath, reason, requirements })),
    ({ reason }) => `401 invalid_dpop_proof, ${reason}`,
  );

  it.each(table)('%s', async (_title, { ath, reason }) => {
    const server = RESOURCE_SERVER.create();
    const draft = draftFor(RESOURCE_SERVER);
    expect(await server.send({ proof: draft.mint() })).toMatchObject({ granted: true });
    const outcome = await server.send({ proof: draft.mint({ claims: { ath } }) });
    expect(outcome).toMatchObject({ granted: false, reason });
    expect(outcome.denial).toEqual(RESOURCE_SERVER.denial(reason));
    expect(server.spent).toHaveLength(1);
  });
});

describe('method extensions and overrides', () => {
  it.each(['QUERY', 'PROPFIND', 'x', 'M-SEARCH'])(
    'A23 method and htm %s → accepted, there is no closed list [DPOP-4.3-08]',
    async (method) => {
      for (const place of PLACES) {
        const proof = draftFor(place).mint({ claims: { htm: method } });
        expect(await place.create().send({ proof, method })).toMatchObject({ granted: true });
      }
    },
  );

  it('a GET proof on HEAD → htm_mismatch [DPOP-4.3-08]', async () => {
    const outcome = await RESOURCE_SERVER.create().send({
      proof: draftFor(RESOURCE_SERVER).mint(),
      method: 'HEAD',
    });
    expect(outcome).toMatchObject({ granted: false, reason: 'htm_mismatch' });
  });

  it('a method-override field that names htm → htm_mismatch, the field does not count [DPOP-4.3-08]', async () => {
    const outcome = await RESOURCE_SERVER.create().send({
      proof: draftFor(RESOURCE_SERVER).mint({ claims: { htm: 'DELETE' } }),
      fields: { 'x-http-method-override': 'DELETE' },
    });
    expect(outcome).toMatchObject({ granted: false, reason: 'htm_mismatch' });
  });
});

describe('presets', () => {
  const rows = [
    ['F71', 'fapi', 10, undefined, 'FAPI-5.3.2.1-05'],
    ['F71', 'fapi', 60, undefined, 'FAPI-5.3.2.1-05'],
    ['F72', 'fapi', 61, 'proof_from_future', 'FAPI-5.3.2.1-05'],
    ['F72', 'fapi', -60, undefined, 'FAPI-5.3.2.1-05'],
    ['F72', 'fapi', -61, 'proof_expired', 'FAPI-5.3.2.1-05'],
    ['F73', 'mcp', 300, undefined, 'SEP1932-RS-02'],
    ['F73', 'mcp', 303, 'proof_from_future', 'SEP1932-RS-02'],
    ['F73', 'mcp', -300, undefined, 'SEP1932-RS-02'],
    ['F73', 'mcp', -303, 'proof_expired', 'SEP1932-RS-02'],
    ['F67', 'default', -60, undefined, 'DPOP-4.3-11'],
    ['F68', 'default', -61, 'proof_expired', 'DPOP-4.3-11'],
    ['F69', 'default', 30, undefined, 'DPOP-4.3-11'],
    ['F70', 'default', 31, 'proof_from_future', 'DPOP-4.3-11'],
  ] as const;
  const table = titled(
    rows.map(([id, preset, offset, reason, requirements]) => ({
      id,
      name: `iat ${offset} s off under preset ${preset}`,
      preset,
      offset,
      reason,
      requirements,
    })),
    ({ reason }) => reason ?? 'accepted',
  );

  it.each(table)('%s', async (_title, { preset, offset, reason }) => {
    for (const place of PLACES) {
      const proof = draftFor(place).mint({ claims: { iat: NOW + offset } });
      const outcome = await place.create({ preset }).send({ proof });
      expect(outcome).toMatchObject({ granted: reason === undefined, reason });
    }
  });

  it('a window of its own beside a preset → the option wins', async () => {
    for (const place of PLACES) {
      const proof = draftFor(place).mint({ claims: { iat: NOW - 11 } });
      const outcome = await place.create({ preset: 'mcp', maxAgeSeconds: 10 }).send({ proof });
      expect(outcome).toMatchObject({ reason: 'proof_expired' });
      const ahead = draftFor(place).mint({ claims: { iat: NOW + 1 } });
      const early = await place
        .create({ preset: 'mcp', maxFutureSeconds: 0 })
        .send({ proof: ahead });
      expect(early).toMatchObject({ reason: 'proof_from_future' });
    }
  });
});

describe('facts of a refused claim', () => {
  it.each(['jti', 'htm', 'htu', 'iat'])('no %s → the name of the claim', (claim) => {
    const good = { jti: 'j', htm: 'GET', htu: 'https://rs.example/', iat: 1 };
    expect(parseProofClaims(good)).toMatchObject(good);
    expect(() => parseProofClaims({ ...good, [claim]: undefined })).toThrow(
      expect.objectContaining({ reason: 'proof_claims_invalid', facts: { claim } }),
    );
  });
});
