import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  KEYS,
  mintProof,
  mintToken,
  type TestKey,
  thumbprint,
  toBase64url,
} from '@keybound/test-kit';
import { tamper } from '../requests.ts';
import type { Attack } from './attack.ts';
import { goodClaims, presented, tokenOf, written } from './craft.ts';

type Jwk = Readonly<Record<string, string>>;

/** What clients use, 17 multiplications, and the dearest of those that are allowed, 64. */
const USUAL_EXPONENT = 65_537;
const DEAREST_EXPONENT = 2 ** 32 - 1;

/**
 * A key that nobody can sign with. To verify against it costs what it costs against a real one, an
 * authorization server that binds a token to its thumbprint cannot tell, and it need not be found.
 */
function rsaKeyOfNobody(bits: number, exponent: number): Jwk {
  const modulus = randomBytes(bits / 8);
  modulus[0] = (modulus[0] ?? 0) | 0x80;
  modulus[modulus.length - 1] = (modulus.at(-1) ?? 0) | 1;
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(exponent);
  const e = octets.subarray(octets.findIndex((octet) => octet !== 0));
  return { kty: 'RSA', n: toBase64url(modulus), e: toBase64url(e) };
}

/** A token that an authorization server has bound to a key. */
function tokenBoundTo(jwk: Jwk): string {
  return mintToken({ claims: { cnf: { jkt: thumbprint(jwk) } } });
}

/** A proof whose signature is a number below any modulus, so that nothing but verifying refuses it. */
function rsaProof(jwk: Jwk, token: string): string {
  const { length } = Buffer.from(jwk.n ?? '', 'base64url');
  const signature = Buffer.concat([Buffer.from([0]), randomBytes(length - 1)]);
  const header = toBase64url({ typ: 'dpop+jwt', alg: 'PS256', jwk });
  return `${header}.${toBase64url(goodClaims(token))}.${toBase64url(signature)}`;
}

function rsaAttack(bits: number, exponent: number): Attack {
  const jwk = rsaKeyOfNobody(bits, exponent);
  const token = tokenBoundTo(jwk);
  return {
    name: `RSA key of ${bits}, e = ${exponent === USUAL_EXPONENT ? '2^16 + 1' : '2^32 - 1'}`,
    needs: 'own token',
    outcome: 'proof_signature_invalid',
    boundBy: 'RSA keys from 2048 to 8192 bits, e up to 32 bits',
    write: () => written({ token, proof: rsaProof(jwk, token) }),
  };
}

/** The dearest key with a token that is not good, or not bound to it. */
function rsaAttackWith(token: string, ends: Omit<Attack, 'write'>): Attack {
  const jwk = rsaKeyOfNobody(8192, DEAREST_EXPONENT);
  return { ...ends, write: () => written({ token, proof: rsaProof(jwk, token) }) };
}

/** By a key that has never made a good proof, so nobody remembers it. */
function garbageProofAttack(alg: string, curve: string): Attack {
  const key = newKey(alg, curve);
  const token = tokenOf(key);
  return {
    name: `${alg}, garbage signature`,
    needs: 'own token',
    outcome: 'proof_signature_invalid',
    boundBy: 'one key and one signature for each request',
    write: () => written({ token, proof: tamper(mintProof({ key, token })) }),
  };
}

function goodProofAttack(name: string, key: TestKey): Attack {
  return {
    name,
    needs: 'own token',
    outcome: 'granted',
    boundBy: 'the algorithms that are accepted',
    write: () => presented({ key }),
  };
}

/** A key pair that nobody has seen. */
function newKey(alg = 'ES256', namedCurve = 'P-256'): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
  const publicJwk = publicKey.export({ format: 'jwk' }) as Record<string, string>;
  return { kid: '', alg, publicKey, privateKey, publicJwk, privateJwk: {} };
}

/** A P-256 key off the curve, which only importing it finds out. */
function keyOffTheCurve(): Jwk {
  const coordinate = (): string => toBase64url(Buffer.concat([Buffer.from([0]), randomBytes(31)]));
  return { kty: 'EC', crv: 'P-256', x: coordinate(), y: coordinate() };
}

/** What can be made of keys. */
export const KEY_ATTACKS: readonly Attack[] = [
  {
    name: 'a new token with every request',
    needs: 'own token',
    outcome: 'granted',
    boundBy: 'one more signature; what is remembered is bounded',
    write: () => presented({}, { token: mintToken({ boundTo: KEYS.alice }) }),
  },
  {
    name: 'a new key and its token with every request',
    needs: 'own token',
    outcome: 'granted',
    boundBy: 'one key and one more signature; what is remembered is bounded',
    write: () => {
      const key = newKey();
      return presented({ key }, { token: mintToken({ boundTo: key }) });
    },
  },
  {
    name: 'ES256 key off its curve',
    needs: 'own token',
    outcome: 'jwk_malformed',
    boundBy: 'one key for each request',
    write: () => {
      const jwk = keyOffTheCurve();
      return presented({ header: { jwk } }, { token: tokenBoundTo(jwk) });
    },
  },
  garbageProofAttack('ES256', 'P-256'),
  garbageProofAttack('ES384', 'P-384'),
  garbageProofAttack('ES512', 'P-521'),
  goodProofAttack('ES384', KEYS.alice384),
  goodProofAttack('ES512', KEYS.alice521),
  goodProofAttack('Ed25519', KEYS.aliceEd25519),
  goodProofAttack('PS256 of 2048', KEYS.aliceRsa),
  rsaAttack(2048, USUAL_EXPONENT),
  rsaAttack(8192, USUAL_EXPONENT),
  rsaAttack(8192, DEAREST_EXPONENT),
  rsaAttackWith(tamper(mintToken({ boundTo: KEYS.alice })), {
    name: 'RSA key of 8192, garbage token',
    needs: 'nothing',
    outcome: 'token_signature_invalid',
    boundBy: 'the token is verified before the proof',
  }),
  rsaAttackWith(tokenOf(KEYS.alice), {
    name: 'RSA key of 8192, token of another key',
    needs: 'seen request',
    outcome: 'key_mismatch',
    boundBy: 'the thumbprint is compared before the signature',
  }),
];
