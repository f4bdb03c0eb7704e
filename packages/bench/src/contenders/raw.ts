import { constants, type KeyObject, sign, verify } from 'node:crypto';
import type { PresentedRequest } from '../requests.ts';
import type { SigningCase } from '../signing-case.ts';
import type { Algorithm, Suite } from '../suite.ts';
import type { Contender } from '../table.ts';

/** How OpenSSL is asked for an algorithm in the form that costs it least. */
interface RawAlgorithm {
  readonly hash: string | null;
  /** The bare key object where that is possible: options beside it are read at every call. */
  input(key: KeyObject): KeyObject | { key: KeyObject; padding: number; saltLength: number };
  /** The signature of a JWS in the form OpenSSL works with. */
  signature(raw: Buffer): Buffer;
}

const RAW: Readonly<Record<Algorithm, RawAlgorithm>> = {
  ES256: { hash: 'sha256', input: (key) => key, signature: derSignature },
  EdDSA: { hash: null, input: (key) => key, signature: (raw) => raw },
  RS256: { hash: 'sha256', input: (key) => key, signature: (raw) => raw },
  PS256: {
    hash: 'sha256',
    input: (key) => ({ key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
    signature: (raw) => raw,
  },
};

/** Everything a call of `crypto.verify` takes, decoded beforehand. */
interface RawCheck {
  readonly hash: string | null;
  readonly data: Buffer;
  readonly key: ReturnType<RawAlgorithm['input']>;
  readonly signature: Buffer;
}

/**
 * The limit of verifying: one signature by a key that is ready, with nothing parsed, decoded or
 * compared.
 */
export function createRawVerify(
  { algorithm }: Suite,
  which: 'proof' | 'token',
): Contender<PresentedRequest> {
  return {
    name: `limit: one crypto.verify of the ${which}`,
    isBare: true,
    prepare(request) {
      const { hash, data, key, signature } = rawCheck(RAW[algorithm], request, which);
      return () => {
        if (!verify(hash, data, key, signature)) throw new Error('signature does not verify');
      };
    },
  };
}

/** The same signature of the proof checked on the thread pool. */
export function createPoolVerify({ algorithm }: Suite): Contender<PresentedRequest> {
  return {
    name: 'limit on the thread pool',
    isBare: true,
    prepare(request) {
      const { hash, data, key, signature } = rawCheck(RAW[algorithm], request, 'proof');
      return () =>
        new Promise<void>((resolve, reject) => {
          verify(hash, data, key, signature, (error, isGood) => {
            if (error === null && isGood) resolve();
            else reject(error ?? new Error('signature does not verify'));
          });
        });
    },
  };
}

function rawCheck(
  raw: RawAlgorithm,
  request: PresentedRequest,
  which: 'proof' | 'token',
): RawCheck {
  const jws = request[which];
  const signer = request.signers[which];
  if (jws === undefined || signer === undefined) throw new Error(`the request has no ${which}`);
  const end = jws.lastIndexOf('.');
  return {
    hash: raw.hash,
    data: Buffer.from(jws.slice(0, end)),
    key: raw.input(signer),
    signature: raw.signature(Buffer.from(jws.slice(end + 1), 'base64url')),
  };
}

/** The limit of signing: one signature over octets that are there already, ECDSA's left in DER. */
export function createRawSign({ algorithm, client }: Suite): Contender<SigningCase> {
  const { hash, input } = RAW[algorithm];
  const key = input(client.privateKey);
  return {
    name: 'limit: one crypto.sign',
    isBare: true,
    prepare:
      ({ data }) =>
      () =>
        sign(hash, data, key),
  };
}

/** Whether the limit of signing did sign. */
export function isRawSignature({ algorithm, client }: Suite, data: Buffer, made: Buffer): boolean {
  const { hash, input } = RAW[algorithm];
  return verify(hash, data, input(client.publicKey), made);
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
