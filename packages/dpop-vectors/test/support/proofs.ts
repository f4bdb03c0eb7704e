import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { FieldLine, JsonObject } from '../../src/format.ts';
import type { EmittedRequest } from '../../src/questions.ts';
import { CLOCK } from './vectors.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

export const PUBLIC_JWK: JsonObject = { ...publicKey.export({ format: 'jwk' }) };
export const URL_SENT = 'https://rs.example/r?x=1#top';
export const TOKEN = 'token';

interface Changes {
  readonly header?: JsonObject;
  readonly payload?: JsonObject;
  readonly key?: KeyObject;
}

/** A proof for the request below, with what is changed; it is signed after the changes. */
export function proofWith({ header, payload, key = privateKey }: Changes = {}): string {
  const parts = [
    { typ: 'dpop+jwt', alg: 'ES256', jwk: PUBLIC_JWK, ...header },
    {
      jti: 'jti-1',
      htm: 'GET',
      htu: 'https://rs.example/r',
      iat: CLOCK,
      ath: createHash('sha256').update(TOKEN).digest('base64url'),
      ...payload,
    },
  ];
  const input = parts
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const { alg } = parts[0] as { readonly alg: string };
  return `${input}.${signatureOf(input, alg, key).toString('base64url')}`;
}

/** A request that a client sends, with a good proof unless another is given. */
export function emitted(
  proof: string = proofWith(),
  changes: Partial<EmittedRequest> = {},
): EmittedRequest {
  const fields: readonly FieldLine[] = [
    ['Authorization', `DPoP ${TOKEN}`],
    ['DPoP', proof],
  ];
  return { method: 'GET', url: URL_SENT, fields, ...changes };
}

function signatureOf(input: string, alg: string, key: KeyObject): Buffer {
  const data = Buffer.from(input);
  if (alg === 'EdDSA' || alg === 'Ed25519') return sign(null, data, key);
  const hash = `sha${alg.slice(2)}`;
  if (alg.startsWith('ES')) return sign(hash, data, { key, dsaEncoding: 'ieee-p1363' });
  const padding = alg.startsWith('PS') ? { padding: 6, saltLength: Number(alg.slice(2)) / 8 } : {};
  return sign(hash, data, { key, ...padding });
}
