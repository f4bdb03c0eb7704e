import { createHmac, createPublicKey } from 'node:crypto';
import { ALGORITHMS, JWKS, publishedKey, tokenConfig } from '../deployment.ts';
import { type FileDraft, group } from '../draft.ts';
import { base64url } from '../encode/base64url.ts';
import { selfSignedCertificate } from '../encode/certificate.ts';
import { jsonText } from '../encode/json.ts';
import { ecKey, KEYS, type Key, rsaKeyPair } from '../keys/keys.ts';
import { PRIMES } from '../keys/rsa-primes.ts';
import { rsaKey } from '../sign/rsa.ts';
import { acceptedToken, doubtfulToken, refusedToken, tolerableToken } from '../token-cases.ts';

const { issuer1, issuer2, issuerRsa, issuerEd, stranger } = KEYS;

const FORGED_BY_STRANGER = { sign: (input: string) => stranger.sign(input, 'ES256') };

/** A MAC with something that everybody knows as the secret. */
function mac(secret: string | Uint8Array): { sign: (input: string) => Uint8Array } {
  return {
    sign: (input) => Uint8Array.from(createHmac('sha256', secret).update(input).digest()),
  };
}

function pem({ jwk }: Key): string {
  return createPublicKey({ key: jwk, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  }) as string;
}

function withKeys(...keys: readonly Readonly<Record<string, unknown>>[]): {
  override: { jwks: { keys: readonly Readonly<Record<string, unknown>>[] } };
} {
  return { override: { jwks: { keys } } };
}

const UNSIGNED = { sign: () => new Uint8Array(0) };

const weakRsa = rsaKeyPair('weakRsa', 'RS256', 'Too short.', rsaKey(PRIMES.rsa1024));
const macKey = {
  kty: 'oct',
  kid: 'mac',
  alg: 'HS256',
  k: base64url('a secret that was published'),
};
const p384 = ecKey('issuer384', 'P-384', 'A further key of an issuer.');

/** Which signatures of whom count (RFC 9068 §4). */
const jwtAccessTokenKeys: FileDraft = {
  file: 'jwt-access-token-keys',
  title: 'Algorithms and keys of JWT access tokens',
  groups: [
    group('JwtAccessToken', 'algorithms', 'What a token may be signed with.', tokenConfig(), [
      acceptedToken(['es256', 'Signed with ES256.', 'ATJWT-4-04', {}]),
      acceptedToken(['rs256', 'Signed with RS256.', 'ATJWT-2.1-02', { key: issuerRsa }]),
      acceptedToken(['ed25519', 'Signed with Ed25519.', 'JOSE-9864-01', { key: issuerEd }]),
      tolerableToken([
        'Both names stand for one algorithm; a strict reader of alg in the published key tells them apart.',
        'eddsa',
        'Signed by an Ed25519 key, under the older name of the algorithm.',
        'JOSE-9864-01 JOSE-8037-01',
        { key: issuerEd, alg: 'EdDSA' },
      ]),
      acceptedToken([
        'es384',
        'Signed with ES384 by a published P-384 key.',
        'ATJWT-4-04',
        { key: p384 },
        withKeys(publishedKey(p384)),
      ]),
      ...(['none', 'None', 'nOnE'] as const).map((alg, index) =>
        refusedToken([
          ['alg-none', 'alg-none-capital', 'alg-none-mixed'][index] ?? '',
          `No signature at all: alg is ${alg}.`,
          'ATJWT-2.1-01 JWTBCP-3.1-01',
          { alg, ...UNSIGNED },
        ]),
      ),
      refusedToken([
        'alg-none-signed',
        'alg is none, and a signature is there all the same.',
        'ATJWT-2.1-01',
        { alg: 'none', sign: (input) => issuer1.sign(input, 'ES256') },
      ]),
      refusedToken([
        'alg-missing',
        'No alg in the header.',
        'JWTBCP-3.1-01',
        { header: { alg: undefined } },
      ]),
      refusedToken([
        'alg-lower-case',
        'alg is es256.',
        'JWTBCP-3.1-01',
        { header: { alg: 'es256' } },
      ]),
      refusedToken([
        'alg-not-listed',
        'RS512 by a published key, and not on the list.',
        'JWTBCP-3.1-01',
        { key: issuerRsa, alg: 'RS512' },
        { base: 'rs256' },
      ]),
      refusedToken([
        'rs256-not-listed',
        'RS256 where the list does not have it, as under FAPI.',
        'JWTBCP-3.1-01 FAPI-5.4-01',
        { key: issuerRsa },
        { base: 'rs256', override: { tokenAlgorithms: ALGORITHMS } },
      ]),
      refusedToken([
        'hs256-pem-of-rsa',
        'A MAC whose secret is the published RSA key as PEM.',
        'JWTBCP-3.1-01 ATJWT-4-04',
        { key: issuerRsa, alg: 'HS256', ...mac(pem(issuerRsa)) },
        { base: 'rs256' },
      ]),
      refusedToken([
        'hs256-jwk-of-ec',
        'A MAC whose secret is the published key as JSON.',
        'JWTBCP-3.1-01 ATJWT-4-04',
        { alg: 'HS256', ...mac(jsonText(publishedKey(issuer1))) },
      ]),
      refusedToken([
        'hs256-empty-secret',
        'A MAC with an empty secret, under a kid that nobody has.',
        'JWTBCP-3.1-01 JWTBCP-3.10-01',
        { alg: 'HS256', header: { kid: 'nobody' }, ...mac('') },
      ]),
      refusedToken([
        'hs256-published-secret',
        'A MAC with a symmetric key that stands in the key set.',
        'JWTBCP-3.1-01',
        { alg: 'HS256', header: { kid: 'mac' }, ...mac('a secret that was published') },
        withKeys(...JWKS.keys, macKey),
      ]),
      refusedToken([
        'es256-under-rsa-key',
        'ES256 by a stranger, under the kid of an RSA key.',
        'JWTBCP-3.1-01 ATJWT-4-04',
        { header: { kid: issuerRsa.name }, ...FORGED_BY_STRANGER },
      ]),
      refusedToken([
        'rs256-under-ec-key',
        'RS256 by a stranger, under the kid of an EC key.',
        'JWTBCP-3.1-01 ATJWT-4-04',
        { key: KEYS.rsa2048, alg: 'RS256', header: { kid: issuer1.name } },
      ]),
      refusedToken([
        'es384-by-p256',
        'A signature with ES256 that calls itself ES384.',
        'JOSE-7518-3.4-01',
        { alg: 'ES384' },
      ]),
      refusedToken([
        'kid-number',
        'kid is a number, which must not count as no kid at all.',
        'ATJWT-4-04 JWTBCP-3.10-01',
        { key: issuerRsa, header: { kid: 5 } },
        { base: 'rs256' },
      ]),
      doubtfulToken([
        'alg of a published key says what the issuer means it for (RFC 7517 §4.4).',
        'ps256-by-rs256-key',
        'PS256 by a key that is published for RS256.',
        'JOSE-7517-4-01',
        { key: issuerRsa, alg: 'PS256' },
        { base: 'rs256' },
      ]),
    ]),
    group('JwtAccessToken', 'keys', 'Whose key has signed it.', tokenConfig(), [
      acceptedToken([
        'key-published',
        'Signed by a published key, which kid names.',
        'ATJWT-4-04',
        {},
      ]),
      acceptedToken([
        'key-published-second',
        'Signed by another published key of the same kind.',
        'ATJWT-4-04',
        { key: issuer2 },
      ]),
      refusedToken([
        'key-other',
        'Signed by a stranger under the kid of the issuer.',
        'ATJWT-4-04 JWTBCP-3.8-01',
        FORGED_BY_STRANGER,
      ]),
      refusedToken([
        'key-withdrawn',
        'Signed by a key that is no longer in the key set.',
        'ATJWT-4-04',
        {},
        withKeys(publishedKey(issuer2)),
      ]),
      refusedToken([
        'kid-unknown',
        'Signed by a stranger under its own kid.',
        'ATJWT-4-04',
        { key: stranger },
      ]),
      ...(
        [
          ['kid-path', 'kid is a path to an empty file.', '../../../../../../dev/null'],
          ['kid-sql', 'kid is SQL that yields a secret.', "x' UNION SELECT 'secret' -- "],
          ['kid-command', 'kid is a command for a shell.', '|/usr/bin/id'],
          ['kid-prototype', 'kid is a name that every object of JavaScript has.', '__proto__'],
          ['kid-url', 'kid is a URL of a key set.', 'https://evil.example/jwks.json'],
        ] as const
      ).map(([id, comment, kid]) =>
        refusedToken([id, comment, 'JWTBCP-3.10-01', { header: { kid }, ...FORGED_BY_STRANGER }]),
      ),
      refusedToken([
        'jwk-embedded',
        'Signed by a stranger whose key is in the header.',
        'ATJWT-4-04',
        { key: stranger, header: { kid: undefined, jwk: stranger.jwk } },
      ]),
      refusedToken([
        'jwk-embedded-under-kid',
        'The same, under the kid of the issuer.',
        'ATJWT-4-04',
        {
          key: stranger,
          header: { kid: issuer1.name, jwk: { ...stranger.jwk, kid: issuer1.name } },
        },
      ]),
      refusedToken([
        'x5c-self-signed',
        'Signed by a stranger whose certificate, signed by itself, is in the header.',
        'ATJWT-4-04',
        {
          key: stranger,
          header: {
            kid: undefined,
            x5c: [base64url(selfSignedCertificate(stranger), { padded: true, standard: true })],
          },
        },
      ]),
      ...(['jku', 'x5u'] as const).map((name) =>
        refusedToken([
          `${name}-foreign`,
          `Signed by a stranger whose key is where ${name} points.`,
          'ATJWT-4-04 JWTBCP-3.10-01',
          { key: stranger, header: { [name]: 'https://evil.example/keys' } },
        ]),
      ),
      tolerableToken([
        'A pointer that is not followed does no harm; refusing it is caution.',
        'jku-unused',
        'Signed by the issuer, with a pointer that nobody needs.',
        'ATJWT-4-04',
        { header: { jku: 'https://evil.example/keys' } },
      ]),
      tolerableToken([
        'RFC 7515 §4.1.4 makes kid optional, and one published key alone fits the algorithm.',
        'kid-missing-one-fits',
        'No kid, and one key of the set that fits.',
        'ATJWT-4-04',
        { key: issuerRsa, header: { kid: undefined } },
      ]),
      doubtfulToken([
        'Nothing says which key is meant; trying all of them is allowed, and makes every forgery cost more.',
        'kid-missing-two-fit',
        'No kid, and two keys of the set that fit.',
        'ATJWT-4-04',
        { header: { kid: undefined } },
      ]),
      doubtfulToken([
        'A kid that is not in the set selects no key; trying all of them is allowed.',
        'kid-unknown-good-key',
        'Signed by the issuer under a kid that is not in the set.',
        'ATJWT-4-04',
        { header: { kid: 'last-year' } },
      ]),
      refusedToken([
        'key-for-encryption',
        'Signed by a key that is published for encryption.',
        'JOSE-7517-4-01',
        {},
        withKeys({ ...publishedKey(issuer1), use: 'enc' }),
      ]),
      refusedToken([
        'key-too-short',
        'Signed by a published RSA key of 1024 bits.',
        'JOSE-7518-3.3-01',
        { key: weakRsa },
        withKeys(...JWKS.keys, publishedKey(weakRsa)),
      ]),
      tolerableToken([
        'RFC 7517 §5 says to pass over keys that are not understood.',
        'set-with-strange-keys',
        'The key set has a key of an unknown kind, and one without members.',
        'ATJWT-4-04',
        {},
        withKeys({ kty: 'NEW', kid: 'new' }, {}, ...JWKS.keys),
      ]),
      tolerableToken([
        'RFC 7517 §4.5 asks for distinct kids only of keys that could be taken for each other.',
        'kid-shared-by-kinds',
        'An RSA key of the set has the same kid as the EC key.',
        'ATJWT-4-04',
        {},
        withKeys({ ...publishedKey(issuerRsa), kid: issuer1.name }, publishedKey(issuer1)),
      ]),
    ]),
  ],
};

export default jwtAccessTokenKeys;
