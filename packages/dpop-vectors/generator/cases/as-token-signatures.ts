import { createHmac } from 'node:crypto';
import { acceptedProof, type ProofRow, refusedProof } from '../as-proof-cases.ts';
import { asConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { base64url } from '../encode/base64url.ts';
import { concat } from '../encode/bytes.ts';
import { jsonText } from '../encode/json.ts';
import { KEYS } from '../keys/keys.ts';

const good: readonly ProofRow[] = [
  ['es256', 'A good proof by ec1, ES256.', 'DPOP-5.1-01 DPOP-5-03', {}],
  ...[KEYS.ec384, KEYS.ec521, KEYS.rsa2048, KEYS.ed1].map(
    (key): ProofRow => [
      key.name,
      `A good proof by ${key.name}, ${key.alg}.`,
      'DPOP-5.1-01 DPOP-4.3-05',
      { key },
    ],
  ),
  [
    'eddsa',
    'The older name of Ed25519.',
    'JOSE-9864-01 DPOP-5.1-01',
    { key: KEYS.ed1, alg: 'EdDSA' },
  ],
];

const headers: readonly ProofRow[] = [
  ['typ-missing', 'No typ.', 'DPOP-4.3-04', { header: { typ: undefined } }],
  ['typ-jwt', 'The type of any JWT.', 'DPOP-4.3-04', { header: { typ: 'JWT' } }],
  [
    'typ-at-jwt',
    'The type of access tokens.',
    'DPOP-4.3-04 JWTBCP-3.12-01',
    { header: { typ: 'at+jwt' } },
  ],
  [
    'alg-none',
    'Not signed at all.',
    'DPOP-11.6-01 DPOP-4.3-05',
    { header: { alg: 'none' }, sign: () => new Uint8Array() },
  ],
  [
    'alg-hs256',
    'A MAC, keyed with the public key.',
    'DPOP-11.6-01 DPOP-4.3-05',
    { header: { alg: 'HS256' }, sign: mac },
  ],
  [
    'alg-rs256',
    'An algorithm that is not on the list.',
    'DPOP-5.1-01 DPOP-4.3-05',
    { key: KEYS.rsa2048, alg: 'RS256' },
    { base: 'rsa2048' },
  ],
  [
    'alg-in-small-letters',
    'The name of the algorithm in small letters.',
    'JWTBCP-3.1-01 DPOP-4.3-05',
    { header: { alg: 'es256' } },
  ],
  ['jwk-missing', 'No key.', 'DPOP-4.3-03', { header: { jwk: undefined } }],
  [
    'jwk-private',
    'The key shows its private half.',
    'DPOP-4.3-07',
    { header: { jwk: KEYS.ec1.privateJwk } },
  ],
  [
    'jwk-private-okp',
    'An Ed25519 key shows its private half.',
    'DPOP-4.3-07',
    { key: KEYS.ed1, header: { jwk: KEYS.ed1.privateJwk } },
    { base: 'ed1' },
  ],
  [
    'jwk-of-another',
    'The key of another than who has signed.',
    'DPOP-4.3-06',
    { header: { jwk: KEYS.ec2.jwk } },
  ],
  [
    'crit',
    'A critical extension that nobody knows.',
    'JOSE-7515-4.1.11-01',
    { header: { crit: ['https://example.com/x'], 'https://example.com/x': true } },
  ],
];

/** The neutral element of the group: with S = 0 and R = A the equation holds for every message. */
const NEUTRAL = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 1 : 0));

const bytes: readonly ProofRow[] = [
  [
    'sig-altered',
    'A bit of the signature is flipped.',
    'DPOP-4.3-06 DPOP-5-02',
    { sign: (input) => flipped(KEYS.ec1.sign(input, 'ES256')) },
  ],
  ['sig-empty', 'An empty signature.', 'DPOP-4.3-06', { sign: () => new Uint8Array() }],
  [
    'sig-padded',
    'Padding behind the signature.',
    'JOSE-7515-2-01',
    { encodeSignature: (bytes) => base64url(bytes, { padded: true }) },
  ],
  [
    'sig-zero',
    'r and s are zero.',
    'JOSE-7518-3.4-01',
    { sign: () => new Uint8Array(64) },
    { flags: ['KeylessForgery'] },
  ],
  [
    'key-of-order-1',
    'An Ed25519 key for which everybody can sign.',
    'JOSE-KEY-P1',
    {
      key: KEYS.ed1,
      header: { jwk: { crv: 'Ed25519', kty: 'OKP', x: base64url(NEUTRAL) } },
      sign: () => concat(NEUTRAL, new Uint8Array(32)),
    },
    { base: 'ed1', flags: ['KeylessForgery'] },
  ],
];

/** Keyed with what everybody knows: the public key. */
function mac(input: string): Uint8Array {
  return Uint8Array.from(createHmac('sha256', jsonText(KEYS.ec1.jwk)).update(input).digest());
}

function flipped(signature: Uint8Array): Uint8Array {
  return signature.map((byte, index) => (index === 0 ? byte ^ 1 : byte));
}

const signatures = group(
  'AsToken',
  'signatures',
  'Who has signed the proof of a token request, and how.',
  asConfig(),
  [...good.map(acceptedProof), ...[...headers, ...bytes].map(refusedProof)],
);

const asTokenSignatures: FileDraft = {
  file: 'as-token-signatures',
  title: 'Keys and signatures of proofs at the token endpoint',
  groups: [signatures],
};

export default asTokenSignatures;
