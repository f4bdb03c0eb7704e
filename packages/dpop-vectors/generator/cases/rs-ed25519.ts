import { rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { base64url, fromBase64url } from '../encode/base64url.ts';
import { concat, utf8 } from '../encode/bytes.ts';
import { KEYS, type Key, thumbprint } from '../keys/keys.ts';
import { accessToken, proof } from '../messages.ts';
import { acceptedProof, doubtfulProof, refusedProof, tolerableProof } from '../proof-cases.ts';
import { ed25519Sign } from '../sign/eddsa.ts';
import {
  keylessSignature,
  mixedOrderPublic,
  mixedOrderSign,
  offCurve,
  SMALL_ORDER_POINTS,
  satisfiesEquation,
  signWithDomain,
  signWithNeutralR,
  withLargeS,
} from '../sign/eddsa-forgeries.ts';

const { ed1, ed2 } = KEYS;

/** A signature of ed1 that somebody has changed. */
function altered(change: (signature: Uint8Array) => Uint8Array): (input: string) => Uint8Array {
  return (input) => change(ed25519Sign(ed1.seed, utf8(input)));
}

function flipped(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.map((octet, at) => (at === index ? octet ^ 1 : octet));
}

const signatures = group(
  'RsVerify',
  'signatures',
  'Ed25519 signatures (RFC 8032 §5.1.7).',
  rsConfig(),
  [
    acceptedProof(['good', 'A good signature.', 'JOSE-8037-01', { key: ed1 }]),
    acceptedProof([
      'good-eddsa',
      'A good signature under the older name.',
      'JOSE-8037-01 JOSE-9864-01',
      { key: ed1, alg: 'EdDSA' },
    ]),
    ...(
      [
        [
          'other-key',
          'By another key.',
          (input: string) => ed2.sign(input, 'Ed25519'),
          'DPOP-4.3-06',
        ],
        ['r-changed', 'A bit of R changed.', altered((one) => flipped(one, 0)), 'DPOP-4.3-06'],
        ['s-changed', 'A bit of S changed.', altered((one) => flipped(one, 32)), 'DPOP-4.3-06'],
        [
          'swapped',
          'S before R.',
          altered((one) => concat(one.slice(32), one.slice(0, 32))),
          'DPOP-4.3-06',
        ],
        [
          's-plus-order',
          'S with the order of the group added.',
          altered(withLargeS),
          'JOSE-8037-01',
        ],
        [
          's-high-bit',
          'The highest bit of S is set.',
          altered((one) => one.map((octet, index) => (index === 63 ? octet | 0x80 : octet))),
          'JOSE-8037-01',
        ],
        ['zero', 'All octets are 0.', () => new Uint8Array(64), 'DPOP-4.3-06'],
        ['neutral', 'R is the neutral element, S is 0.', keylessSignature, 'DPOP-4.3-06'],
        ['cut', '63 octets.', altered((one) => one.slice(0, 63)), 'JOSE-8037-01'],
        [
          'octet-more',
          '65 octets.',
          altered((one) => concat(one, Uint8Array.of(0))),
          'JOSE-8037-01',
        ],
        ['empty', 'No octet.', () => new Uint8Array(0), 'JOSE-8037-01'],
        ['r-alone', 'R alone.', altered((one) => one.slice(0, 32)), 'JOSE-8037-01'],
        [
          'with-message',
          'The message behind it, as some libraries return it.',
          (input: string) => concat(ed25519Sign(ed1.seed, utf8(input)), utf8(input)),
          'JOSE-8037-01',
        ],
        [
          'prehashed',
          'Ed25519ph, another algorithm.',
          (input: string) => signWithDomain(ed1.seed, input, 1, ''),
          'JOSE-8037-01',
        ],
        [
          'context',
          'Ed25519ctx, another algorithm.',
          (input: string) => signWithDomain(ed1.seed, input, 0, 'dpop'),
          'JOSE-8037-01',
        ],
        [
          'ecdsa',
          'A signature of ECDSA.',
          (input: string) => KEYS.ec1.sign(input, 'ES256'),
          'DPOP-4.3-06',
        ],
      ] as const
    ).map(
      ([id, comment, sign, requirements]): ReturnType<typeof refusedProof> =>
        refusedProof([`signature-${id}`, comment, requirements, { key: ed1, sign }]),
    ),
    doubtfulProof([
      'RFC 8032 does not forbid it, and no honest signer makes it; libraries differ.',
      'neutral-r',
      'An honest key whose R is the neutral element.',
      'JOSE-8037-01',
      { key: ed1, sign: (input) => signWithNeutralR(ed1.seed, input) },
    ]),
  ],
);

const KEY_FREE =
  'No RFC lists such keys; RFC 9449 §4.3 and §11.6 ask for what is deemed secure, and this needs no private key.';

/** A key that is nothing but a public point. */
function bare(name: string, point: Uint8Array): Key {
  const jwk = { crv: 'Ed25519', kty: 'OKP', x: base64url(point) };
  return {
    name,
    alg: 'EdDSA',
    comment: name,
    jwk,
    privateJwk: jwk,
    jkt: thumbprint(jwk),
    sign: () => keylessSignature(),
  };
}

/** A proof for a point, with the first jti that satisfies a test of the signature. */
function searched(
  key: Key,
  sign: (input: string) => Uint8Array,
  isWanted: (input: string, signature: Uint8Array) => boolean,
): string {
  const token = accessToken({ boundTo: key });
  for (let tries = 0; tries < 500; tries++) {
    const text = proof({ key, token, sign, claims: { jti: `${key.name}-${tries}` } });
    const [header, payload, signature = ''] = text.split('.');
    if (isWanted(`${header}.${payload}`, fromBase64url(signature))) return text;
  }
  throw new Error(`${key.name}: no such proof found`);
}

/** A proof that nobody's private key has made, and whose equation holds. */
function keyless(name: string, point: Uint8Array): { readonly key: Key; readonly text: string } {
  const key = bare(name, point);
  const text = searched(key, keylessSignature, (input, signature) =>
    satisfiesEquation(point, input, signature),
  );
  return { key, text };
}

const mixed = bare('mixed-order', mixedOrderPublic(ed1.seed));
const mixedSign = (input: string): Uint8Array => mixedOrderSign(ed1.seed, input);
const mixedPoint = fromBase64url(mixed.jwk.x ?? '');

function spelled(x: unknown): { readonly key: Key; readonly header: { readonly jwk: unknown } } {
  return { key: ed1, header: { jwk: { ...ed1.jwk, x } } };
}

const X = fromBase64url(ed1.jwk.x ?? '');

const keys = group('RsVerify', 'keys', 'Which points are keys.', rsConfig(), [
  acceptedProof(['point', 'A point of large order.', 'JOSE-8037-01', { key: ed1 }]),
  ...Object.entries(SMALL_ORDER_POINTS).map(([name, point]) => {
    const { key, text } = keyless(name, point);
    return refusedProof([
      name,
      `A point of small order (${name}) and a signature that needs no key.`,
      'JOSE-KEY-P1',
      { key, text },
      { flags: ['KeylessForgery'], reason: KEY_FREE },
    ]);
  }),
  tolerableProof([
    'With this jti every verifier agrees; nobody but the holder of the scalar could have made it.',
    'mixed-order-agreed',
    'A point with a part of small order, and a signature good with and without the cofactor.',
    'JOSE-KEY-P1',
    {
      key: mixed,
      text: searched(mixed, mixedSign, (input, signature) =>
        satisfiesEquation(mixedPoint, input, signature),
      ),
    },
    { flags: ['ForeignSignature'] },
  ]),
  doubtfulProof([
    'Verifiers with and without the cofactor differ (RFC 8032 §5.1.7 allows both); the stricter one is the usual one.',
    'mixed-order-disputed',
    'The same point, and a signature good with the cofactor alone.',
    'JOSE-KEY-P1',
    {
      key: mixed,
      text: searched(
        mixed,
        mixedSign,
        (input, signature) => !satisfiesEquation(mixedPoint, input, signature),
      ),
    },
  ]),
  ...(
    [
      ['x-31', 'x of 31 octets.', base64url(X.slice(0, 31))],
      ['x-33', 'x of 33 octets.', base64url(concat(X, Uint8Array.of(0)))],
      ['x-padded', 'x with padding.', `${ed1.jwk.x}=`],
      ['x-newline', 'x with a line feed behind it.', `${ed1.jwk.x}\n`],
      ['x-blank', 'x with a blank before it.', ` ${ed1.jwk.x}`],
      ['x-hex', 'x in hexadecimal.', Buffer.from(X).toString('hex')],
    ] as const
  ).map(
    ([id, comment, x]): ReturnType<typeof refusedProof> =>
      refusedProof([
        id,
        comment,
        'JOSE-8037-01 JOSE-7515-2-01 THUMB-7-01',
        spelled(x),
        { flags: ['OtherSpelling'] },
      ]),
  ),
  doubtfulProof([
    'RFC 4648 §3.5 lets decoders refuse unused bits that are not zero; with them one key has many thumbprints.',
    'x-tail-bits',
    'x with other unused bits.',
    'JOSE-7515-2-P1 THUMB-7-01',
    spelled(base64url(X, { tailBits: 1 })),
    { flags: ['OtherSpelling'] },
  ]),
  ...(
    [
      [
        'sign-bit',
        'The bit of an odd x changed: another point, or none.',
        base64url(X.map((octet, index) => (index === 31 ? octet ^ 0x80 : octet))),
      ],
      ['no-point', 'y of no point.', base64url(offCurve())],
      ['all-ones', 'All bits are set.', base64url(new Uint8Array(32).fill(255))],
      ['other-key', 'x of another key.', ed2.jwk.x],
    ] as const
  ).map(
    ([id, comment, x]): ReturnType<typeof refusedProof> =>
      refusedProof([`point-${id}`, comment, 'JOSE-8037-01 DPOP-4.3-06', spelled(x)]),
  ),
]);

const rsEd25519: FileDraft = {
  file: 'rs-ed25519',
  title: 'Ed25519: signatures and points',
  groups: [signatures, keys],
};

export default rsEd25519;
