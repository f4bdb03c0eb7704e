import { createHmac } from 'node:crypto';
import { ed448 } from '@noble/curves/ed448.js';
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import type { RequestTest } from '../../src/format.ts';
import { ALGORITHMS, rsConfig } from '../deployment.ts';
import { BAD_PROOF, type FileDraft, group, invalid, OK, valid } from '../draft.ts';
import { base64url, fromBase64url } from '../encode/base64url.ts';
import { derived, hash, utf8 } from '../encode/bytes.ts';
import { jsonText } from '../encode/json.ts';
import { KEYS } from '../keys/keys.ts';
import { request, withProof } from '../messages.ts';
import { acceptedProof, doubtfulProof, refusedProof } from '../proof-cases.ts';
import { type CurveName, ecdsaSign, joinSignature } from '../sign/ecdsa.ts';
import { modulusLength, rsaPrivate } from '../sign/rsa.ts';
import { pkcs1Block } from '../sign/rsa-forgeries.ts';

const { ec1, ec384, ec521, k256, rsa2048, ed1 } = KEYS;
const NOTHING = (): Uint8Array => new Uint8Array(0);

/** A MAC of the signing input. */
function hmac(hash: string, key: string | Uint8Array): (input: string) => Uint8Array {
  return (input) => Uint8Array.from(createHmac(hash, key).update(input).digest());
}

/** The public key in the forms that libraries take for a secret. */
const PEM = `-----BEGIN PUBLIC KEY-----\n${Buffer.from(spki())
  .toString('base64')
  .replace(/(.{64})/g, '$1\n')}\n-----END PUBLIC KEY-----\n`;

/** SubjectPublicKeyInfo of ec1: the constant head for P-256, then the point. */
function spki(): Uint8Array {
  const head = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
  const point = ['x', 'y'].map((name) => Buffer.from(ec1.jwk[name] ?? '', 'base64url'));
  return Uint8Array.from(Buffer.concat([head, Uint8Array.of(4), ...point]));
}

const NOT_LISTED =
  'A registered algorithm that is not on the list of this server; which are is its policy.';

const mlDsa = ml_dsa44.keygen(derived('ml-dsa', 32));

/** RSASSA-PKCS1-v1_5 with SHA-1. */
function rs1(input: string): Uint8Array {
  const { numbers } = rsa2048;
  const info = Uint8Array.from(Buffer.from('3021300906052b0e03021a05000414', 'hex'));
  const block = pkcs1Block(info, hash('sha1', input), modulusLength(numbers.n));
  return rsaPrivate(numbers, block);
}

const ED448_SECRET = derived('ed448', 57);

/** A proof by an Ed448 key. */
const BY_ED448 = {
  header: {
    jwk: { crv: 'Ed448', kty: 'OKP', x: base64url(ed448.getPublicKey(ED448_SECRET)) },
  },
  sign: (input: string) => ed448.sign(utf8(input), ED448_SECRET),
};

const names = group('RsVerify', 'alg', 'alg is an asymmetric algorithm of the list.', rsConfig(), [
  acceptedProof(['es256', 'ES256 by a P-256 key.', 'DPOP-4.3-05', {}]),
  ...(
    [
      ['none', 'none, with an empty signature.', { alg: 'none', sign: NOTHING }],
      ['none-mixed-case', 'noNE, with an empty signature.', { alg: 'noNE', sign: NOTHING }],
      ['none-upper-case', 'NONE, with an empty signature.', { alg: 'NONE', sign: NOTHING }],
      ['none-signed', 'none, with a signature of ES256.', { alg: 'none' }],
      ['empty-signature', 'ES256, with an empty signature.', { sign: NOTHING }],
      [
        'hs256-spki',
        'HS256, keyed with the DER form of the public key.',
        { alg: 'HS256', sign: hmac('sha256', spki()) },
      ],
      [
        'hs256-pem',
        'HS256, keyed with the PEM form of the public key.',
        { alg: 'HS256', sign: hmac('sha256', PEM) },
      ],
      [
        'hs256-x',
        'HS256, keyed with x of the public key.',
        { alg: 'HS256', sign: hmac('sha256', ec1.jwk.x ?? '') },
      ],
      [
        'hs256-key-text',
        'HS256, keyed with the text of jwk.',
        { alg: 'HS256', sign: hmac('sha256', jsonText(ec1.jwk)) },
      ],
      [
        'hs256-thumbprint',
        'HS256, keyed with the thumbprint of the key.',
        { alg: 'HS256', sign: hmac('sha256', ec1.jkt) },
      ],
      [
        'hs384-x',
        'HS384, keyed with the octets of x of the public key.',
        { alg: 'HS384', sign: hmac('sha384', fromBase64url(ec1.jwk.x ?? '')) },
      ],
      [
        'hs256-n',
        'HS256, keyed with the octets of n of an RSA key.',
        { key: rsa2048, alg: 'HS256', sign: hmac('sha256', fromBase64url(rsa2048.jwk.n ?? '')) },
      ],
      ['hs256-empty', 'HS256, keyed with nothing.', { alg: 'HS256', sign: hmac('sha256', '') }],
      [
        'hs256-oct',
        'HS256, keyed with a secret that the proof embeds.',
        {
          alg: 'HS256',
          header: { jwk: { kty: 'oct', k: base64url(derived('oct', 32)) } },
          sign: hmac('sha256', derived('oct', 32)),
        },
      ],
      [
        'hs512',
        'HS512, keyed with the PEM form of the public key.',
        { alg: 'HS512', sign: hmac('sha512', PEM) },
      ],
      ['rsa-oaep', 'An algorithm for encryption.', { alg: 'RSA-OAEP' }],
      ['dir', 'The algorithm dir of JWE.', { alg: 'dir' }],
      ['unknown', 'An algorithm that nobody has registered.', { alg: 'ES256X' }],
      ['lower-case', 'es256.', { alg: 'es256' }],
      ['mixed-case', 'Es256.', { alg: 'Es256' }],
      ['blank', 'ES256 with a blank behind it.', { alg: 'ES256 ' }],
      ['eddsa-case', 'eddsa by an Ed25519 key.', { key: ed1, alg: 'eddsa' }],
      ['object-name', 'A name that every object has.', { alg: 'constructor' }],
      ['proto-name', 'The name __proto__.', { alg: '__proto__' }],
      ['empty', 'An empty alg.', { alg: '' }],
      ['with-nul', 'ES256 with a NUL behind it.', { alg: 'ES256\u0000' }],
      ['two', 'Two algorithms.', { alg: 'ES256 none' }],
      ['rs1', 'RS1, with a signature by SHA-1.', { key: rsa2048, alg: 'RS1', sign: rs1 }],
      ['missing', 'No alg.', { header: { alg: undefined } }],
      ['null', 'alg is null.', { header: { alg: null } }],
      ['number', 'alg is a number.', { header: { alg: -7 } }],
      ['list', 'alg is a list of the right one.', { header: { alg: ['ES256'] } }],
    ] as const
  ).map(
    ([id, comment, given]): ReturnType<typeof refusedProof> =>
      refusedProof([
        `alg-${id}`,
        `${comment}`,
        'DPOP-4.3-05 DPOP-11.6-01 JWTBCP-3.1-01 SEP1932-RS-01',
        given,
      ]),
  ),
]);

/** ECDSA by one of these keys with another hash than its curve goes with. */
function es(
  key: { readonly d: bigint; readonly curve: CurveName },
  hash: 'sha256' | 'sha384' | 'sha512',
): (input: string) => Uint8Array {
  return (input) => joinSignature(key.curve, ecdsaSign(key.curve, key.d, input, { hash }));
}

const keys = group('RsVerify', 'alg-and-key', 'alg and the key belong together.', rsConfig(), [
  acceptedProof(['same-curve', 'ES256 by a P-256 key.', 'DPOP-4.3-05', {}]),
  acceptedProof(['es384', 'ES384 by a P-384 key.', 'DPOP-4.3-05', { key: ec384 }]),
  ...(
    [
      [
        'es256-of-p384',
        'ES256 by a P-384 key, with the hash of ES256.',
        { key: ec384, alg: 'ES256', sign: es(ec384, 'sha256') },
      ],
      [
        'es384-of-p256',
        'ES384 by a P-256 key, with the hash of ES384.',
        { alg: 'ES384', sign: es(ec1, 'sha384') },
      ],
      [
        'es512-of-p256',
        'ES512 by a P-256 key, with the hash of ES512.',
        { alg: 'ES512', sign: es(ec1, 'sha512') },
      ],
      [
        'es512-of-p384',
        'ES512 by a P-384 key, with the hash of ES512.',
        { key: ec384, alg: 'ES512', sign: es(ec384, 'sha512') },
      ],
      [
        'es384-of-p521',
        'ES384 by a P-521 key, with the hash of ES384.',
        { key: ec521, alg: 'ES384', sign: es(ec521, 'sha384') },
      ],
      [
        'es256-of-p521',
        'ES256 by a P-521 key, with the hash of ES256.',
        { key: ec521, alg: 'ES256', sign: es(ec521, 'sha256') },
      ],
      [
        'es384-of-p256-by-sha256',
        'ES384 by a P-256 key, with the hash of its curve.',
        { alg: 'ES384' },
      ],
      [
        'es256-of-p384-by-sha384',
        'ES256 by a P-384 key, with the hash of its curve.',
        { key: ec384, alg: 'ES256' },
      ],
      [
        'es256-of-p521-by-sha512',
        'ES256 by a P-521 key, with the hash of its curve.',
        { key: ec521, alg: 'ES256' },
      ],
      [
        'es384-by-sha256',
        'ES384 by a P-384 key, with SHA-256.',
        { key: ec384, sign: es(ec384, 'sha256') },
      ],
      [
        'es512-by-sha384',
        'ES512 by a P-521 key, with SHA-384.',
        { key: ec521, sign: es(ec521, 'sha384') },
      ],
      [
        'es256-of-rsa',
        'ES256 by an RSA key.',
        { key: rsa2048, alg: 'ES256', sign: (input: string) => rsa2048.sign(input, 'RS256') },
      ],
      ['ps256-of-ec', 'PS256 by a P-256 key.', { alg: 'PS256' }],
      ['ps256-of-ed25519', 'PS256 by an Ed25519 key.', { key: ed1, alg: 'PS256' }],
      ['es256-of-ed25519', 'ES256 by an Ed25519 key.', { key: ed1, alg: 'ES256' }],
      [
        'ps256-with-rs256',
        'PS256 with a signature of RS256.',
        { key: rsa2048, alg: 'PS256', sign: (input: string) => rsa2048.sign(input, 'RS256') },
      ],
    ] as const
  ).map(
    ([id, comment, given]): ReturnType<typeof refusedProof> =>
      refusedProof([id, comment, 'DPOP-4.3-05 DPOP-4.3-06 JOSE-7518-3.4-01', given]),
  ),
  refusedProof([
    'es256-of-k256',
    'ES256 by a secp256k1 key.',
    'JOSE-8812-01 JOSE-7518-3.4-01 DPOP-4.3-05',
    { key: k256, alg: 'ES256' },
  ]),
  ...(
    [
      ['eddsa-of-ec', 'EdDSA by a P-256 key.', { alg: 'EdDSA' }],
      ['ed25519-of-ec', 'Ed25519 by a P-256 key.', { alg: 'Ed25519' }],
      [
        'eddsa-of-rsa',
        'EdDSA by an RSA key.',
        { key: rsa2048, alg: 'EdDSA', sign: (input: string) => rsa2048.sign(input, 'RS256') },
      ],
      ['ed25519-of-ed448', 'Ed25519 by an Ed448 key.', { ...BY_ED448, alg: 'Ed25519' }],
      [
        'x25519',
        'EdDSA by a key for agreement.',
        { key: ed1, alg: 'EdDSA', header: { jwk: { ...ed1.jwk, crv: 'X25519' } } },
      ],
    ] as const
  ).map(
    ([id, comment, given]): ReturnType<typeof refusedProof> =>
      refusedProof([id, comment, 'JOSE-8037-01 JOSE-9864-01 DPOP-4.3-05 DPOP-4.3-06', given]),
  ),
]);

const unlisted = group('RsVerify', 'not-listed', 'Algorithms that others may list.', rsConfig(), [
  acceptedProof(['usual', 'ES256, which everybody lists.', 'DPOP-4.3-05', {}]),
  doubtfulProof([
    NOT_LISTED,
    'rs256-not-listed',
    'RS256 by an RSA key.',
    'DPOP-4.3-05',
    { key: rsa2048, alg: 'RS256' },
  ]),
  doubtfulProof([
    NOT_LISTED,
    'ps384-not-listed',
    'PS384 by an RSA key.',
    'DPOP-4.3-05',
    { key: rsa2048, alg: 'PS384' },
  ]),
  doubtfulProof([
    NOT_LISTED,
    'es256k-not-listed',
    'ES256K by a secp256k1 key.',
    'JOSE-8812-01 DPOP-4.3-05',
    { key: k256 },
  ]),
  doubtfulProof([
    NOT_LISTED,
    'ed448-not-listed',
    'Ed448.',
    'DPOP-4.3-05 JOSE-8037-01',
    { ...BY_ED448, alg: 'Ed448' },
  ]),
  doubtfulProof([
    'EdDSA covers both curves (RFC 8037 §3.1); which of them is taken is a policy of the server.',
    'eddsa-of-ed448',
    'EdDSA by an Ed448 key.',
    'JOSE-8037-01 DPOP-4.3-05',
    { ...BY_ED448, alg: 'EdDSA' },
  ]),
  doubtfulProof([
    NOT_LISTED,
    'ml-dsa-44-not-listed',
    'ML-DSA-44.',
    'DPOP-4.3-05',
    {
      alg: 'ML-DSA-44',
      header: { jwk: { alg: 'ML-DSA-44', kty: 'AKP', pub: base64url(mlDsa.publicKey) } },
      sign: (input) => ml_dsa44.sign(utf8(input), mlDsa.secretKey, { extraEntropy: false }),
    },
  ]),
]);

const lists = group(
  'RsVerify',
  'algorithm-lists',
  'What is on the list decides, not what the key could.',
  rsConfig({ proofAlgorithms: ['ES256'] }),
  [
    valid<RequestTest>('listed', 'ES256, which is on the list.', 'DPOP-4.3-05', {
      request: request(),
      expect: OK,
    }),
    ...[ec384, ec521, rsa2048, ed1].map((key) =>
      invalid<RequestTest>(
        `unlisted-${key.name}`,
        `${key.alg}, which is not on the list.`,
        'DPOP-4.3-05',
        {
          request: withProof({ key }),
          expect: BAD_PROOF,
        },
      ),
    ),
    valid<RequestTest>('rs256-listed', 'RS256 where it is on the list.', 'DPOP-4.3-05', {
      request: withProof({ key: rsa2048, alg: 'RS256' }),
      override: { proofAlgorithms: [...ALGORITHMS, 'RS256'] },
      expect: OK,
    }),
  ],
);

const fapi = group(
  'RsVerify',
  'fapi-algorithms',
  'FAPI 2.0 leaves PS256, ES256 and Ed25519.',
  rsConfig({
    preset: 'fapi',
    maxFutureSeconds: 60,
    proofAlgorithms: ['PS256', 'ES256', 'Ed25519', 'EdDSA'],
    tokenAlgorithms: ['PS256', 'ES256', 'Ed25519', 'EdDSA'],
  }),
  [
    acceptedProof(['fapi-es256', 'ES256.', 'FAPI-5.4-01', {}]),
    acceptedProof(['fapi-ps256', 'PS256.', 'FAPI-5.4-01', { key: rsa2048 }]),
    acceptedProof(['fapi-ed25519', 'Ed25519.', 'FAPI-5.4-01', { key: ed1 }]),
    ...(
      [
        ['rs256', { key: rsa2048, alg: 'RS256' }],
        ['ps384', { key: rsa2048, alg: 'PS384' }],
        ['es384', { key: ec384 }],
        ['es512', { key: ec521 }],
      ] as const
    ).map(
      ([id, given]): ReturnType<typeof refusedProof> =>
        refusedProof([
          `fapi-${id}`,
          `${id.toUpperCase()}, which FAPI does not allow.`,
          'FAPI-5.4-01 DPOP-4.3-05',
          given,
        ]),
    ),
  ],
);

const rsAlgorithms: FileDraft = {
  file: 'rs-algorithms',
  title: 'The algorithm of a proof',
  groups: [names, keys, unlisted, lists, fapi],
};

export default rsAlgorithms;
