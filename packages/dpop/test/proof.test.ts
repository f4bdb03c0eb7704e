import { createHmac, createPublicKey, sign, verify } from 'node:crypto';
import { KEYS, type TestKey, toBase64url } from '@keybound/test-kit';
import { describe, expect, it } from 'vitest';
import {
  cubeRootForgery,
  fitsEd25519Equation,
  headerOf,
  KEYLESS_ED25519_SIGNATURE,
  mapRs,
  P256_ORDER,
  P521_ORDER,
  P521_PRIME,
  payloadOf,
  pkcs1Block,
  resign,
  SMALL_ORDER_POINTS,
  seal,
  signEd25519ph,
  signWithoutNull,
  split,
  toBigInt,
  toBytes,
  toDer,
  withRoomForTailBits,
  withS,
  withTailBits,
  withUnreducedS,
} from './support/forge.ts';
import { ODD_KEYS, publicOnly } from './support/odd-keys.ts';
import {
  ALL_ALGORITHMS,
  type Draft,
  draftFor,
  type Fault,
  RESOURCE_SERVER,
} from './support/servers.ts';
import { describeAccepted, describeFaults, titled } from './support/table.ts';

const mint = (draft: Draft): string => draft.mint();
const everyAlgorithm = { algorithms: ALL_ALGORITHMS };
const { alice, alice521, aliceRsa, aliceEd25519, mallory } = KEYS;

/** A good proof whose header and payload texts are changed before they are signed. */
function retext(
  draft: Draft,
  change: { header?: (text: string) => string; payload?: (text: string) => string },
): string {
  const good = draft.mint();
  const text = (value: unknown): string => JSON.stringify(value);
  return draft.mint({
    headerText: (change.header ?? ((same) => same))(text(headerOf(good))),
    payloadText: (change.payload ?? ((same) => same))(text(payloadOf(good))),
  });
}

/** A good proof with these members in its `jwk`; undefined leaves one out. */
const withJwk = (
  draft: Draft,
  members: Record<string, unknown>,
  jwk: unknown = headerOf(draft.mint()).jwk,
): string => draft.mint({ header: { jwk: { ...(jwk as object), ...members } } });

const deep = (depth: number): unknown =>
  depth === 0 ? 1 : depth % 2 === 0 ? [deep(depth - 1)] : { a: deep(depth - 1) };

const manyMembers = (count: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`extra${i}`, i]));

/** A good proof of exactly this length. */
function ofLength(draft: Draft, chars: number): string {
  for (let filling = Math.floor(chars * 0.6); ; filling++) {
    const proof = draft.mint({ claims: { filling: 'x'.repeat(filling) } });
    if (proof.length >= chars) return proof;
  }
}

/** A good proof whose header part has exactly this length. */
function withHeaderOf(draft: Draft, chars: number): string {
  for (let filling = Math.floor(chars * 0.6); ; filling++) {
    const proof = draft.mint({ header: { filling: 'x'.repeat(filling) } });
    if (split(proof).header.length >= chars) return proof;
  }
}

describeFaults('the DPoP field', [
  {
    id: 'B02',
    name: 'two DPoP fields, both valid',
    reason: 'proof_repeated',
    requirements: 'DPOP-4.3-01',
    make: (draft) => [draft.mint(), draft.mint()],
  },
  {
    id: 'B02',
    name: 'two DPoP fields, both the same',
    reason: 'proof_repeated',
    requirements: 'DPOP-4.3-01',
    make: (draft) => Array(2).fill(draft.mint()),
  },
  {
    id: 'B06',
    name: 'two DPoP fields, the first one empty',
    reason: 'proof_repeated',
    requirements: 'DPOP-4.3-01',
    make: (draft) => ['', draft.mint()],
  },
  {
    id: 'B05',
    name: 'two proofs joined by a comma in one field',
    reason: 'proof_malformed',
    requirements: 'DPOP-4.3-02',
    make: (draft) => `${draft.mint()}, ${draft.mint()}`,
  },
  {
    id: 'B08',
    name: 'an empty field',
    reason: 'proof_malformed',
    requirements: 'DPOP-4.1-P1',
    make: () => '',
  },
  {
    id: 'B11',
    name: 'the text undefined',
    reason: 'proof_malformed',
    requirements: 'DPOP-4.3-02, DPOP-4.1-P1',
    make: () => 'undefined',
  },
  {
    id: 'B09',
    name: 'padding after the signature',
    reason: 'proof_malformed',
    requirements: 'JOSE-7515-2-01, DPOP-4.1-02',
    make: (draft) => `${draft.mint()}==`,
  },
  {
    id: 'C27',
    name: 'a blank before the proof',
    reason: 'proof_malformed',
    requirements: 'DPOP-4.1-02',
    make: (draft) => ` ${draft.mint()}`,
  },
  {
    id: 'C27',
    name: 'a blank after the proof',
    reason: 'proof_malformed',
    requirements: 'DPOP-4.1-02',
    make: (draft) => `${draft.mint()} `,
  },
  {
    id: 'C28',
    name: 'a blank inside the signature',
    reason: 'proof_malformed',
    requirements: 'DPOP-4.1-02, JOSE-7515-2-01',
    make: (draft) => draft.mint().replace(/(.{4})$/, ' $1'),
  },
  {
    id: 'B10',
    name: 'the whole value in capitals',
    reason: 'proof_malformed',
    requirements: 'DPOP-4.1-01',
    make: (draft) => draft.mint().toUpperCase(),
  },
  {
    id: 'LIM',
    name: 'a proof of 8193 characters',
    reason: 'proof_too_large',
    requirements: 'JOSE-LIMIT-P1',
    base: (draft) => ofLength(draft, 8190),
    make: (draft) => ofLength(draft, 8193),
  },
  {
    id: 'LIM',
    name: 'a header part of more than 4096 characters',
    reason: 'proof_too_large',
    requirements: 'JOSE-LIMIT-P1',
    base: (draft) => withHeaderOf(draft, 4090),
    make: (draft) => withHeaderOf(draft, 4097),
  },
]);

describeFaults('JWS and JSON structure', [
  ...([1, 2, 4, 5] as const).map(
    (parts): Fault => ({
      id: 'C01',
      name: `${parts} parts`,
      reason: 'proof_malformed',
      requirements: 'DPOP-4.3-02',
      make: (draft) => [...draft.mint().split('.'), 'AA', 'AA'].slice(0, parts).join('.'),
    }),
  ),
  {
    id: 'C03',
    name: 'a JWE of five parts',
    reason: 'proof_malformed',
    requirements: 'DPOP-4.3-02',
    make: (draft) =>
      [
        { typ: 'dpop+jwt', alg: 'ECDH-ES', enc: 'A128GCM', jwk: headerOf(draft.mint()).jwk },
        '',
        'initialisation',
        'ciphertext',
        'tag',
      ]
        .map((part) => toBase64url(part))
        .join('.'),
  },
  {
    id: 'C04',
    name: 'the flattened JSON serialisation',
    reason: 'proof_malformed',
    requirements: 'DPOP-4.3-02, DPOP-4.1-02',
    make: (draft) => {
      const { header, payload, signature } = split(draft.mint());
      return JSON.stringify({ protected: header, payload, signature });
    },
  },
  {
    id: 'C05',
    name: 'a JWT as payload',
    reason: 'proof_malformed',
    requirements: 'DPOP-4.3-02',
    make: (draft) => draft.mint({ header: { cty: 'JWT' }, payloadText: draft.mint() }),
  },
  {
    id: 'C06',
    name: 'a detached payload',
    reason: 'proof_malformed',
    requirements: 'DPOP-4.3-02',
    make: (draft) => draft.mint().replace(/\..*\./, '..'),
  },
  ...(['[]', '"x"', '1', 'true', 'null', '', '{', '{}{}', '{} x'] as const).map(
    (payloadText): Fault => ({
      id: 'C10',
      name: `the payload ${payloadText || '(empty)'}`,
      reason: 'proof_malformed',
      requirements: 'DPOP-4.3-02, JOSE-7515-5.2-01',
      make: (draft) => draft.mint({ payloadText }),
    }),
  ),
  {
    id: 'C12',
    name: 'an array of the header',
    reason: 'proof_malformed',
    requirements: 'JOSE-7515-5.2-01',
    make: (draft) => retext(draft, { header: (text) => `[${text}]` }),
  },
  {
    id: 'C13',
    name: 'a payload that is not UTF-8',
    reason: 'proof_malformed',
    requirements: 'JOSE-7515-5.2-01',
    make: (draft) => {
      const { header, payload } = split(draft.mint({ claims: { jti: 'before@after' } }));
      const octets = Buffer.from(payload, 'base64url');
      octets[octets.indexOf('@')] = 0xff;
      return seal(header, toBase64url(octets), alice);
    },
  },
  {
    id: 'C14',
    name: 'a payload in UTF-16',
    reason: 'proof_malformed',
    requirements: 'JOSE-7515-5.2-01',
    make: (draft) => {
      const { header, payload } = split(draft.mint());
      const text = Buffer.from(payload, 'base64url').toString();
      return seal(header, toBase64url(Buffer.from(text, 'utf16le')), alice);
    },
  },
  {
    id: 'C15',
    name: 'a byte order mark before the payload',
    reason: 'proof_malformed',
    requirements: 'JOSE-7515-5.2-01',
    make: (draft) => retext(draft, { payload: (text) => `\ufeff${text}` }),
  },
  ...(['POST', 'GET'] as const).map(
    (last): Fault => ({
      id: last === 'GET' ? 'C16' : 'C17',
      name: `htm twice, ${last} the last time`,
      reason: 'proof_malformed',
      requirements: 'JOSE-7515-4-01',
      make: (draft) =>
        retext(draft, {
          payload: (text) =>
            text.replace(
              /"htm":"\w+"/,
              `"htm":"${last === 'GET' ? 'POST' : 'GET'}","htm":"${last}"`,
            ),
        }),
    }),
  ),
  {
    id: 'C18',
    name: 'htm twice, once spelled with an escape',
    reason: 'proof_malformed',
    requirements: 'JOSE-7515-4-01',
    make: (draft) => retext(draft, { payload: (text) => text.replace('{', '{"\\u0068tm":"PUT",') }),
  },
  {
    id: 'C20',
    name: 'x twice in the jwk',
    reason: 'proof_malformed',
    requirements: 'JOSE-7515-4-01',
    make: (draft) =>
      retext(draft, {
        header: (text) => text.replace('"x":', `"x":"${mallory.publicJwk.x}","x":`),
      }),
  },
  {
    id: 'C23',
    name: 'more than 64 members',
    reason: 'proof_malformed',
    requirements: 'JOSE-LIMIT-P1',
    base: (draft) => draft.mint({ claims: manyMembers(59) }),
    make: (draft) => draft.mint({ claims: manyMembers(61) }),
  },
  {
    id: 'C25',
    name: 'deeper than 8',
    reason: 'proof_malformed',
    requirements: 'JOSE-LIMIT-P1',
    base: (draft) => draft.mint({ claims: { deep: deep(7) } }),
    make: (draft) => draft.mint({ claims: { deep: deep(8) } }),
  },
  {
    id: 'C24',
    name: 'padding on the header part, signed so',
    reason: 'proof_malformed',
    requirements: 'JOSE-7515-2-01',
    make: (draft) => {
      const { header, payload } = split(draft.mint());
      return seal(`${header}=`, payload, alice);
    },
  },
  {
    id: 'C26',
    name: 'the alphabet of plain base64, signed so',
    reason: 'proof_malformed',
    requirements: 'JOSE-7515-2-01',
    base: (draft) => draft.mint({ claims: { other: '\u00ff\u00fe?>~~~' } }),
    make: (draft) => {
      const { header, payload } = split(draft.mint({ claims: { other: '??>>~~~???' } }));
      const plain = payload.replaceAll('-', '+').replaceAll('_', '/');
      expect(plain).not.toBe(payload);
      return seal(header, plain, alice);
    },
  },
  {
    id: 'C29',
    name: 'unused bits set in the header part, signed so',
    reason: 'proof_malformed',
    requirements: 'JOSE-7515-2-P1',
    make: (draft) => {
      const { header, payload } = split(retext(draft, { header: withRoomForTailBits }));
      return seal(withTailBits(header), payload, alice);
    },
  },
  {
    id: 'C30',
    name: 'unused bits set in the payload part, signed so',
    reason: 'proof_malformed',
    requirements: 'JOSE-7515-2-P1',
    make: (draft) => {
      const { header, payload } = split(retext(draft, { payload: withRoomForTailBits }));
      return seal(header, withTailBits(payload), alice);
    },
  },
  {
    id: 'C31',
    name: 'unused bits set in the signature part',
    reason: 'proof_malformed',
    requirements: 'JOSE-7515-2-P1, DPOP-11.1-P1',
    make: (draft) => {
      const { input, signature } = split(draft.mint());
      return `${input}.${withTailBits(signature)}`;
    },
  },
  {
    id: 'C34',
    name: 'an empty signature',
    reason: 'proof_signature_invalid',
    requirements: 'DPOP-4.3-06',
    make: (draft) => `${split(draft.mint()).input}.`,
  },
]);

describeFaults('typ, crit and b64', [
  ...(['JWT', 'at+jwt', 'x/dpop+jwt', 'dpop', 'dpop+jwt ', '', 1, null, ['dpop+jwt']] as const).map(
    (typ): Fault => ({
      id: 'D02',
      name: `typ ${JSON.stringify(typ)}`,
      reason: 'proof_type_mismatch',
      requirements: 'DPOP-4.3-04',
      make: (draft) => draft.mint({ header: { typ } }),
    }),
  ),
  {
    id: 'D01',
    name: 'no typ',
    reason: 'proof_type_mismatch',
    requirements: 'DPOP-4.3-04, DPOP-4.3-03',
    make: (draft) => draft.mint({ header: { typ: undefined } }),
  },
  ...([[], ['http://x'], ['exp'], ['alg'], 'b64', null, {}] as const).map(
    (crit): Fault => ({
      id: 'D53',
      name: `crit ${JSON.stringify(crit)}`,
      reason: 'proof_header_unsupported',
      requirements: 'JOSE-7515-4.1.11-01',
      make: (draft) => draft.mint({ header: { crit } }),
    }),
  ),
  {
    id: 'D58',
    name: 'b64 false with crit, payload as it is',
    reason: 'proof_header_unsupported',
    requirements: 'JOSE-7797-7-01',
    make: (draft) => draft.mint({ header: { crit: ['b64'], b64: false } }),
  },
  ...[false, true].map(
    (b64): Fault => ({
      id: 'D59',
      name: `b64 ${b64} without crit`,
      reason: 'proof_header_unsupported',
      requirements: 'JOSE-7797-7-01',
      make: (draft) => draft.mint({ header: { b64 } }),
    }),
  ),
]);

describeFaults('alg', [
  ...(
    [
      'none',
      'noNE',
      'es256',
      'ES256X',
      'RSA-OAEP',
      'ES256K',
      'ML-DSA-44',
      '',
      256,
      null,
      ['ES256'],
    ] as const
  ).map(
    (alg): Fault => ({
      id: 'D10',
      name: `alg ${JSON.stringify(alg)} over a good signature`,
      reason: 'proof_algorithm_refused',
      requirements: 'DPOP-4.3-05, DPOP-11.6-01',
      make: (draft) => draft.mint({ header: { alg } }),
    }),
  ),
  ...(['toString', '__proto__', 'constructor'] as const).map(
    (alg): Fault => ({
      id: 'D10',
      name: `alg ${alg}, a name every object has`,
      reason: 'proof_algorithm_refused',
      requirements: 'DPOP-4.3-05',
      make: (draft) => draft.mint({ header: { alg } }),
    }),
  ),
  {
    id: 'D09',
    name: 'alg none and an empty signature',
    reason: 'proof_algorithm_refused',
    requirements: 'DPOP-4.3-05, DPOP-11.6-01',
    make: (draft) => `${split(draft.mint({ header: { alg: 'none' } })).input}.`,
  },
  ...(['der', 'pem'] as const).map(
    (format): Fault => ({
      id: 'D13',
      name: `HS256 keyed with the public key as ${format}`,
      reason: 'proof_algorithm_refused',
      requirements: 'DPOP-4.3-05',
      make: (draft) =>
        resign(draft.mint({ header: { alg: 'HS256' } }), (_, input) =>
          createHmac('sha256', alice.publicKey.export({ format: format as 'pem', type: 'spki' }))
            .update(input)
            .digest(),
        ),
    }),
  ),
  {
    id: 'D16',
    name: 'no alg',
    reason: 'proof_algorithm_refused',
    requirements: 'DPOP-4.3-03, DPOP-4.3-05',
    make: (draft) => draft.mint({ header: { alg: undefined } }),
  },
  {
    id: 'D17',
    name: 'PS256 where only ES256 is listed',
    reason: 'proof_algorithm_refused',
    requirements: 'DPOP-4.3-05, DPOP-5.1-01',
    options: { algorithms: ['ES256'] },
    key: aliceRsa,
    make: mint,
  },
  {
    id: 'D17',
    name: 'RS256, which no preset lists',
    reason: 'proof_algorithm_refused',
    requirements: 'DPOP-4.3-05',
    key: aliceRsa,
    base: mint,
    make: (draft) => draft.mint({ alg: 'RS256' }),
  },
  {
    id: 'D20',
    name: 'ES256 with a P-384 key',
    reason: 'jwk_unsuitable',
    requirements: 'JOSE-7518-3.4-01',
    key: KEYS.alice384,
    base: mint,
    make: (draft) => draft.mint({ alg: 'ES256' }),
  },
  {
    id: 'D22',
    name: 'RS256 with an EC key',
    reason: 'jwk_unsuitable',
    requirements: 'DPOP-4.3-06',
    options: everyAlgorithm,
    make: (draft) => draft.mint({ header: { alg: 'RS256' } }),
  },
  {
    id: 'D24',
    name: 'EdDSA with an X25519 key',
    reason: 'jwk_unsuitable',
    requirements: 'JOSE-8037-01',
    key: aliceEd25519,
    base: mint,
    make: (draft) =>
      withJwk(draft, { crv: 'X25519', x: '9GYPWqzTlwVGEpr7gCsNcjEhAgTbuPAOvLDa3_lw81c' }),
  },
  {
    id: 'D25',
    name: 'EdDSA with an Ed448 key, honestly signed',
    reason: 'jwk_unsuitable',
    requirements: 'JOSE-8037-01',
    key: ODD_KEYS.ed448,
    make: mint,
  },
  {
    id: 'D26',
    name: 'ES256K with a secp256k1 key, honestly signed',
    reason: 'proof_algorithm_refused',
    requirements: 'JOSE-8812-01',
    key: ODD_KEYS.secp256k1,
    make: (draft) => draft.mint({ alg: 'ES256', header: { alg: 'ES256K' } }),
  },
  {
    id: 'D27',
    name: 'ES256 with a secp256k1 key, honestly signed',
    reason: 'jwk_unsuitable',
    requirements: 'JOSE-8812-01',
    key: ODD_KEYS.secp256k1,
    make: mint,
  },
  {
    id: 'D29',
    name: 'a secp256k1 key that says it is P-256',
    reason: 'jwk_malformed',
    requirements: 'JOSE-7518-6.2-01',
    key: ODD_KEYS.secp256k1AsP256,
    make: mint,
  },
]);

describeFaults('the jwk', [
  ...([undefined, null, 'key', [], [KEYS.alice.publicJwk], 1] as const).map(
    (jwk): Fault => ({
      id: 'D34',
      name: `jwk ${jwk === undefined ? 'left out' : JSON.stringify(jwk).slice(0, 20)}`,
      reason: 'jwk_malformed',
      requirements: 'DPOP-4.3-03',
      make: (draft) => draft.mint({ header: { jwk, kid: 'alice' } }),
    }),
  ),
  ...(['jku', 'x5u', 'x5c'] as const).map(
    (name): Fault => ({
      id: 'D32',
      name: `the key only by ${name}`,
      reason: 'jwk_malformed',
      requirements: 'JOSE-7515-4.1.2-P1, DPOP-4.3-03',
      make: (draft) =>
        draft.mint({ header: { jwk: undefined, [name]: 'https://rs.example/keys' } }),
    }),
  ),
  {
    id: 'D35',
    name: 'a key set',
    reason: 'jwk_malformed',
    requirements: 'DPOP-4.3-03',
    make: (draft) => draft.mint({ header: { jwk: { keys: [alice.publicJwk] } } }),
  },
  ...(
    [
      ['D36', 'no kty', { kty: undefined }, 'jwk_malformed'],
      ['D38', 'kty ec', { kty: 'ec' }, 'jwk_unsuitable'],
      ['D39', 'crv p-256', { crv: 'p-256' }, 'jwk_unsuitable'],
      ['D39', 'no crv', { crv: undefined }, 'jwk_unsuitable'],
      ['D40', 'x a number', { x: 123 }, 'jwk_malformed'],
      ['D40', 'y left out', { y: undefined }, 'jwk_malformed'],
      ['E21', 'a compressed point, y a boolean', { y: true }, 'jwk_malformed'],
      ['D49', 'use enc', { use: 'enc' }, 'jwk_unsuitable'],
      ['D50', 'key_ops sign', { key_ops: ['sign'] }, 'jwk_unsuitable'],
      ['D50', 'key_ops a text', { key_ops: 'verify' }, 'jwk_unsuitable'],
      ['D51', 'alg ES384 in the jwk', { alg: 'ES384' }, 'jwk_unsuitable'],
    ] as const
  ).map(
    ([id, name, members, reason]): Fault => ({
      id,
      name,
      reason,
      requirements: 'DPOP-4.3-03, JOSE-7517-4-01',
      make: (draft) => withJwk(draft, members),
    }),
  ),
  ...([alice, aliceRsa, aliceEd25519] as const).map(
    (key): Fault => ({
      id: 'D41',
      name: `the whole private ${key.privateJwk.kty} key`,
      reason: 'jwk_private',
      requirements: 'DPOP-4.3-07',
      key,
      base: mint,
      make: (draft) => withJwk(draft, key.privateJwk),
    }),
  ),
  ...(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'] as const).flatMap((member) =>
    ['AQ', '', null].map(
      (value): Fault => ({
        id: value === 'AQ' ? 'D46' : 'D44',
        name: `${member} ${JSON.stringify(value)} in an EC key`,
        reason: 'jwk_private',
        requirements: 'DPOP-4.3-07',
        make: (draft) => withJwk(draft, { [member]: value }),
      }),
    ),
  ),
  {
    id: 'D46',
    name: 'the factors p and q beside a public RSA key',
    reason: 'jwk_private',
    requirements: 'DPOP-4.3-07',
    key: aliceRsa,
    base: mint,
    make: (draft) => {
      const { p, q } = aliceRsa.privateJwk;
      return withJwk(draft, { p, q });
    },
  },
]);

const octets = (member: string | undefined): Buffer => Buffer.from(member ?? '', 'base64url');
const zero = Buffer.of(0);
const concat = (...parts: Uint8Array[]): string => toBase64url(Buffer.concat(parts));

/** Alice's P-521 key with x + p for x: the same point to a reader that reduces. */
const shifted521: TestKey = {
  ...alice521,
  publicJwk: {
    ...alice521.publicJwk,
    x: toBase64url(toBytes(toBigInt(octets(alice521.publicJwk.x)) + P521_PRIME, 66)),
  },
};

describeFaults('EC keys that are not in their one form', [
  {
    id: 'E12',
    name: 'a point off the curve',
    reason: 'jwk_malformed',
    requirements: 'JOSE-7518-6.2-01',
    key: {
      ...alice,
      publicJwk: {
        ...alice.publicJwk,
        x: concat(octets(alice.publicJwk.x).map((b, i) => (i === 31 ? b ^ 1 : b))),
      },
    },
    make: mint,
  },
  {
    id: 'E13',
    name: 'x and y zero',
    reason: 'jwk_malformed',
    requirements: 'JOSE-7518-6.2-01',
    key: publicOnly(
      { kty: 'EC', crv: 'P-256', x: concat(Buffer.alloc(32)), y: concat(Buffer.alloc(32)) },
      'ES256',
    ),
    make: mint,
  },
  {
    id: 'E14',
    name: 'x + p in place of x, honestly signed',
    reason: 'jwk_malformed',
    requirements: 'JOSE-7518-6.2-01',
    key: alice521,
    base: mint,
    make: (draft) => draft.mint({ key: shifted521 }),
  },
  ...(
    [
      ['E15', 'x without its leading zero octet', (x: Buffer) => concat(x.subarray(1))],
      ['E16', 'x with one more leading zero octet', (x: Buffer) => concat(zero, x)],
      ['E17', 'unused bits set in x', (x: Buffer) => withTailBits(concat(x))],
      ['E18', 'padding after x', (x: Buffer) => `${concat(x)}=`],
      ['E20', 'a line break after x', (x: Buffer) => `${concat(x)}\n`],
      ['E20', 'a blank inside x', (x: Buffer) => concat(x).replace(/^(..)/, '$1 ')],
    ] as const
  ).map(
    ([id, name, spell]): Fault => ({
      id,
      name: `${name}, honestly signed`,
      reason: 'jwk_malformed',
      requirements: 'JOSE-7518-6.2-01, JOSE-7515-2-P1',
      key: ODD_KEYS.leadingZero,
      base: mint,
      make: (draft) => withJwk(draft, { x: spell(octets(ODD_KEYS.leadingZero.publicJwk.x)) }),
    }),
  ),
]);

const rsaN = octets(aliceRsa.publicJwk.n);
const evenN = toBase64url(Buffer.from(rsaN.map((b, i) => (i === 255 ? b & 0xfe : b))));

describeFaults('RSA keys that are weak or not in their one form', [
  {
    id: 'E22',
    name: '1024 bits, honestly signed',
    reason: 'key_weak',
    requirements: 'JOSE-7518-3.3-01',
    key: ODD_KEYS.rsa1024,
    make: mint,
  },
  {
    id: 'E23',
    name: '2047 bits, honestly signed',
    reason: 'key_weak',
    requirements: 'JOSE-7518-3.3-01',
    key: ODD_KEYS.rsa2047,
    make: mint,
  },
  {
    id: 'E28',
    name: 'an even modulus',
    reason: 'key_weak',
    requirements: 'JOSE-KEY-P1',
    key: aliceRsa,
    base: mint,
    make: (draft) => withJwk(draft, { n: evenN }),
  },
  ...(
    [
      ['E29', 'a leading zero octet in n', { n: concat(zero, rsaN) }],
      ['E30', 'a leading zero octet in e', { e: 'AAEAAQ' }],
      ['E30', 'an empty e', { e: '' }],
      ['E29', 'padding after n', { n: `${aliceRsa.publicJwk.n}==` }],
      ['E17', 'unused bits set in n', { n: withTailBits(`${aliceRsa.publicJwk.n}`) }],
      ['D40', 'e a number', { e: 65537 }],
    ] as const
  ).map(
    ([id, name, members]): Fault => ({
      id,
      name: `${name}, honestly signed`,
      reason: 'jwk_malformed',
      requirements: 'JOSE-7518-6.3-01, JOSE-7515-2-P1',
      key: aliceRsa,
      base: mint,
      make: (draft) => withJwk(draft, members),
    }),
  ),
  ...(
    [
      ['E26', 'e = 2', { e: 'Ag' }],
      ['E26', 'e = 65536', { e: 'AQAA' }],
      ['E32', 'e of 33 bits', { e: 'AQAAAAE' }],
      ['E32', 'e of 2048 bits', { e: aliceRsa.publicJwk.n }],
      ['E31', 'a modulus of 16384 bits', { n: toBase64url(Buffer.alloc(2048, 0xff)) }],
      ['E31', 'a modulus of 8200 bits', { n: toBase64url(Buffer.alloc(1025, 0xff)) }],
    ] as const
  ).map(
    ([id, name, members]): Fault => ({
      id,
      name,
      reason: 'key_weak',
      requirements: 'JOSE-KEY-P1, JOSE-LIMIT-P1',
      key: aliceRsa,
      base: mint,
      make: (draft) => withJwk(draft, members),
    }),
  ),
]);

/** A proof nobody had a private key for: RSA with e = 1, the padded hash is its own signature. */
function exponentOneForgery(draft: Draft): string {
  const jwk = { kty: 'RSA', n: aliceRsa.publicJwk.n, e: 'AQ' };
  const proof = draft.mint({ header: { alg: 'RS256', jwk } });
  return resign(proof, (_, input) => pkcs1Block(input, 256));
}

/** A proof nobody had a private key for: tries messages until the order of the point divides the hash. */
function smallOrderForgery(draft: Draft, point: string): string {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64url(Buffer.from(point, 'hex')) };
  for (;;) {
    const good = draft.mint({ header: { alg: 'EdDSA', jwk } });
    const proof = resign(good, () => KEYLESS_ED25519_SIGNATURE);
    if (fitsEd25519Equation(proof)) return proof;
  }
}

/** Whether Node's own verification takes a proof, with no look at the quality of the key. */
function verifiesInNode(proof: string): boolean {
  const key = createPublicKey({
    format: 'jwk',
    key: headerOf(proof).jwk as Record<string, string>,
  });
  const { input, signature } = split(proof);
  return verify('sha256', Buffer.from(input), key, Buffer.from(signature, 'base64url'));
}

const NONCANONICAL_ONE = `ee${'ff'.repeat(30)}7f`;

const KEYLESS: readonly Fault[] = [
  {
    id: 'E24',
    name: 'RSA with e = 1, forged without a key',
    reason: 'key_weak',
    requirements: 'JOSE-KEY-P1',
    options: everyAlgorithm,
    make: exponentOneForgery,
  },
  ...Object.entries(SMALL_ORDER_POINTS).map(
    ([name, point]): Fault => ({
      id: 'E40',
      name: `Ed25519 ${name}, forged without a key`,
      reason: 'key_weak',
      requirements: 'JOSE-KEY-P1',
      make: (draft) => smallOrderForgery(draft, point),
    }),
  ),
  {
    id: 'E44',
    name: 'Ed25519 y = p + 1, forged without a key',
    reason: 'key_weak',
    requirements: 'JOSE-KEY-P1',
    make: (draft) => smallOrderForgery(draft, NONCANONICAL_ONE),
  },
];

describeFaults('keys that need no private key', KEYLESS);

describe('the forgeries without a key', () => {
  const rows = titled(KEYLESS, () => 'the signature is right, so only the key gives it away');
  it.each(rows)('%s', (_title, fault) => {
    const proof = fault.make(draftFor(RESOURCE_SERVER));
    if (typeof proof !== 'string') throw new Error('one field');
    const isRight = headerOf(proof).alg === 'RS256' ? verifiesInNode : fitsEd25519Equation;
    expect(isRight(proof)).toBe(true);
  });

  it('the equation they are tried against → takes an honest signature, refuses an altered one', () => {
    const key = aliceEd25519;
    const honest = draftFor(RESOURCE_SERVER, key).mint();
    expect(fitsEd25519Equation(honest)).toBe(true);
    expect(fitsEd25519Equation(resign(honest, (s) => flip(s, 32)))).toBe(false);
  });
});

const pss =
  (saltLength: number) =>
  (draft: Draft): string =>
    resign(draft.mint(), (_, input) =>
      sign('sha256', Buffer.from(input), { key: aliceRsa.privateKey, padding: 6, saltLength }),
    );

const flip = (bytes: Uint8Array, index: number): Buffer =>
  Buffer.from(bytes.map((b, i) => (i === index ? b ^ 1 : b)));

describeFaults('signatures', [
  {
    id: 'E01',
    name: 'one bit of the signature changed',
    reason: 'proof_signature_invalid',
    requirements: 'DPOP-4.3-06',
    make: (draft) => resign(draft.mint(), (signature) => flip(signature, 0)),
  },
  {
    id: 'E02',
    name: 'a claim changed after signing',
    reason: 'proof_signature_invalid',
    requirements: 'DPOP-4.3-06',
    make: (draft) => {
      const good = draft.mint();
      const { header, signature } = split(good);
      return `${header}.${toBase64url({ ...payloadOf(good), jti: 'changed' })}.${signature}`;
    },
  },
  {
    id: 'E03',
    name: "signed by another key than the embedded one's",
    reason: 'proof_signature_invalid',
    requirements: 'DPOP-4.3-06',
    make: (draft) => draft.mint({ key: mallory, header: { jwk: alice.publicJwk } }),
  },
  ...(
    [
      ['E05', '63 octets', (s: Buffer) => s.subarray(0, 63)],
      ['E05', '65 octets', (s: Buffer) => Buffer.concat([s, zero])],
      [
        'E07',
        '66 octets, two integers with a leading zero',
        (s: Buffer) => Buffer.concat([zero, s.subarray(0, 32), zero, s.subarray(32)]),
      ],
      ['E04', 'DER', toDer],
      ['E08', 'r = s = 0', () => Buffer.alloc(64)],
      ['E09', 'r = s = n', (s: Buffer) => mapRs(s, () => [P256_ORDER, P256_ORDER])],
      ['E09', 's = 0', (s: Buffer) => mapRs(s, (r) => [r, 0n])],
      ['E09', 'r = n', (s: Buffer) => mapRs(s, (_, value) => [P256_ORDER, value])],
    ] as const
  ).map(
    ([id, name, change]): Fault => ({
      id,
      name: `ES256, ${name}`,
      reason: 'proof_signature_invalid',
      requirements: 'JOSE-7518-3.4-01',
      make: (draft) => resign(draft.mint(), change),
    }),
  ),
  ...(
    [
      ['r + n', (s: Buffer) => mapRs(s, (r, value) => [r + P521_ORDER, value])],
      ['s + n', (s: Buffer) => mapRs(s, (r, value) => [r, value + P521_ORDER])],
    ] as const
  ).map(
    ([name, change]): Fault => ({
      id: 'E11',
      name: `ES512, ${name}, which fits its octets`,
      reason: 'proof_signature_invalid',
      requirements: 'JOSE-7518-3.4-01',
      key: alice521,
      base: mint,
      make: (draft) => resign(draft.mint(), change),
    }),
  ),
  ...[0, 20, 222].map(
    (salt): Fault => ({
      id: 'E34',
      name: `PS256 with a salt of ${salt} octets`,
      reason: 'proof_signature_invalid',
      requirements: 'JOSE-7518-3.3-01',
      key: aliceRsa,
      base: pss(32),
      make: pss(salt),
    }),
  ),
  {
    id: 'E36',
    name: 'RS256 and e = 3, a cube root of a padding with garbage behind the hash',
    reason: 'proof_signature_invalid',
    requirements: 'DPOP-4.3-06',
    options: everyAlgorithm,
    key: ODD_KEYS.rsaExponent3,
    base: (draft) => draft.mint({ alg: 'RS256' }),
    make: (draft) => resign(draft.mint({ alg: 'RS256' }), (_, input) => cubeRootForgery(input)),
  },
  {
    id: 'E37',
    name: 'RS256, a DigestInfo without NULL',
    reason: 'proof_signature_invalid',
    requirements: 'DPOP-4.3-06',
    options: everyAlgorithm,
    key: aliceRsa,
    base: (draft) => draft.mint({ alg: 'RS256' }),
    make: (draft) =>
      resign(draft.mint({ alg: 'RS256' }), (_, input) => signWithoutNull(input, aliceRsa)),
  },
  {
    id: 'E38',
    name: 'PS256, 255 octets',
    reason: 'proof_signature_invalid',
    requirements: 'DPOP-4.3-06',
    key: aliceRsa,
    base: mint,
    make: (draft) => resign(draft.mint(), (signature) => signature.subarray(0, 255)),
  },
  {
    id: 'E38',
    name: 'PS256, 257 octets, a leading zero put in front',
    reason: 'proof_signature_invalid',
    requirements: 'DPOP-4.3-06',
    key: aliceRsa,
    base: mint,
    make: (draft) => resign(draft.mint(), (signature) => Buffer.concat([zero, signature])),
  },
  {
    id: 'E47',
    name: 'Ed25519, 63 octets',
    reason: 'proof_signature_invalid',
    requirements: 'JOSE-8037-01',
    key: aliceEd25519,
    base: mint,
    make: (draft) => resign(draft.mint(), (signature) => signature.subarray(0, 63)),
  },
  {
    id: 'E39',
    name: 'Ed25519, S + L in place of S',
    reason: 'proof_signature_invalid',
    requirements: 'JOSE-8037-01',
    key: aliceEd25519,
    base: mint,
    make: (draft) => resign(draft.mint(), withUnreducedS),
  },
  {
    id: 'E48',
    name: 'Ed25519ph',
    reason: 'proof_signature_invalid',
    requirements: 'JOSE-8037-01',
    key: aliceEd25519,
    base: mint,
    make: (draft) => resign(draft.mint(), (_, input) => signEd25519ph(input, aliceEd25519)),
  },
  ...(
    [
      ['E49', 'x of 31 octets', (x: Buffer) => concat(x.subarray(1))],
      ['E49', 'x of 33 octets', (x: Buffer) => concat(x, zero)],
      ['E50', 'padding after x', (x: Buffer) => `${concat(x)}=`],
      ['E17', 'unused bits set in x', (x: Buffer) => withTailBits(concat(x))],
    ] as const
  ).map(
    ([id, name, spell]): Fault => ({
      id,
      name: `Ed25519, ${name}`,
      reason: 'jwk_malformed',
      requirements: 'JOSE-8037-01, JOSE-7515-2-01',
      key: aliceEd25519,
      base: mint,
      make: (draft) => withJwk(draft, { x: spell(octets(aliceEd25519.publicJwk.x)) }),
    }),
  ),
]);

describeAccepted('keys and algorithms', [
  { id: 'A02', name: 'ES256', requirements: 'DPOP-4.3-06, DPOP-5.1-01', make: mint },
  { id: 'A03', name: 'ES384', requirements: 'DPOP-4.3-05', key: KEYS.alice384, make: mint },
  { id: 'A04', name: 'ES512', requirements: 'DPOP-4.3-05', key: alice521, make: mint },
  { id: 'A05', name: 'PS256', requirements: 'JOSE-7518-3.3-01', key: aliceRsa, make: mint },
  ...(['RS256', 'RS384', 'RS512', 'PS384', 'PS512'] as const).map((alg) => ({
    id: 'A06',
    name: `${alg}, where it is listed`,
    requirements: 'DPOP-4.3-05',
    key: aliceRsa,
    options: everyAlgorithm,
    make: (draft: Draft) => draft.mint({ alg }),
  })),
  {
    id: 'A07',
    name: 'PS256 with 4096 bits',
    requirements: 'JOSE-LIMIT-P1',
    key: ODD_KEYS.rsa4096,
    make: mint,
  },
  ...(['EdDSA', 'Ed25519'] as const).map((alg) => ({
    id: alg === 'EdDSA' ? 'A08' : 'A09',
    name: `alg ${alg}`,
    requirements: 'JOSE-8037-01, JOSE-9864-01',
    key: aliceEd25519,
    make: (draft: Draft) => draft.mint({ alg }),
  })),
  {
    id: 'E27',
    name: 'RSA with e = 3, honestly signed',
    requirements: 'JOSE-KEY-P1',
    key: ODD_KEYS.rsaExponent3,
    make: mint,
  },
  {
    id: 'E33',
    name: 'RSA with primes close together, a known limit',
    requirements: 'JOSE-KEY-P1',
    key: ODD_KEYS.rsaClosePrimes,
    make: mint,
  },
  {
    id: 'A14',
    name: 'x that begins with a zero octet, full length',
    requirements: 'JOSE-7518-6.2-01',
    key: ODD_KEYS.leadingZero,
    make: mint,
  },
  ...(['low', 'high'] as const).map((half) => ({
    id: half === 'low' ? 'A18' : 'A19',
    name: `ECDSA with the ${half} s`,
    requirements: 'JOSE-7518-3.4-01',
    make: (draft: Draft) => resign(draft.mint(), (signature) => withS(half, signature)),
  })),
]);

describeAccepted('headers', [
  {
    id: 'A11',
    name: 'a kid and parameters nobody knows',
    requirements: 'DPOP-4.2-09',
    make: (draft) => draft.mint({ header: { kid: 'k', foo: { bar: [1] } } }),
  },
  {
    id: 'D32',
    name: 'a jku, an x5u and an x5c beside the jwk, none of them used',
    requirements: 'JOSE-7515-4.1.2-P1',
    make: (draft) =>
      draft.mint({
        header: { jku: 'https://evil.example/', x5u: 'https://evil.example/', x5c: ['AA'] },
      }),
  },
  {
    id: 'A12',
    name: 'kid, use, key_ops and alg in the jwk, all fitting',
    requirements: 'JOSE-7517-4-01',
    make: (draft) =>
      withJwk(draft, { kid: 'k', use: 'sig', key_ops: ['verify'], alg: 'ES256', foo: 1 }),
  },
  {
    id: 'A25',
    name: 'ext false in the jwk',
    requirements: 'JOSE-7517-4-01',
    make: (draft) => withJwk(draft, { ext: false }),
  },
  {
    id: 'A13',
    name: 'members in reverse order, with blanks between',
    requirements: 'THUMB-3-01',
    make: (draft) => {
      const good = draft.mint();
      const reversed = (value: unknown): string =>
        JSON.stringify(
          value,
          (_, inner) =>
            typeof inner === 'object' ? Object.fromEntries(Object.entries(inner).reverse()) : inner,
          3,
        );
      return draft.mint({
        headerText: reversed(headerOf(good)),
        payloadText: reversed(payloadOf(good)),
      });
    },
  },
  ...(['application/dpop+jwt', 'DPoP+JWT', 'Application/DPOP+jwt'] as const).map((typ) => ({
    id: typ.includes('/') ? 'D06' : 'D07',
    name: `typ ${typ}`,
    requirements: 'JOSE-7515-4.1.9-01, DPOP-4.3-04',
    make: (draft: Draft) => draft.mint({ header: { typ } }),
  })),
  {
    id: 'C21',
    name: 'members named __proto__ in header, jwk and payload, which change nothing',
    requirements: 'DPOP-4.2-09',
    make: (draft) =>
      retext(draft, {
        header: (text) =>
          text
            .replace('"jwk":{', '"jwk":{"__proto__":{"d":"AA","use":"enc"},')
            .replace('{', '{"__proto__":{"crit":["x"],"typ":"JWT"},'),
        payload: (text) => text.replace('{', '{"__proto__":{"exp":1,"nbf":"x"},'),
      }),
  },
  {
    id: 'C23',
    name: '64 members in the payload',
    requirements: 'JOSE-LIMIT-P1',
    make: (draft) => {
      const room = 64 - Object.keys(payloadOf(draft.mint())).length;
      return draft.mint({ claims: manyMembers(room) });
    },
  },
]);
