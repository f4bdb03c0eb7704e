import { constants, createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import type { JsonObject } from './format.ts';

/** A DPoP proof in its parts, not yet verified. */
export interface DecodedProof {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  /** What is signed. */
  readonly input: string;
  readonly signature: Buffer;
}

/** Decodes a proof; undefined when the text is no compact JWS with two JSON objects. */
export function decodeProof(text: string): DecodedProof | undefined {
  const parts = text.split('.');
  const [first, second, third] = parts;
  if (first === undefined || second === undefined || third === undefined || parts.length !== 3) {
    return undefined;
  }
  const header = jsonObject(first);
  const payload = jsonObject(second);
  const signature = bytes(third);
  if (header === undefined || payload === undefined || signature === undefined) return undefined;
  return { header, payload, input: `${first}.${second}`, signature };
}

/** The `ath` of an access token (RFC 9449 §4.2). */
export function athOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Whether the key that is embedded in a proof has made its signature. */
export function isSigned({ header, input, signature }: DecodedProof): boolean {
  const { alg, jwk } = header;
  const scheme = typeof alg === 'string' ? SCHEMES.get(alg) : undefined;
  if (scheme === undefined || typeof jwk !== 'object' || jwk === null) return false;
  const { hash, kty, crv, ...options } = scheme;
  const { kty: ownType, crv: ownCurve } = jwk as JsonObject;
  if (ownType !== kty || (crv !== undefined && ownCurve !== crv)) return false;
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    return verify(hash, Buffer.from(input), { key, ...options }, signature);
  } catch {
    return false;
  }
}

interface Scheme {
  readonly hash: string | null;
  readonly kty: 'EC' | 'RSA' | 'OKP';
  readonly crv?: string;
  readonly dsaEncoding?: 'ieee-p1363';
  readonly padding?: number;
  readonly saltLength?: number;
}

const SCHEMES: ReadonlyMap<string, Scheme> = new Map<string, Scheme>([
  ['ES256', ecdsa('sha256', 'P-256')],
  ['ES384', ecdsa('sha384', 'P-384')],
  ['ES512', ecdsa('sha512', 'P-521')],
  ['PS256', pss('sha256', 32)],
  ['PS384', pss('sha384', 48)],
  ['PS512', pss('sha512', 64)],
  ['RS256', { hash: 'sha256', kty: 'RSA' }],
  ['RS384', { hash: 'sha384', kty: 'RSA' }],
  ['RS512', { hash: 'sha512', kty: 'RSA' }],
  ['EdDSA', { hash: null, kty: 'OKP', crv: 'Ed25519' }],
  ['Ed25519', { hash: null, kty: 'OKP', crv: 'Ed25519' }],
]);

function ecdsa(hash: string, crv: string): Scheme {
  return { hash, kty: 'EC', crv, dsaEncoding: 'ieee-p1363' };
}

function pss(hash: string, saltLength: number): Scheme {
  return { hash, kty: 'RSA', padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
}

function jsonObject(part: string): JsonObject | undefined {
  const text = bytes(part);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

/** Strict base64url: the text is the one spelling of its bytes. */
function bytes(part: string): Buffer | undefined {
  const decoded = Buffer.from(part, 'base64url');
  return decoded.toString('base64url') === part ? decoded : undefined;
}
