import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { keySet, type TestKey } from '@keybound/test-kit';

/** The algorithms that are measured, by the names tokens and proofs give them. */
export const ALGORITHMS = ['ES256', 'EdDSA', 'RS256', 'PS256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** Everybody's keys when tokens and proofs are signed with one algorithm. */
export interface Suite {
  readonly algorithm: Algorithm;
  readonly issuer: TestKey;
  readonly client: TestKey;
  /** Somebody whose proofs are not worth anything here. */
  readonly stranger: TestKey;
  /** What the issuer publishes. */
  readonly jwks: ReturnType<typeof keySet>;
  /** Where it does, for the peer that fetches it by itself. */
  readonly jwksUri: string;
}

const GENERATE: Readonly<Record<Algorithm, () => { publicKey: KeyObject; privateKey: KeyObject }>> =
  {
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: () => generateKeyPairSync('ed25519'),
    RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  };

/** New keys for an algorithm. */
export function createSuite(algorithm: Algorithm, jwksOrigin: string): Suite {
  const issuer = createKey(algorithm, 'issuer');
  return {
    algorithm,
    issuer,
    client: createKey(algorithm, 'client'),
    stranger: createKey(algorithm, 'stranger'),
    jwks: keySet(issuer),
    jwksUri: `${jwksOrigin}${jwksPath(algorithm)}`,
  };
}

/** The path under which the key set of a suite is served. */
export function jwksPath(algorithm: Algorithm): string {
  return `/${algorithm}/jwks`;
}

/** A key pair nobody has seen. */
export function createKey(alg: Algorithm, kid: string): TestKey {
  const { publicKey, privateKey } = GENERATE[alg]();
  const publicJwk = publicKey.export({ format: 'jwk' }) as Record<string, string>;
  // Minting takes the key object, so the private JWK would only cost time.
  return { kid, alg, publicKey, privateKey, publicJwk, privateJwk: {} };
}
