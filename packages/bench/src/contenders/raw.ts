import { sign, verify } from 'node:crypto';
import { KEYS } from '@keybound/test-kit';
import type { PresentedRequest } from '../requests.ts';
import type { SigningCase } from '../signing.ts';
import type { Contender } from '../table.ts';

/**
 * The limit of verifying: one ES256 signature by a key that is ready, in the fastest form OpenSSL
 * takes (DER signature, bare key object), with nothing parsed, decoded or compared.
 */
export function createRawVerify(which: 'proof' | 'token'): Contender<PresentedRequest> {
  const key = which === 'proof' ? KEYS.alice.publicKey : KEYS.issuer.publicKey;
  return {
    name: 'limit: one crypto.verify',
    prepare(request) {
      const jws = request[which] ?? '';
      const end = jws.lastIndexOf('.');
      const data = Buffer.from(jws.slice(0, end));
      const signature = derSignature(Buffer.from(jws.slice(end + 1), 'base64url'));
      return () => {
        if (!verify('sha256', data, key, signature)) throw new Error('signature does not verify');
      };
    },
  };
}

/** The limit of signing: one ES256 signature over octets that are there already, left in DER. */
export function createRawSign(): Contender<SigningCase> {
  const { privateKey } = KEYS.alice;
  return {
    name: 'limit: one crypto.sign',
    prepare:
      ({ data }) =>
      () =>
        sign('sha256', data, privateKey),
  };
}

/** R‖S of RFC 7518 §3.4 as the DER sequence OpenSSL works with. */
function derSignature(raw: Buffer): Buffer {
  const half = raw.length / 2;
  const body = Buffer.concat([derInteger(raw.subarray(0, half)), derInteger(raw.subarray(half))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function derInteger(octets: Buffer): Buffer {
  const first = octets.findIndex((octet) => octet !== 0);
  const shortest = octets.subarray(first < 0 ? octets.length - 1 : first);
  const isNegative = ((shortest[0] ?? 0) & 0x80) !== 0;
  const padding = Buffer.from(isNegative ? [0] : []);
  return Buffer.concat([Buffer.from([0x02, padding.length + shortest.length]), padding, shortest]);
}
