import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto';
import type { Algorithm } from './algorithms.ts';
import type { Jws } from './jws.ts';
import type { PublicKey } from './public-key.ts';
import type { Switches } from './switches.ts';

/** Whether the JWS was signed by the key. */
export function isSignedBy(
  key: PublicKey,
  algorithm: Algorithm,
  { signingInput, signature }: Jws,
): boolean {
  return key.verify(algorithm, signingInput, signature);
}

/**
 * Whether a switch lets a JWS without a key of its own pass: unsigned, or with a MAC by a key that everybody
 * knows.
 */
export function passesWithoutKey(
  { header, ...jws }: Jws,
  keys: readonly unknown[],
  switches: Switches,
): boolean {
  const { alg } = header;
  if (alg === 'none') return switches.has('alg-none-accepted');
  if (typeof alg !== 'string') return false;
  if (alg.toLowerCase() === 'none') return switches.has('alg-none-told-by-one-spelling');
  if (alg !== 'HS256' || !switches.has('alg-hs256-accepted')) return false;
  return keys.flatMap(publicTexts).some((secret) => {
    const mac = createHmac('sha256', secret).update(jws.signingInput).digest();
    return mac.equals(jws.signature);
  });
}

/** How libraries have a public key in their hands when they take it for a secret. */
function publicTexts(jwk: unknown): readonly (string | Buffer)[] {
  try {
    const { kty, crv, x, y, n, e } = jwk as JsonWebKey;
    const members = Object.entries({ kty, crv, x, y, n, e }).filter(([, one]) => one !== undefined);
    const key = createPublicKey({ key: Object.fromEntries(members), format: 'jwk' });
    const pem = key.export({ type: 'spki', format: 'pem' }).toString();
    return [pem, pem.trim(), key.export({ type: 'spki', format: 'der' }), JSON.stringify(jwk)];
  } catch {
    return [];
  }
}
