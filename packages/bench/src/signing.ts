import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { decodeJws, sha256 } from '@keybound/test-kit';
import { createRawVerify, isRawSignature } from './contenders/raw.ts';
import { METHOD, tamper, URI } from './requests.ts';
import type { SigningCase } from './signing-case.ts';
import type { Suite } from './suite.ts';
import type { Contender } from './table.ts';

/**
 * Shows that a contender makes signatures that verify, and not once they are tampered with, and that
 * the proofs say what they must.
 *
 * @throws Error that names the contender and the fault.
 */
export async function proveSigning(
  suite: Suite,
  contender: Contender<SigningCase>,
  one: SigningCase,
): Promise<void> {
  const operation = await contender.prepare(one);
  const made = await operation();
  const fault = Buffer.isBuffer(made)
    ? signatureFault(suite, made, one)
    : await proofFault(suite, String(made), String(await operation()), one);
  if (fault !== undefined) throw new Error(`${contender.name} ${fault}`);
}

function signatureFault(suite: Suite, made: Buffer, { data }: SigningCase): string | undefined {
  if (!isRawSignature(suite, data, made)) return 'made a signature that does not verify';
  const other = Buffer.from(data);
  other.writeUInt8(other.readUInt8(0) ^ 1, 0);
  return isRawSignature(suite, other, made) ? 'signs anything' : undefined;
}

async function proofFault(
  suite: Suite,
  proof: string,
  next: string,
  { accessToken }: SigningCase,
): Promise<string | undefined> {
  if (!(await verifiesWithOwnKey(suite, proof))) return 'made a proof that does not verify';
  if (await verifiesWithOwnKey(suite, tamper(proof))) {
    return 'made a proof that verifies whatever it says';
  }
  const { header, payload } = decodeJws(proof);
  // RFC 9864 gave EdDSA with this curve a name of its own.
  const alg = header.alg === 'Ed25519' ? 'EdDSA' : header.alg;
  if (header.typ !== 'dpop+jwt' || alg !== suite.algorithm) return 'made a proof of another type';
  if (payload.htm !== METHOD || payload.htu !== URI) return 'made a proof for another request';
  if (payload.ath !== sha256(accessToken)) return 'made a proof for another token';
  return payload.jti === decodeJws(next).payload.jti ? 'made two proofs with one jti' : undefined;
}

async function verifiesWithOwnKey(suite: Suite, proof: string): Promise<boolean> {
  const { jwk } = decodeJws(proof).header;
  const key = createPublicKey({ format: 'jwk', key: jwk as JsonWebKey });
  const verify = await createRawVerify(suite, 'proof').prepare({
    scheme: 'DPoP',
    token: '',
    proof,
    signers: { token: key, proof: key },
  });
  try {
    verify();
    return true;
  } catch {
    return false;
  }
}
