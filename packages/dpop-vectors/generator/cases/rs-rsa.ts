import { rsConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { base64url } from '../encode/base64url.ts';
import { concat, hash, number, octets, shortestOctets, utf8 } from '../encode/bytes.ts';
import { KEYS, type Key, rsaKeyPair } from '../keys/keys.ts';
import { PRIMES } from '../keys/rsa-primes.ts';
import { acceptedProof, doubtfulProof, refusedProof, tolerableProof } from '../proof-cases.ts';
import { inverse } from '../sign/ecdsa.ts';
import {
  emsaPkcs1,
  emsaPss,
  modulusLength,
  type RsaKey,
  rsaKey,
  rsaPrivate,
  rsaPssSign,
} from '../sign/rsa.ts';
import {
  cubeForgery,
  opensTo,
  pkcs1Block,
  pssWithSha1Mask,
  signatureForExponentOne,
} from '../sign/rsa-forgeries.ts';

const { rsa2048 } = KEYS;
const { numbers } = rsa2048;
const CONFIG = rsConfig({ proofAlgorithms: ['PS256', 'RS256', 'ES256'] });
const LENGTH = modulusLength(numbers.n);
const BITS = numbers.n.toString(2).length - 1;

/** A block raised to the private exponent. */
function raised(
  block: (input: string) => Uint8Array,
  key: RsaKey = numbers,
): (input: string) => Uint8Array {
  return (input) => rsaPrivate(key, block(input));
}

const pss = group('RsVerify', 'pss', 'RSASSA-PSS (RFC 7518 §3.5).', CONFIG, [
  acceptedProof(['ps256', 'A good signature.', 'JOSE-7518-3.3-01', { key: rsa2048 }]),
  ...[0, 20, 31, 222].map((salt) =>
    refusedProof([
      `salt-${salt}`,
      `A salt of ${salt} octets.`,
      'JOSE-7518-3.3-01',
      { key: rsa2048, sign: (input) => rsaPssSign(numbers, 'sha256', input, salt) },
    ]),
  ),
  ...(
    [
      ['mask-sha1', 'Masks made with SHA-1.', raised((input) => pssWithSha1Mask(input, BITS))],
      [
        'sha384',
        'Hashed with SHA-384 throughout.',
        (input: string) => rsaPssSign(numbers, 'sha384', input),
      ],
      [
        'trailer',
        'Another octet at the end of the block.',
        raised((input) => ending(emsaPss('sha256', input, BITS), 0xcc)),
      ],
      ['pkcs1', 'A block of PKCS #1.', (input: string) => rsa2048.sign(input, 'RS256')],
      ['zero', 'All octets are 0.', () => new Uint8Array(LENGTH)],
      ['one', 'The number 1.', () => octets(1n, LENGTH)],
      [
        'cut',
        'An octet too few.',
        (input: string) => rsa2048.sign(input, 'PS256').slice(0, LENGTH - 1),
      ],
      [
        'longer',
        'A zero octet before it.',
        (input: string) => concat(Uint8Array.of(0), rsa2048.sign(input, 'PS256')),
      ],
      [
        'changed',
        'A bit changed.',
        (input: string) =>
          rsa2048.sign(input, 'PS256').map((byte, index) => (index === 9 ? byte ^ 1 : byte)),
      ],
    ] as const
  ).map(
    ([id, comment, sign]): ReturnType<typeof refusedProof> =>
      refusedProof([
        `ps256-${id}`,
        comment,
        'JOSE-7518-3.3-01 DPOP-4.3-06',
        { key: rsa2048, sign },
      ]),
  ),
  refusedProof([
    'ps256-plus-n',
    'The number with the modulus added, in as many octets as it needs.',
    'DPOP-4.3-06 JOSE-7518-3.3-01',
    {
      key: rsa2048,
      sign: (input) => shortestOctets(number(rsa2048.sign(input, 'PS256')) + numbers.n),
    },
    { flags: ['OtherSpelling'] },
  ]),
]);

function ending(block: Uint8Array, octet: number): Uint8Array {
  return concat(block.slice(0, -1), Uint8Array.of(octet));
}

const DIGEST_INFO_WITHOUT_NULL = Uint8Array.from(
  Buffer.from('302f300b0609608648016503040201' + '0420', 'hex'),
);
const DIGEST_INFO_SHA1 = Uint8Array.from(Buffer.from('3021300906052b0e03021a05000414', 'hex'));

const exponent3 = rsaKeyPair(
  'rsaExponent3',
  'RS256',
  'An exponent of 3.',
  rsaKey(PRIMES.rsa2048Exponent3, 3n),
);

const pkcs1 = group('RsVerify', 'pkcs1', 'RSASSA-PKCS1-v1_5 (RFC 7518 §3.3).', CONFIG, [
  acceptedProof(['rs256', 'A good signature.', 'JOSE-7518-3.3-01', { key: rsa2048, alg: 'RS256' }]),
  ...(
    [
      [
        'without-null',
        'A DigestInfo without NULL.',
        raised((input) => pkcs1Block(DIGEST_INFO_WITHOUT_NULL, hash('sha256', input), LENGTH)),
      ],
      [
        'sha1',
        'A DigestInfo of SHA-1.',
        raised((input) => pkcs1Block(DIGEST_INFO_SHA1, hash('sha1', input), LENGTH)),
      ],
      ['sha512', 'A DigestInfo of SHA-512.', (input: string) => rsa2048.sign(input, 'RS512')],
      [
        'no-digest-info',
        'The hash without DigestInfo.',
        raised((input) => pkcs1Block(new Uint8Array(0), hash('sha256', input), LENGTH)),
      ],
      [
        'encryption-block',
        'A block of the kind for encryption.',
        raised((input) =>
          emsaPkcs1('sha256', input, LENGTH).map((octet, index) => (index === 1 ? 2 : octet)),
        ),
      ],
      [
        'other-filling',
        'An octet of the filling changed.',
        raised((input) =>
          emsaPkcs1('sha256', input, LENGTH).map((octet, index) => (index === 20 ? 0xfe : octet)),
        ),
      ],
      [
        'garbage-behind',
        'A short filling and garbage behind the hash.',
        raised((input) => withGarbage(input)),
      ],
      ['pss', 'A block of PSS.', (input: string) => rsa2048.sign(input, 'PS256')],
      [
        'cut',
        'An octet too few.',
        (input: string) => rsa2048.sign(input, 'RS256').slice(0, LENGTH - 1),
      ],
      [
        'longer',
        'A zero octet before it.',
        (input: string) => concat(Uint8Array.of(0), rsa2048.sign(input, 'RS256')),
      ],
      ['zero', 'All octets are 0.', () => new Uint8Array(LENGTH)],
    ] as const
  ).map(
    ([id, comment, sign]): ReturnType<typeof refusedProof> =>
      refusedProof([
        `rs256-${id}`,
        comment,
        'DPOP-4.3-06 JOSE-7518-3.3-01',
        { key: rsa2048, alg: 'RS256', sign },
      ]),
  ),
  refusedProof([
    'cube-root',
    'A cube that begins like a good block, for a key with the exponent 3: made without the private key.',
    'DPOP-4.3-06 JOSE-KEY-P1',
    { key: exponent3, alg: 'RS256', sign: (input) => cubeForgery(input, exponent3.numbers.n) },
    { flags: ['KeylessForgery'] },
  ]),
]);

function withGarbage(input: string): Uint8Array {
  const good = emsaPkcs1('sha256', input, LENGTH - 32);
  return concat(good, hash('sha256', utf8('garbage')));
}

/** A key with these numbers, whose PSS signatures are shown to be good ones for it. */
function honest(name: string, given: RsaKey): Key {
  return withNumbers(name, given, (input) => {
    const signature = rsaPssSign(given, 'sha256', input);
    const block = emsaPss('sha256', input, given.n.toString(2).length - 1);
    if (!opensTo(signature, given, block)) throw new Error(`${name}: the signature is not good`);
    return signature;
  });
}

/** A key with these numbers that signs with what is given. */
function withNumbers(name: string, given: RsaKey, sign: (input: string) => Uint8Array): Key {
  return { ...rsaKeyPair(name, 'PS256', name, given), sign };
}

/** A key for `e` = 1, which opens every signature to itself. */
function exponentOne(alg: 'RS256' | 'PS256'): Key {
  const key = { ...numbers, e: 1n };
  return withNumbers(`exponent-1-${alg}`, key, (input) => {
    const signature = signatureForExponentOne(alg, input, numbers.n);
    if (!opensTo(signature, key, signature)) throw new Error('the forgery must open to its block');
    return signature;
  });
}

/** A signature for the exponent 65537: the key has to be refused before anybody asks. */
function whatever(input: string): Uint8Array {
  return rsaPssSign(numbers, 'sha256', input);
}

/** An odd exponent of as many bits as the modulus, with the private one that belongs to it. */
function largeExponent(): RsaKey {
  const totient = numbers.primes.reduce((product, prime) => product * (prime - 1n), 1n);
  const e = totient - 65_537n;
  return { ...numbers, e, d: inverse(e, totient) };
}

/** The private exponent for the odd part of an even modulus: n = 2·m with m odd. */
function evenModulus(): RsaKey {
  const primes = [...PRIMES.rsa2048, 2n];
  return { ...rsaKey(primes, 65_537n), primes };
}

const KEY_FREE =
  'No RFC lists such keys; RFC 9449 §4.3 and §11.6 ask for what is deemed secure, and this needs no private key.';
const KEYLESS = { flags: ['KeylessForgery'], reason: KEY_FREE };

const rsa4096 = KEYS.rsa4096;
const rsa8192 = rsaKeyPair('rsa8192', 'PS256', '8192 bits.', rsaKey(PRIMES.rsa8192));
const rsa16384 = honest(
  'rsa16384',
  rsaKey([...PRIMES.rsa8192, ...PRIMES.rsa4096, ...PRIMES.rsa2048, ...PRIMES.rsa2048Second]),
);

/** A jwk with a member spelled otherwise. */
function spelled(members: Readonly<Record<string, unknown>>): {
  readonly key: Key;
  readonly header: { readonly jwk: unknown };
} {
  return { key: rsa2048, header: { jwk: { ...rsa2048.jwk, ...members } } };
}

const N = shortestOctets(numbers.n);

const keys = group('RsVerify', 'keys', 'Which RSA keys are keys.', CONFIG, [
  acceptedProof(['bits-2048', '2048 bits.', 'JOSE-7518-3.3-01', { key: rsa2048 }]),
  acceptedProof(['bits-4096', '4096 bits.', 'JOSE-7518-3.3-01 JOSE-LIMIT-P1', { key: rsa4096 }]),
  tolerableProof([
    'A bound has to lie somewhere; 8192 bits are within reach of those who want them.',
    'bits-8192',
    '8192 bits, of four primes.',
    'JOSE-KEY-P1',
    { key: rsa8192 },
  ]),
  doubtfulProof([
    'No RFC sets a limit; such a key costs the verifier far more than its sender.',
    'bits-16384',
    '16384 bits.',
    'JOSE-KEY-P1 JOSE-LIMIT-P1',
    { key: rsa16384 },
    { flags: ['Oversize'] },
  ]),
  refusedProof([
    'bits-2047',
    '2047 bits.',
    'JOSE-7518-3.3-01',
    { key: honest('rsa2047', rsaKey(PRIMES.rsa2047)) },
  ]),
  refusedProof([
    'bits-1024',
    '1024 bits.',
    'JOSE-7518-3.3-01',
    { key: honest('rsa1024', rsaKey(PRIMES.rsa1024)) },
  ]),
  refusedProof([
    'exponent-1-rs256',
    'The exponent 1, and a signature that is the block itself.',
    'JOSE-KEY-P1',
    { key: exponentOne('RS256'), alg: 'RS256' },
    KEYLESS,
  ]),
  refusedProof([
    'exponent-1-ps256',
    'The same with PSS.',
    'JOSE-KEY-P1',
    { key: exponentOne('PS256') },
    KEYLESS,
  ]),
  refusedProof([
    'exponent-0',
    'The exponent 0: everything opens to 1.',
    'JOSE-KEY-P1',
    { key: withNumbers('exponent-0', { ...numbers, e: 0n }, () => octets(1n, LENGTH)) },
    { reason: KEY_FREE },
  ]),
  refusedProof([
    'exponent-2',
    'The exponent 2.',
    'JOSE-KEY-P1',
    { key: withNumbers('exponent-2', { ...numbers, e: 2n }, whatever) },
    { reason: KEY_FREE },
  ]),
  refusedProof([
    'exponent-even',
    'The exponent 65536.',
    'JOSE-KEY-P1',
    { key: withNumbers('exponent-even', { ...numbers, e: 65_536n }, whatever) },
    { reason: KEY_FREE },
  ]),
  tolerableProof([
    'FIPS 186-5 wants more than 2^16; no RFC of JOSE does, and honest keys with 3 exist.',
    'exponent-3',
    'An honest key with the exponent 3.',
    'JOSE-KEY-P1',
    { key: exponent3, alg: 'RS256' },
  ]),
  doubtfulProof([
    'No RFC sets a limit; a huge exponent makes each check as dear as a signature.',
    'exponent-huge',
    'An exponent of 2048 bits, with good signatures.',
    'JOSE-KEY-P1',
    { key: honest('exponent-huge', largeExponent()) },
    { flags: ['Oversize'] },
  ]),
  refusedProof([
    'modulus-even',
    'An even modulus, with good signatures.',
    'JOSE-KEY-P1',
    { key: honest('modulus-even', evenModulus()) },
    { reason: 'A modulus with the factor 2 is half factored; none that is meant is even.' },
  ]),
  tolerableProof([
    'Primes that lie close together cannot be told cheaply; this documents a limit.',
    'close-primes',
    'A modulus that Fermat factors.',
    'JOSE-KEY-P1',
    { key: honest('close-primes', rsaKey(PRIMES.closePrimes)) },
  ]),
  ...(
    [
      [
        'n-leading-zero',
        'n with a zero octet before it.',
        { n: base64url(concat(Uint8Array.of(0), N)) },
      ],
      [
        'n-two-leading-zeros',
        'n with two zero octets before it.',
        { n: base64url(concat(Uint8Array.of(0, 0), N)) },
      ],
      ['e-leading-zero', 'e with a zero octet before it.', { e: 'AAEAAQ' }],
      ['n-padded', 'n with padding.', { n: `${rsa2048.jwk.n}==` }],
      [
        'n-newline',
        'n with a line feed within.',
        { n: `${rsa2048.jwk.n?.slice(0, 64)}\n${rsa2048.jwk.n?.slice(64)}` },
      ],
      ['e-padded', 'e with a blank behind it.', { e: 'AQAB ' }],
    ] as const
  ).map(
    ([id, comment, members]): ReturnType<typeof refusedProof> =>
      refusedProof([
        id,
        comment,
        'JOSE-7518-6.3-01 JOSE-7515-2-01 THUMB-7-01',
        spelled(members),
        { flags: ['OtherSpelling'] },
      ]),
  ),
  ...(
    [
      ['n-missing', 'No n.', { n: undefined }],
      ['e-missing', 'No e.', { e: undefined }],
      ['e-number', 'e is a number.', { e: 65_537 }],
      ['e-empty', 'e is empty.', { e: '' }],
      ['n-empty', 'n is empty.', { n: '' }],
      ['n-other', 'n of another key.', { n: KEYS.rsa4096.jwk.n }],
    ] as const
  ).map(
    ([id, comment, members]): ReturnType<typeof refusedProof> =>
      refusedProof([id, comment, 'JOSE-7518-6.3-01 DPOP-4.3-03', spelled(members)]),
  ),
]);

const rsRsa: FileDraft = {
  file: 'rs-rsa',
  title: 'RSA: signatures and keys',
  groups: [pss, pkcs1, keys],
};

export default rsRsa;
