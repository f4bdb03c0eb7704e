import { createHash, type KeyObject, sign } from 'node:crypto';

/** A JSON value to be serialised, or the exact text to put in its place. */
export type JsonOrText = Readonly<Record<string, unknown>> | string;

/** What to sign and how; every part can be made wrong on purpose. */
export interface JwsParts {
  readonly header: JsonOrText;
  readonly payload: JsonOrText;
  readonly alg: string;
  readonly key: KeyObject;
}

const HASH: Readonly<Record<string, string>> = { 256: 'sha256', 384: 'sha384', 512: 'sha512' };

/** A compact JWS made with OpenSSL alone, independent of the code under test. */
export function signJws({ header, payload, alg, key }: JwsParts): string {
  const input = `${toBase64url(header)}.${toBase64url(payload)}`;
  return `${input}.${rawSignature(alg, key, input).toString('base64url')}`;
}

/** The signature octets of an algorithm over a text, in the JWS form of RFC 7518. */
export function rawSignature(alg: string, key: KeyObject, input: string): Buffer {
  const data = Buffer.from(input);
  const hash = HASH[alg.slice(2)] ?? null;
  if (alg.startsWith('ES')) return sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });
  if (alg.startsWith('PS')) return sign(hash, data, { key, padding: 6, saltLength: -1 });
  if (alg.startsWith('RS')) return sign(hash, data, key);
  return sign(null, data, key);
}

/** The base64url text of a JSON value, of a text, or of bytes. */
export function toBase64url(value: JsonOrText | Uint8Array): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64url');
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString(
    'base64url',
  );
}

/** `ath` of a token, and any other SHA-256 in base64url. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** The RFC 7638 thumbprint of a public JWK, written out once more. */
export function thumbprint(jwk: Readonly<Record<string, string>>): string {
  const members = {
    EC: ['crv', 'kty', 'x', 'y'],
    RSA: ['e', 'kty', 'n'],
    OKP: ['crv', 'kty', 'x'],
  };
  const required = members[jwk.kty as keyof typeof members];
  return sha256(JSON.stringify(Object.fromEntries(required.map((name) => [name, jwk[name]]))));
}

/** The parts of a compact JWS, decoded and not verified. */
export function decodeJws(jws: string): {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
} {
  const [header = '', payload = ''] = jws.split('.');
  return {
    header: JSON.parse(Buffer.from(header, 'base64url').toString()),
    payload: JSON.parse(Buffer.from(payload, 'base64url').toString()),
  };
}
