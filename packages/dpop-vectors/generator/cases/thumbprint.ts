import type { Jwk, ThumbprintTest } from '../../src/format.ts';
import { acceptable, type Draft, type FileDraft, group, invalid, valid } from '../draft.ts';
import { base64url, fromBase64url } from '../encode/base64url.ts';
import { concat } from '../encode/bytes.ts';
import { KEYS } from '../keys/keys.ts';
import { ath } from '../messages.ts';
import { RFC7638, RFC8037, RFC9449 } from '../rfc-examples.ts';

const { ec1, ec384, ec521, rsa2048, rsa4096, ed1 } = KEYS;

function known(id: string, comment: string, jwk: Jwk, output: string): Draft<ThumbprintTest> {
  return valid<ThumbprintTest>(
    id,
    comment,
    'THUMB-3-01 DPOP-6.1-01',
    { input: { operation: 'jkt', jwk }, output },
    { base: null },
  );
}

/** A key that has no thumbprint, because it is not in its one form. */
function refusedKey(
  id: string,
  comment: string,
  requirements: string,
  jwk: Jwk,
): Draft<ThumbprintTest> {
  return invalid<ThumbprintTest>(
    id,
    comment,
    requirements,
    { input: { operation: 'jkt', jwk }, output: null },
    { base: baseOf(jwk) },
  );
}

/** A key in another form than its only one, which whoever hashes it may take as it comes. */
function doubtfulKey(
  id: string,
  comment: string,
  requirements: string,
  jwk: Jwk,
): Draft<ThumbprintTest> {
  return acceptable<ThumbprintTest>(
    'reject',
    id,
    comment,
    requirements,
    { input: { operation: 'jkt', jwk }, output: null },
    {
      base: baseOf(jwk),
      reason:
        'RFC 7638 §7 leaves it to the caller to look at the key; one key must not have two thumbprints.',
    },
  );
}

/** The good key of the kind. */
function baseOf({ crv, n }: Jwk): string {
  if (n !== undefined) return 'rsa2048';
  return crv === 'Ed25519' ? 'ed1' : 'ec1';
}

function hashed(
  id: string,
  comment: string,
  token: string,
  output = ath(token),
): Draft<ThumbprintTest> {
  return valid<ThumbprintTest>(
    id,
    comment,
    'DPOP-4.2-07 DPOP-11.10-01',
    { input: { operation: 'ath', token }, output },
    { base: null },
  );
}

const X = fromBase64url(ec1.jwk.x ?? '');

const jkt = group('Thumbprint', 'jkt', 'The thumbprint of a key (RFC 7638).', { hash: 'SHA-256' }, [
  known('rfc7638', 'The RSA key of RFC 7638 §3.1.', RFC7638.jwk, RFC7638.thumbprint),
  known('rfc9449', 'The key of RFC 9449.', RFC9449.jwk, RFC9449.thumbprint),
  known('rfc8037', 'The key of RFC 8037 appendix A.3.', RFC8037.jwk, RFC8037.thumbprint),
  ...[ec1, ec384, ec521, rsa2048, rsa4096, ed1].map((key) =>
    known(key.name, `The key ${key.name}.`, key.jwk, key.jkt),
  ),
  known(
    'reversed',
    'The members in another order.',
    Object.fromEntries(Object.entries(ec1.jwk).reverse()),
    ec1.jkt,
  ),
  known(
    'further-members',
    'Members that do not count.',
    { ...ec1.jwk, kid: 'mine', use: 'sig', alg: 'ES256', x5t: 'x', foo: { bar: 1 } },
    ec1.jkt,
  ),
  known(
    'private-ec',
    'The private key, whose thumbprint is that of the public one.',
    ec1.privateJwk,
    ec1.jkt,
  ),
  known('private-rsa', 'The private RSA key.', rsa2048.privateJwk, rsa2048.jkt),
  known('private-okp', 'The private Ed25519 key.', ed1.privateJwk, ed1.jkt),
  doubtfulKey('x-stripped', 'x of an octet too few.', 'JOSE-7518-6.2-01 THUMB-7-01', {
    ...ec1.jwk,
    x: base64url(X.slice(1)),
  }),
  doubtfulKey('x-longer', 'x with a zero octet before it.', 'JOSE-7518-6.2-01 THUMB-7-01', {
    ...ec1.jwk,
    x: base64url(concat(Uint8Array.of(0), X)),
  }),
  doubtfulKey('x-padded', 'x with padding.', 'JOSE-7515-2-01 THUMB-7-01', {
    ...ec1.jwk,
    x: `${ec1.jwk.x}=`,
  }),
  refusedKey('y-missing', 'No y.', 'THUMB-3-01 JOSE-7518-6.2-01', {
    crv: 'P-256',
    kty: 'EC',
    x: ec1.jwk.x,
  }),
  refusedKey('kty-missing', 'No kty.', 'THUMB-3-01', { ...ec1.jwk, kty: undefined }),
  refusedKey('kty-case', 'kty is ec.', 'THUMB-3-01', { ...ec1.jwk, kty: 'ec' }),
  refusedKey('x-number', 'x is a number.', 'THUMB-3-01', { ...ec1.jwk, x: 1 }),
  doubtfulKey('n-leading-zero', 'n with a zero octet before it.', 'JOSE-7518-6.3-01 THUMB-7-01', {
    ...rsa2048.jwk,
    n: base64url(concat(Uint8Array.of(0), fromBase64url(rsa2048.jwk.n ?? ''))),
  }),
  doubtfulKey('okp-33', 'x of an Ed25519 key with an octet more.', 'JOSE-8037-01 THUMB-7-01', {
    ...ed1.jwk,
    x: base64url(concat(fromBase64url(ed1.jwk.x ?? ''), Uint8Array.of(0))),
  }),
  acceptable<ThumbprintTest>(
    'reject',
    'x-tail-bits',
    'x with other unused bits.',
    'JOSE-7515-2-P1 THUMB-7-01',
    {
      input: { operation: 'jkt', jwk: { ...ec1.jwk, x: base64url(X, { tailBits: 1 }) } },
      output: null,
    },
    {
      base: 'ec1',
      reason:
        'RFC 4648 §3.5 lets decoders refuse unused bits that are not zero; with them one key has many thumbprints.',
    },
  ),
]);

const hashes = group(
  'Thumbprint',
  'ath',
  'The hash of a token (RFC 9449 §4.2).',
  { hash: 'SHA-256' },
  [
    hashed('rfc9449-token', 'The token of RFC 9449 §7.1.', RFC9449.token, RFC9449.ath),
    hashed('one-character', 'A token of one character.', 'a'),
    hashed('padding', 'A token that ends in equals signs, which belong to it.', 'YWJj=='),
    hashed('all-characters', 'Every character a token may have.', 'AZaz09-._~+/'),
    hashed('long', 'A token of 4096 characters.', 'abcd'.repeat(1024)),
  ],
);

const thumbprint: FileDraft = {
  file: 'thumbprint',
  title: 'Thumbprints of keys and hashes of tokens',
  groups: [jkt, hashes],
};

export default thumbprint;
