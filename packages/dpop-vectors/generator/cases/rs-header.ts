import { createHmac } from 'node:crypto';
import { ml_dsa44 } from '@noble/post-quantum/ml-dsa.js';
import type { RequestTest } from '../../src/format.ts';
import { ALGORITHMS, rsConfig } from '../deployment.ts';
import { BAD_PROOF, type FileDraft, group, invalid, OK, valid } from '../draft.ts';
import { base64url } from '../encode/base64url.ts';
import { derived, utf8 } from '../encode/bytes.ts';
import { selfSignedCertificate } from '../encode/certificate.ts';
import { KEYS } from '../keys/keys.ts';
import { request, withProof } from '../messages.ts';
import { acceptedProof, doubtfulProof, refusedProof, tolerableProof } from '../proof-cases.ts';

const { ec1, ec384, ec521, k256, rsa2048, ed1 } = KEYS;
const NOTHING = (): Uint8Array => new Uint8Array(0);

const types = group('RsVerify', 'typ', 'typ says that the JWT is a proof.', rsConfig(), [
  acceptedProof(['dpop-jwt', 'dpop+jwt.', 'DPOP-4.3-04', {}]),
  ...(
    [
      ['prefixed', 'application/dpop+jwt', 'application/dpop+jwt'],
      ['mixed-case', 'DPoP+JWT', 'DPoP+JWT'],
      ['prefixed-upper-case', 'APPLICATION/DPOP+JWT', 'APPLICATION/DPOP+JWT'],
    ] as const
  ).map(([id, what, typ]) =>
    tolerableProof([
      'RFC 7515 §4.1.9 has typ a media type, whose prefix can be left out and whose case says nothing.',
      `typ-${id}`,
      `typ is ${what}.`,
      'JOSE-7515-4.1.9-01',
      { header: { typ } },
    ]),
  ),
  ...(
    [
      ['missing', 'No typ.', undefined],
      ['jwt', 'typ is JWT.', 'JWT'],
      ['at-jwt', 'typ is at+jwt.', 'at+jwt'],
      ['other-tree', 'typ is dpop+jwt in another tree.', 'text/dpop+jwt'],
      ['x-tree', 'typ is x/dpop+jwt.', 'x/dpop+jwt'],
      ['longer', 'typ begins like the right one.', 'dpop+jwt2'],
      ['shorter', 'typ is dpop.', 'dpop'],
      ['parameter', 'typ has a parameter.', 'dpop+jwt;v=1'],
      ['blank', 'typ has a blank behind it.', 'dpop+jwt '],
      ['prefix-twice', 'typ has the prefix twice.', 'application/application/dpop+jwt'],
      ['empty', 'typ is empty.', ''],
      ['null', 'typ is null.', null],
      ['number', 'typ is a number.', 1],
      ['list', 'typ is a list of the right one.', ['dpop+jwt']],
      ['kelvin', 'typ has a character that folds to none of ours.', 'dpop+\u017fwt'],
    ] as const
  ).map(([id, comment, typ]) =>
    refusedProof([
      `typ-${id}`,
      comment,
      'DPOP-4.3-04 JWTBCP-3.12-01 DPOP-4.3-03 SEP1932-RS-01',
      { header: { typ } },
    ]),
  ),
]);

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

const algorithms = group(
  'RsVerify',
  'alg',
  'alg is an asymmetric algorithm of the list.',
  rsConfig(),
  [
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
    ...(
      [
        ['es256-of-p384', 'ES256 by a P-384 key.', { key: ec384, alg: 'ES256' }],
        ['es384-of-p256', 'ES384 by a P-256 key.', { alg: 'ES384' }],
        ['es512-of-p384', 'ES512 by a P-384 key.', { key: ec384, alg: 'ES512' }],
        ['es256-of-p521', 'ES256 by a P-521 key.', { key: ec521, alg: 'ES256' }],
        ['es256-of-k256', 'ES256 by a secp256k1 key.', { key: k256, alg: 'ES256' }],
        [
          'es256-of-rsa',
          'ES256 by an RSA key.',
          { key: rsa2048, alg: 'ES256', sign: (input: string) => rsa2048.sign(input, 'RS256') },
        ],
        ['ps256-of-ec', 'PS256 by a P-256 key.', { alg: 'PS256' }],
        ['eddsa-of-ec', 'EdDSA by a P-256 key.', { alg: 'EdDSA' }],
        ['es256-of-ed25519', 'ES256 by an Ed25519 key.', { key: ed1, alg: 'ES256' }],
        [
          'ps256-with-rs256',
          'PS256 with a signature of RS256.',
          { key: rsa2048, alg: 'PS256', sign: (input: string) => rsa2048.sign(input, 'RS256') },
        ],
        [
          'x25519',
          'EdDSA by a key for agreement.',
          { key: ed1, alg: 'EdDSA', header: { jwk: { ...ed1.jwk, crv: 'X25519' } } },
        ],
      ] as const
    ).map(
      ([id, comment, given]): ReturnType<typeof refusedProof> =>
        refusedProof([id, comment, 'DPOP-4.3-05 DPOP-4.3-06 JOSE-7518-3.4-01', given]),
    ),
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
      'ml-dsa-44-not-listed',
      'ML-DSA-44.',
      'DPOP-4.3-05',
      {
        alg: 'ML-DSA-44',
        header: { jwk: { alg: 'ML-DSA-44', kty: 'AKP', pub: base64url(mlDsa.publicKey) } },
        sign: (input) => ml_dsa44.sign(utf8(input), mlDsa.secretKey, { extraEntropy: false }),
      },
    ]),
  ],
);

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
    ...[ec384, rsa2048, ed1].map((key) =>
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

const critical = group(
  'RsVerify',
  'extensions',
  'Header members that change the meaning.',
  rsConfig(),
  [
    acceptedProof(['none', 'No crit.', 'JOSE-7515-4.1.11-01', {}]),
    ...(
      [
        ['crit-empty', 'crit is an empty list.', { crit: [] }],
        [
          'crit-unknown',
          'crit names an extension nobody knows.',
          { crit: ['http://x.example/y'], 'http://x.example/y': true },
        ],
        ['crit-absent-member', 'crit names a member that is not there.', { crit: ['x'] }],
        ['crit-standard', 'crit names typ, which is a standard member.', { crit: ['typ'] }],
        [
          'crit-claim',
          'crit names exp, as a header member.',
          { crit: ['exp'], exp: 4_102_444_800 },
        ],
        ['crit-text', 'crit is a text.', { crit: 'b64' }],
        ['crit-null', 'crit is null.', { crit: null }],
        ['crit-object', 'crit is an object.', { crit: {} }],
        ['crit-numbers', 'crit is a list of numbers.', { crit: [1] }],
        ['crit-repeated', 'crit names an extension twice.', { crit: ['x', 'x'], x: true }],
      ] as const
    ).map(
      ([id, comment, header]): ReturnType<typeof refusedProof> =>
        refusedProof([id, comment, 'JOSE-7515-4.1.11-01', { header }]),
    ),
    refusedProof([
      'b64-critical',
      'b64 is false and critical.',
      'JOSE-7797-7-01 JOSE-7515-4.1.11-01',
      { header: { b64: false, crit: ['b64'] } },
    ]),
    refusedProof([
      'b64-alone',
      'b64 is false and not critical.',
      'JOSE-7797-7-01',
      { header: { b64: false } },
    ]),
    doubtfulProof([
      'RFC 7797 §7 has JWTs not use b64; true is the default, and a member that changes nothing.',
      'b64-true',
      'b64 is true and critical.',
      'JOSE-7797-7-01 JOSE-7515-4.1.11-01',
      { header: { b64: true, crit: ['b64'] } },
    ]),
  ],
);

const CERTIFICATE = Buffer.from(selfSignedCertificate(KEYS.ec2)).toString('base64');

const keyHints = group(
  'RsVerify',
  'key-hints',
  'Members that name a key elsewhere are not followed.',
  rsConfig(),
  [
    acceptedProof(['jwk-alone', 'The key in jwk.', 'JOSE-7515-4.1.2-P1', {}]),
    ...(
      [
        ['kid-beside', 'kid beside jwk.', { kid: 'mine' }],
        ['kid-path', 'kid is a path, beside jwk.', { kid: '../../etc/passwd' }],
        ['kid-sql', 'kid is a statement, beside jwk.', { kid: "' OR '1'='1" }],
        ['jku-beside', 'jku beside jwk.', { jku: 'https://evil.example/jwks' }],
        ['x5u-beside', 'x5u beside jwk.', { x5u: 'https://evil.example/certificate' }],
        ['x5c-beside', 'x5c of another key beside jwk.', { x5c: [CERTIFICATE] }],
      ] as const
    ).map(
      ([id, comment, header]): ReturnType<typeof tolerableProof> =>
        tolerableProof([
          'Header members that a proof does not need do not spoil it, as long as nobody uses them.',
          id,
          comment,
          'JOSE-7515-4.1.2-P1 DPOP-4.2-09',
          { header },
        ]),
    ),
    ...(
      [
        [
          'kid-only',
          'kid names a published key of the issuer, and there is no jwk.',
          { jwk: undefined, kid: KEYS.issuer1.name },
        ],
        [
          'jku-only',
          'jku in the place of jwk.',
          { jwk: undefined, jku: 'https://evil.example/jwks', kid: 'mine' },
        ],
        [
          'x5u-only',
          'x5u in the place of jwk.',
          { jwk: undefined, x5u: 'https://evil.example/certificate' },
        ],
        ['x5c-only', 'x5c in the place of jwk.', { jwk: undefined, x5c: [CERTIFICATE] }],
      ] as const
    ).map(
      ([id, comment, header]): ReturnType<typeof refusedProof> =>
        refusedProof([id, comment, 'DPOP-4.3-03 JOSE-7515-4.1.2-P1 SEP1932-RS-01', { header }]),
    ),
    refusedProof([
      'x5c-of-the-signer',
      'Signed by the key of x5c, while jwk is the bound one.',
      'DPOP-4.3-06 JOSE-7515-4.1.2-P1',
      { header: { x5c: [CERTIFICATE] }, sign: (input) => KEYS.ec2.sign(input, 'ES256') },
    ]),
  ],
);

const rsHeader: FileDraft = {
  file: 'rs-header',
  title: 'The header of a proof',
  groups: [types, algorithms, lists, critical, keyHints],
};

export default rsHeader;
