import { rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { base64url, fromBase64url } from '../encode/base64url.ts';
import { concat, hash, number, octets } from '../encode/bytes.ts';
import { derEncoded } from '../encode/certificate.ts';
import { ecKey, KEYS, type Key } from '../keys/keys.ts';
import { acceptedProof, doubtfulProof, refusedProof } from '../proof-cases.ts';
import {
  type EcdsaSignature,
  ecdsaSign,
  fieldPrime,
  joinSignature,
  order,
  publicPoint,
} from '../sign/ecdsa.ts';

const { ec1, ec2, ec521 } = KEYS;
const N256 = order('P-256');
const N521 = order('P-521');

/** What somebody makes of the two numbers of a signature of ec1. */
function altered(change: (signature: EcdsaSignature) => Uint8Array): (input: string) => Uint8Array {
  return (input) => change(ecdsaSign('P-256', ec1.d, input));
}

/** The same with a signature of ec521, whose 66 octets have room for larger numbers. */
function altered521(
  change: (signature: EcdsaSignature) => EcdsaSignature,
): (input: string) => Uint8Array {
  return (input) => joinSignature('P-521', change(ecdsaSign('P-521', ec521.d, input)));
}

/** A signature that is the same whatever is signed. */
function fixed(r: bigint, s: bigint): () => Uint8Array {
  return () => concat(octets(r, 32), octets(s, 32));
}

/** The smallest `k` whose `r` begins with a zero octet. */
function kOfShortR(): bigint {
  for (let k = 1n; ; k++) if (publicPoint('P-256', k).x >> 248n === 0n) return k;
}

const signatures = group(
  'RsVerify',
  'signatures',
  'ECDSA signatures (RFC 7518 §3.4).',
  rsConfig(),
  [
    acceptedProof(['good', 'A good signature.', 'JOSE-7518-3.4-01', {}]),
    acceptedProof(['good-p521', 'A good signature on P-521.', 'JOSE-7518-3.4-01', { key: ec521 }]),
    acceptedProof([
      'low-s',
      'The smaller of the two values of s.',
      'JOSE-7518-3.4-01',
      { choice: { s: 'low' } },
    ]),
    acceptedProof([
      'high-s',
      'The larger of the two values of s.',
      'JOSE-7518-3.4-01',
      { choice: { s: 'high' } },
    ]),
    acceptedProof([
      'short-r',
      'r begins with a zero octet, which is written.',
      'JOSE-7518-3.4-01',
      { choice: { k: kOfShortR() } },
    ]),
    acceptedProof([
      'k-one',
      'k is 1, so r is x of the base point.',
      'JOSE-7518-3.4-01',
      { choice: { k: 1n } },
    ]),
    ...(
      [
        [
          'other-key',
          'By another key.',
          (input: string) => ec2.sign(input, 'ES256'),
          'DPOP-4.3-06',
        ],
        [
          'first-bit',
          'The first bit changed.',
          altered((one) => flipped(joinSignature('P-256', one), 0)),
          'DPOP-4.3-06',
        ],
        [
          'middle-bit',
          'A bit of s changed.',
          altered((one) => flipped(joinSignature('P-256', one), 40)),
          'DPOP-4.3-06',
        ],
        ['other-input', 'Over other claims.', () => ec1.sign('eyJ9.eyJ9', 'ES256'), 'DPOP-4.3-06'],
        [
          'swapped',
          's before r.',
          altered(({ r, s }) => concat(octets(s, 32), octets(r, 32))),
          'DPOP-4.3-06',
        ],
        [
          'r-s-zero',
          'r and s are 0, which some libraries found good.',
          fixed(0n, 0n),
          'JOSE-7518-3.4-01',
        ],
        [
          'r-zero',
          'r is 0.',
          altered(({ s }) => concat(octets(0n, 32), octets(s, 32))),
          'JOSE-7518-3.4-01',
        ],
        [
          's-zero',
          's is 0.',
          altered(({ r }) => concat(octets(r, 32), octets(0n, 32))),
          'JOSE-7518-3.4-01',
        ],
        ['r-s-n', 'r and s are the order, 0 modulo it.', fixed(N256, N256), 'JOSE-7518-3.4-01'],
        ['r-s-one', 'r and s are 1.', fixed(1n, 1n), 'DPOP-4.3-06'],
        [
          'r-n-minus-one',
          'r and s are the order less 1.',
          fixed(N256 - 1n, N256 - 1n),
          'DPOP-4.3-06',
        ],
        [
          'all-ones',
          'All bits are set.',
          fixed(2n ** 256n - 1n, 2n ** 256n - 1n),
          'JOSE-7518-3.4-01',
        ],
        [
          'r-is-p',
          'r is the prime of the field.',
          altered(({ s }) => concat(octets(fieldPrime('P-256'), 32), octets(s, 32))),
          'JOSE-7518-3.4-01',
        ],
        [
          'cut',
          '63 octets.',
          altered((one) => joinSignature('P-256', one).slice(0, 63)),
          'JOSE-7518-3.4-01',
        ],
        [
          'octet-more',
          '65 octets.',
          altered((one) => concat(joinSignature('P-256', one), Uint8Array.of(0))),
          'JOSE-7518-3.4-01',
        ],
        [
          'recovery-octet',
          'An octet before it, as wallets write.',
          altered((one) => concat(Uint8Array.of(27), joinSignature('P-256', one))),
          'JOSE-7518-3.4-01',
        ],
        [
          'two-of-33',
          'Each number in 33 octets.',
          altered(({ r, s }) => concat(octets(r, 33), octets(s, 33))),
          'JOSE-7518-3.4-01',
        ],
        [
          'der',
          'In DER.',
          altered((one) => derEncoded(joinSignature('P-256', one))),
          'JOSE-7518-3.4-01',
        ],
        [
          'twice',
          'Twice in a row.',
          altered((one) => concat(joinSignature('P-256', one), joinSignature('P-256', one))),
          'JOSE-7518-3.4-01',
        ],
        ['r-alone', 'r alone.', altered(({ r }) => octets(r, 32)), 'JOSE-7518-3.4-01'],
        [
          'double-hash',
          'Over the hash of the hash.',
          (input: string) =>
            ec1.sign(Buffer.from(hash('sha256', input)).toString('latin1'), 'ES256'),
          'DPOP-4.3-06',
        ],
      ] as const
    ).map(([id, comment, sign, requirements]): ReturnType<typeof refusedProof> => {
      const flags = id.startsWith('r-s-') ? ['KeylessForgery'] : [];
      return refusedProof([`signature-${id}`, comment, requirements, { sign }, { flags }]);
    }),
    ...(
      [
        [
          'r-plus-n',
          'r with the order added, which its 66 octets have room for.',
          altered521(({ r, s }) => ({ r: r + N521, s })),
        ],
        ['s-plus-n', 's with the order added.', altered521(({ r, s }) => ({ r, s: s + N521 }))],
        [
          's-negative',
          's with the order added four times.',
          altered521(({ r, s }) => ({ r, s: s + 4n * N521 })),
        ],
      ] as const
    ).map(
      ([id, comment, sign]): ReturnType<typeof refusedProof> =>
        refusedProof([
          `p521-${id}`,
          comment,
          'JOSE-7518-3.4-01 DPOP-11.1-P1',
          { key: ec521, sign },
          { base: 'good-p521', flags: ['OtherSpelling'] },
        ]),
    ),
  ],
);

function flipped(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.map((byte, at) => (at === index ? byte ^ 0x10 : byte));
}

/** The key with a member written otherwise; the signature is a good one of the private key. */
function spelled(
  key: Key,
  members: Readonly<Record<string, unknown>>,
): { readonly key: Key; readonly header: { readonly jwk: unknown } } {
  return { key, header: { jwk: { ...key.jwk, ...members } } };
}

const X = fromBase64url(ec1.jwk.x ?? '');
const Y = fromBase64url(ec1.jwk.y ?? '');

/** A key whose x begins with a zero octet. */
const shortX = keyOfShortX();

function keyOfShortX(): ReturnType<typeof ecKey> {
  for (let tries = 0; ; tries++) {
    const key = ecKey(`short-x-${tries}`, 'P-256', 'x begins with a zero octet.');
    if (fromBase64url(key.jwk.x ?? '')[0] === 0) return key;
  }
}

/** A key whose x has a character that differs between the alphabets. */
function tellingKey(): ReturnType<typeof ecKey> {
  for (let tries = 0; ; tries++) {
    const key = ecKey(`telling-x-${tries}`, 'P-256', 'x has a hyphen or an underscore.');
    if (/[-_]/.test(key.jwk.x ?? '')) return key;
  }
}

const TELLING = tellingKey();
const SHORT_X = fromBase64url(shortX.jwk.x ?? '');
const X521 = fromBase64url(ec521.jwk.x ?? '');
const P521 = fieldPrime('P-521');

const SPELLINGS = 'JOSE-7518-6.2-01 JOSE-7515-2-01';

const coordinates = group(
  'RsVerify',
  'coordinates',
  'The point of an EC key (RFC 7518 §6.2.1).',
  rsConfig(),
  [
    acceptedProof(['point', 'A point in its only form.', 'JOSE-7518-6.2-01', {}]),
    acceptedProof([
      'point-short-x',
      'x begins with a zero octet, which is written.',
      'JOSE-7518-6.2-01',
      { key: shortX },
    ]),
    acceptedProof(['point-p521', 'A point of P-521.', 'JOSE-7518-6.2-01', { key: ec521 }]),
    refusedProof([
      'x-stripped',
      'x without its leading zero octet.',
      'JOSE-7518-6.2-01 THUMB-7-01',
      spelled(shortX, { x: base64url(SHORT_X.slice(1)) }),
      { base: 'point-short-x', flags: ['OtherSpelling'] },
    ]),
    ...(
      [
        [
          'x-longer',
          'x with a zero octet before it.',
          { x: base64url(concat(Uint8Array.of(0), X)) },
        ],
        [
          'y-longer',
          'y with a zero octet before it.',
          { y: base64url(concat(Uint8Array.of(0), Y)) },
        ],
        [
          'both-longer',
          'x and y in 48 octets, as for P-384.',
          {
            x: base64url(concat(new Uint8Array(16), X)),
            y: base64url(concat(new Uint8Array(16), Y)),
          },
        ],
        ['x-padded', 'x with padding.', { x: `${ec1.jwk.x}=` }],
        ['x-newline', 'x with a line feed behind it.', { x: `${ec1.jwk.x}\n` }],
        [
          'x-blank',
          'x with a blank within.',
          { x: `${ec1.jwk.x?.slice(0, 9)} ${ec1.jwk.x?.slice(9)}` },
        ],
        ['y-blank', 'y with a blank before it.', { y: ` ${ec1.jwk.y}` }],
        ['x-hex', 'x in hexadecimal.', { x: Buffer.from(X).toString('hex') }],
      ] as const
    ).map(
      ([id, comment, members]): ReturnType<typeof refusedProof> =>
        refusedProof([id, comment, SPELLINGS, spelled(ec1, members), { flags: ['OtherSpelling'] }]),
    ),
    acceptedProof([
      'point-telling',
      'x has a character that differs between the alphabets.',
      'JOSE-7518-6.2-01',
      { key: TELLING },
    ]),
    refusedProof([
      'x-standard-alphabet',
      'x in the alphabet of plain base64.',
      SPELLINGS,
      spelled(TELLING, {
        x: base64url(fromBase64url(TELLING.jwk.x ?? ''), { standard: true }),
      }),
      { flags: ['OtherSpelling'], base: 'point-telling' },
    ]),
    doubtfulProof([
      'RFC 4648 §3.5 lets decoders refuse unused bits that are not zero; with them one key has many thumbprints.',
      'x-tail-bits',
      'x with other unused bits.',
      'JOSE-7515-2-P1 THUMB-7-01',
      spelled(ec1, { x: base64url(X, { tailBits: 1 }) }),
      { flags: ['OtherSpelling'] },
    ]),
    refusedProof([
      'p521-x-plus-p',
      'x with the prime of the field added, which its 66 octets have room for.',
      'JOSE-7518-6.2-01',
      spelled(ec521, { x: base64url(octets(number(X521) + P521, 66)) }),
      { base: 'point-p521', flags: ['OtherSpelling'] },
    ]),
    ...(
      [
        [
          'off-curve',
          'x with its last bit changed: no point of the curve.',
          { x: base64url(X.map((byte, index) => (index === 31 ? byte ^ 1 : byte))) },
        ],
        [
          'zero-point',
          'x and y are 0.',
          { x: base64url(new Uint8Array(32)), y: base64url(new Uint8Array(32)) },
        ],
        ['y-zero', 'y is 0.', { y: base64url(new Uint8Array(32)) }],
        [
          'all-ones',
          'x and y have all bits set.',
          {
            x: base64url(new Uint8Array(32).fill(255)),
            y: base64url(new Uint8Array(32).fill(255)),
          },
        ],
        ['swapped', 'x and y swapped.', { x: ec1.jwk.y, y: ec1.jwk.x }],
        [
          'y-negative',
          'The other point with this x.',
          { y: base64url(octets(fieldPrime('P-256') - number(Y), 32)) },
        ],
        ['compressed', 'y says which of two points it is, as in COSE.', { y: true }],
        [
          'compressed-octet',
          'x is a compressed point, y is missing.',
          { x: base64url(concat(Uint8Array.of(2 + ((Y.at(-1) ?? 0) % 2)), X)), y: undefined },
        ],
        [
          'uncompressed',
          'x is the whole point, y is missing.',
          { x: base64url(concat(Uint8Array.of(4), X, Y)), y: undefined },
        ],
        ['other-key', 'The point of another key.', ec2.jwk],
      ] as const
    ).map(
      ([id, comment, members]): ReturnType<typeof refusedProof> =>
        refusedProof([
          `point-${id}`,
          comment,
          'JOSE-7518-6.2-01 DPOP-4.3-06',
          spelled(ec1, members),
        ]),
    ),
    refusedProof([
      'point-relabelled',
      'A point of secp256k1 that calls itself one of P-256.',
      'JOSE-7518-6.2-01 JOSE-8812-01',
      { key: KEYS.k256, alg: 'ES256', header: { jwk: { ...KEYS.k256.jwk, crv: 'P-256' } } },
    ]),
  ],
);

const rsEcdsa: FileDraft = {
  file: 'rs-ecdsa',
  title: 'ECDSA: signatures and points',
  groups: [signatures, coordinates],
};

export default rsEcdsa;
