import { TIMEOUT_MS } from '../comparison/wire.ts';

/** What the malicious API answers. */
export interface MaliciousAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What the malicious API does with a request: to get the best proof it can, it asks its victim's API for
 * a nonce and demands that very nonce of the client.
 */
export async function answerMaliciously(
  target: string,
  proof: string | undefined,
): Promise<MaliciousAnswer> {
  const response = await fetch(target, {
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.body?.cancel();
  const nonce = response.headers.get('dpop-nonce');
  if (nonce === null || nonceOf(proof) === nonce) return { status: 200, headers: {} };
  return {
    status: 401,
    headers: { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': nonce },
  };
}

function nonceOf(proof: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(proof?.split('.')[1] ?? '', 'base64url').toString()).nonce;
  } catch {
    return undefined; // no proof, or none that can be read
  }
}
