import { createPublicKey, type JsonWebKey, randomBytes, verify } from 'node:crypto';
import { decodeJws, KEYS, sha256 } from '@keybound/test-kit';
import { METHOD, tamper, URI } from './requests.ts';
import type { Contender } from './table.ts';

/** What one proof is made of. */
export interface SigningCase {
  readonly accessToken: string;
  /** As long as the signing input of a proof; what the limit signs. */
  readonly data: Buffer;
}

const SIGNING_INPUT_BYTES = 480;

/** Cases with one access token, as a client has it, and octets of their own. */
export function createSigningCases(accessToken: string, count: number): readonly SigningCase[] {
  return Array.from({ length: count }, () => ({
    accessToken,
    data: randomBytes(SIGNING_INPUT_BYTES),
  }));
}

/**
 * Shows that a contender makes signatures that verify, and not once they are tampered with, and that
 * the proofs say what they must.
 *
 * @throws Error that names the contender and the fault.
 */
export async function proveSigning(
  contender: Contender<SigningCase>,
  one: SigningCase,
): Promise<void> {
  const operation = contender.prepare(one);
  const made = await operation();
  const fault = Buffer.isBuffer(made)
    ? signatureFault(made, one)
    : proofFault(String(made), String(await operation()), one);
  if (fault !== undefined) throw new Error(`${contender.name} ${fault}`);
}

function signatureFault(signature: Buffer, { data }: SigningCase): string | undefined {
  const { publicKey } = KEYS.alice;
  if (!verify('sha256', data, publicKey, signature)) return 'made a signature that does not verify';
  const other = Buffer.from(data);
  other.writeUInt8(other.readUInt8(0) ^ 1, 0);
  return verify('sha256', other, publicKey, signature) ? 'signs anything' : undefined;
}

function proofFault(proof: string, next: string, { accessToken }: SigningCase): string | undefined {
  if (!verifiesWithOwnKey(proof)) return 'made a proof that does not verify';
  if (verifiesWithOwnKey(tamper(proof))) return 'made a proof that verifies whatever it says';
  const { header, payload } = decodeJws(proof);
  if (header.typ !== 'dpop+jwt' || header.alg !== 'ES256') return 'made a proof of another type';
  if (payload.htm !== METHOD || payload.htu !== URI) return 'made a proof for another request';
  if (payload.ath !== sha256(accessToken)) return 'made a proof for another token';
  return payload.jti === decodeJws(next).payload.jti ? 'made two proofs with one jti' : undefined;
}

function verifiesWithOwnKey(proof: string): boolean {
  const { jwk } = decodeJws(proof).header;
  const key = createPublicKey({ format: 'jwk', key: jwk as JsonWebKey });
  const end = proof.lastIndexOf('.');
  return verify(
    'sha256',
    Buffer.from(proof.slice(0, end)),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(proof.slice(end + 1), 'base64url'),
  );
}
