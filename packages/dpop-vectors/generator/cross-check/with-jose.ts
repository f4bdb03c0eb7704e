import { compactVerify, importJWK, type JWK } from 'jose';

/** Whether jose, which asks OpenSSL, finds the signature good. */
export async function verifyWithJose(
  jws: string,
  { use: _, key_ops: __, ...jwk }: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const { alg } = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString());
  try {
    await compactVerify(jws, await importJWK({ ...jwk, alg } as JWK, alg));
    return true;
  } catch {
    return false;
  }
}
