import { createPrivateKey, createPublicKey } from 'node:crypto';
import { KEYS, type TestKey, toBase64url } from '@keybound/test-kit';
import { toBigInt } from './forge.ts';

// Key pairs with something odd about them. Published, so worth nothing anywhere else.

/** Made into key objects when they are asked for: not every runtime knows every curve. */
function ecKey(
  kid: string,
  alg: string,
  privateJwk: Record<string, string>,
  shown: Record<string, string> = {},
): TestKey {
  const { d: _, ...publicJwk } = privateJwk;
  return {
    kid,
    alg,
    publicJwk: { ...publicJwk, ...shown },
    privateJwk,
    get publicKey() {
      return createPublicKey(this.privateKey);
    },
    get privateKey() {
      return createPrivateKey({ format: 'jwk', key: privateJwk });
    },
  };
}

function rsaKey(kid: string, p: string, q: string, e = 65537n): TestKey {
  const prime = toBigInt(Buffer.from(p, 'base64url'));
  const other = toBigInt(Buffer.from(q, 'base64url'));
  const d = inverse(e, (prime - 1n) * (other - 1n));
  const privateJwk = {
    kty: 'RSA',
    n: minimal(prime * other),
    e: minimal(e),
    d: minimal(d),
    p,
    q,
    dp: minimal(d % (prime - 1n)),
    dq: minimal(d % (other - 1n)),
    qi: minimal(inverse(other, prime)),
  };
  const privateKey = createPrivateKey({ format: 'jwk', key: privateJwk });
  const { kty, n } = privateJwk;
  const publicJwk = { kty, n, e: privateJwk.e };
  const publicKey = createPublicKey(privateKey);
  return { kid, alg: 'PS256', publicJwk, privateJwk, publicKey, privateKey };
}

function minimal(value: bigint): string {
  const hex = value.toString(16);
  return toBase64url(Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex'));
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (b !== 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return ((x % modulus) + modulus) % modulus;
}

const CLOSE_PRIME =
  '622E5mlLDI6RfkMyiGNhuCnTiuqTVP7c7qZ1x6wcSJeVn7uDGcc7bn6qXY6Ok_ovO0-1P_rrydZcq7CYhaNYHYc1BuwEbwGlqtien9r80xPs03szl3iAWNkZxWzqvcRnQFK6l0Byw5Z7wLryaU6qzLkPCH_9qaZGxaykEYdJTCc';

const SECP256K1 = {
  kty: 'EC',
  crv: 'secp256k1',
  x: 'c4F3O35zmj-FdXxIO0GjIAXuqhCY8nrt57kLu-8jgtU',
  y: 'K0k3Z63C8HMOVEysmEjQ9PQeZQZo2KqMQvNUpFp2cnc',
  d: 'z9yupCEJNgJrqXQJS3bif9iLGGBHXrTG1z9Yxyj93c0',
};

export const ODD_KEYS = {
  /** x begins with a zero octet. */
  leadingZero: ecKey('leadingZero', 'ES256', {
    kty: 'EC',
    crv: 'P-256',
    x: 'ALEoBez5onaYKD4tORw6DmaJH2bEfCid4_D1e_GRi9s',
    y: '5fGrpbvfh3654ZG0QS-edketYTepEAPCUgQ_lUFJSx0',
    d: 'noDSXVzfAIlj3skE4FTnFLW3_JPrZI8ERPiWEgMPc_4',
  }),
  secp256k1: ecKey('secp256k1', 'ES256', SECP256K1),
  /** Shown as a key of another curve. */
  secp256k1AsP256: ecKey('secp256k1', 'ES256', SECP256K1, { crv: 'P-256' }),
  ed448: ecKey('ed448', 'EdDSA', {
    kty: 'OKP',
    crv: 'Ed448',
    x: 'cvlFPnrEn1q3o8y5GTBq6XThX-XIJzaE7U6XcKyw6ufODhjp4lq7_3vi6W1L2WSXNy8ORb987aMA',
    d: 'sc5Sp2CXeMjkH8U4ztRSXiDYW1PB72pICtBgUEd9wha6Bm9KkSzJ4si950XKRYUS98qS3yQQolqg',
  }),
  rsa4096: rsaKey(
    'rsa4096',
    'zQhjeEkxX553FoD71JAQU73gAdipRVVJEDa8M8r8Ak_oOO6EjAcngqcXP07hbKoVa4XvC-wAwfq9GtvlZCa66cEX4GOwzy7MNsjEYjAufpMZ8qQhoIOGpoxrAG85bCFacBWKT5X1I2EB755IgFCRF00aD0ZPDyPx-n_jzuyZrW17wAeK_8n_my1Cr6KbJcjXEEjQIrrte5nHiCpDDSp93Qo36Fqx4GRHmxyyPXNVAzDMHh34a8-iJvohVBqoKIVwZGRmOXRL6EJBVv1HeszjOSW_XpkYmBMr3CXcfcgHvPDCY3CCALDvlCUhOTY22YT0AzRyUTgN5XMO8NDkWIuC9w',
    '26ECz8b2K0TUcSBYjLilCum1c2LqJYlxNH9Ri2gsO_LWtYCcxNJe019c0otzyESQ4MXiW3bID3ANNDBs-oyzNkuTe6GnYahZJWRz0nHM1jl9roa6EK9mS_y5-BY5gZKadA9RSWo9VIMxMTQYuqETyIqjCdY-YPlfytIk9_hizNnSlHDxgdlW58-xwuMP64pk8uOHsRn6XqwD03i59jzZzZx0CinRA4MCxNprSq8GCH6iH_BO9odr4ZZBhH25Lv6hgMPKQMEpRT_Ei4s_g4yZuuwpXZfKJwSA43oZNTKjw3xRBmqbSIWoCgCUDkwVqReW8cpf4FV9adbu25GkVALbgw',
  ),
  /** One bit short of what RFC 7518 §3.3 asks for. */
  rsa2047: rsaKey(
    'rsa2047',
    '9pY5G3gGSO2YmhgsR1g7ownK6w1-9DsCcv4G4vBuA8GuTGECHEOk0_lk3a6QNdd09dKg8Tn7MkwSuAJEVFDTFu-54gi_LULfbX8HOquXVKlT584pA54C9lQf_tt6ojI4wAtZuoek7XliCLMEWZUL6EBABsoZgUJux5HSzeX97ls',
    'ZVpx2RhA0oHFgyPe01xCasEh8Wx46r9yLCUp-B3mpXe5nVGBMpSkGZuBlKuKeHEWBWfLLVbD02W2YXBi3oWtSCnsv6rXYO2O7XJRfrcWOexMWl8GYp2sxLeLDolfNt2IihpmjGQ3iwPuD7tEhZqorJkKUoYgqFp7sDg7MgFt2BM',
  ),
  rsa1024: rsaKey(
    'rsa1024',
    '_V_P73xuleZqR5Bo9WpZB8s_8dJooXQNTQADtmtPI7wGgt3R-5kdfXcFYdA2fpmwLxR70sH1Ct3DW2aPEM4gCw',
    'z_cgUOy0Lhh_s0zLhwCh9bDIUo5WekesTdi0UizQ3Xfxz32t8uI37RVsc9SeIub1Yn6I8mIDt6wKKdK-cDX9YQ',
  ),
  rsaExponent3: rsaKey(
    'rsaExponent3',
    '2I8oWsl_-_-ugRU9XT7K7vorwVSC7Bas2yz3jcSNQoy74nFQjeVefex6sS62h8IMxkN9EQoRv-hnCT_MAZi4fNVRhOSS2RjQrdAs168fi90D5bP4O6KYvKj4QW4KXD8Sk9qUXyyENnzsQo7Md7ETuv1eC_cjjdzgUKmtI3N5jo0',
    'yKcIESJr1JGIl3xOBrICjf_NgYcinP-JOdLpM0n8WJH45s-0H0qSlatR3PEErG-xW7xVXTm-VH7uvOAr9bwb-wPqFaSgw4EnRJEcl6Ncm10qY7BusJ9YwR8FwA-PC03HuqQ9sq20RoDYvFYf455UArL6TDzSkZXN3EUeuRlW3AU',
    3n,
  ),
  /** Primes so close together that anyone can factor the modulus; nobody can see that cheaply. */
  rsaClosePrimes: rsaKey(
    'rsaClosePrimes',
    CLOSE_PRIME,
    minimal(toBigInt(Buffer.from(CLOSE_PRIME, 'base64url')) + 2208n),
  ),
} as const satisfies Readonly<Record<string, TestKey>>;

/** A key as it stands in a header when nobody has its private half. */
export function publicOnly(publicJwk: Readonly<Record<string, string>>, alg: string): TestKey {
  return { ...KEYS.alice, kid: 'public only', alg, publicJwk };
}
