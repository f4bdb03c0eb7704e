import {
  decodeBase64url,
  encodeUtf8,
  importVerifyKey,
  type PublicJwk,
  type SignatureAlgorithm,
  verifySignature,
} from '@keybound/core';
import { decodeJws, KEYS } from '@keybound/test-kit';
import { createSignerFromKeyPair, type Signer } from '../../src/index.ts';
import type { Received, TestServer } from './server.ts';

export type ProofParts = ReturnType<typeof decodeJws>;

/** The parts of a proof whose signature the embedded key verifies. */
export async function verifiedProof(proof: string): Promise<ProofParts> {
  const parts = decodeJws(proof);
  const algorithm = parts.header.alg as SignatureAlgorithm;
  const key = await importVerifyKey(parts.header.jwk as PublicJwk, algorithm);
  const end = proof.lastIndexOf('.');
  const signature = decodeBase64url(proof.slice(end + 1));
  const input = encodeUtf8(proof.slice(0, end));
  if (!key || !signature || !(await verifySignature(key, signature, input))) {
    throw new Error('the signature of the proof is not valid');
  }
  return parts;
}

/** The claims of the one proof of a request. */
export function claimsOf(request: Received | undefined): Record<string, unknown> {
  const [proof, ...others] = request?.fields('dpop') ?? [];
  if (proof === undefined || others.length > 0) throw new Error('not exactly one DPoP field');
  return decodeJws(proof).payload;
}

/** One claim of the proofs a server got, in order. */
export function claimOfEach(server: TestServer, claim: string): readonly unknown[] {
  return server.received.map((request) => claimsOf(request)[claim]);
}

/** Alice's key pair in WebCrypto. */
export async function aliceKeyPair(extractable = false): Promise<CryptoKeyPair> {
  const { publicJwk, privateJwk } = KEYS.alice;
  const parameters = { name: 'ECDSA', namedCurve: 'P-256' };
  return {
    publicKey: await crypto.subtle.importKey('jwk', publicJwk, parameters, true, ['verify']),
    privateKey: await crypto.subtle.importKey('jwk', privateJwk, parameters, extractable, ['sign']),
  };
}

export const alice: Signer = await createSignerFromKeyPair(await aliceKeyPair(), 'ES256');
