import {
  constants,
  createPublicKey,
  generateKeyPair,
  hash,
  KeyObject,
  type KeyPairKeyObjectResult,
  sign,
  verify,
} from 'node:crypto';
import { promisify } from 'node:util';
import { ALGORITHMS, type SignatureAlgorithm } from '../../jose/algorithms.ts';
import { RSA_KEY, type RuntimeCrypto, type SignKey } from '../runtime-crypto.ts';
import { signatureBytesOf } from '../signature-bytes.ts';
import { runtime as web } from '../web.ts';
import { derOfSignature, signatureOfDer } from './ecdsa-der.ts';
import { observed, runsOnMain } from './threads.ts';

type NodeKey = KeyObject | { key: KeyObject; padding: number; saltLength: number };

/** What `node:crypto` takes for signatures of one algorithm with one key. */
interface Prepared {
  readonly digest: string | null;
  /** Bare where that will do: options cost a third of a signature more. */
  readonly key: NodeKey;
  readonly isDer: boolean;
}

/** `node:crypto`: a signature check or a hash that is due at once is made at once. */
export const runtime: RuntimeCrypto = {
  utf8: (text) => Buffer.from(text),
  base64url: ({ buffer, byteOffset, length }) =>
    Buffer.from(buffer as ArrayBuffer, byteOffset, length).toString('base64url'),
  sha256: (text) => hash('sha256', text, 'base64url'),

  importVerifyKey(jwk, algorithm) {
    let key: KeyObject;
    try {
      key = createPublicKey({ format: 'jwk', key: { ...jwk } });
    } catch {
      return undefined;
    }
    const prepared = prepare(key, algorithm);
    return {
      algorithm,
      signatureBytes: signatureBytesOf(jwk, algorithm),
      verify(raw, signingInput, thread) {
        const signature = prepared.isDer ? derOfSignature(raw) : raw;
        if (runsOnMain(thread)) {
          return verify(prepared.digest, signingInput, prepared.key, signature);
        }
        const check = verifyOnPool(prepared, signingInput, signature);
        return thread === 'adaptive' ? observed(check) : check;
      },
    };
  },

  async generateSignKey(algorithm) {
    const { publicKey, privateKey } = await newKeyPair(algorithm);
    return createSignKey(publicKey, privateKey, algorithm);
  },

  // A key that may not be taken out of WebCrypto signs there, more slowly.
  async importSignKey(keyPair, algorithm) {
    const { publicKey, privateKey } = keyPair;
    if (!privateKey.extractable) return web.importSignKey(keyPair, algorithm);
    return createSignKey(KeyObject.from(publicKey), KeyObject.from(privateKey), algorithm);
  },
};

function prepare(key: KeyObject, algorithm: SignatureAlgorithm): Prepared {
  const entry = ALGORITHMS[algorithm];
  switch (entry.kty) {
    case 'EC':
      return { digest: digestName(entry.hash), key, isDer: true };
    case 'OKP':
      return { digest: null, key, isDer: false };
    case 'RSA':
      return {
        digest: digestName(entry.hash),
        key: withPadding(key, entry.saltBytes),
        isDer: false,
      };
  }
}

/** The name that all versions of OpenSSL know. */
function digestName(hash: string): string {
  return hash.replace('-', '').toLowerCase();
}

/** PKCS #1 v1.5 is what a bare key stands for. */
function withPadding(key: KeyObject, saltLength: number | undefined): NodeKey {
  if (saltLength === undefined) return key;
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
}

function verifyOnPool(
  { digest, key }: Prepared,
  data: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(digest, data, key, signature, (error, isValid) => {
      if (error) reject(error);
      else resolve(isValid);
    });
  });
}

function createSignKey(
  publicKey: KeyObject,
  privateKey: KeyObject,
  algorithm: SignatureAlgorithm,
): SignKey {
  const { digest, key, isDer } = prepare(privateKey, algorithm);
  const entry = ALGORITHMS[algorithm];
  const signatureBytes = entry.kty === 'RSA' ? 0 : entry.signatureBytes;
  return {
    publicJwk: { ...publicKey.export({ format: 'jwk' }) },
    sign(signingInput) {
      const signature = sign(digest, signingInput, key);
      return isDer ? signatureOfDer(signature, signatureBytes) : signature;
    },
  };
}

const generate = promisify(generateKeyPair);

function newKeyPair(algorithm: SignatureAlgorithm): Promise<KeyPairKeyObjectResult> {
  const entry = ALGORITHMS[algorithm];
  switch (entry.kty) {
    case 'EC':
      return generate('ec', { namedCurve: entry.crv });
    case 'OKP':
      return generate('ed25519', {});
    case 'RSA':
      return generate('rsa', { modulusLength: RSA_KEY.modulusLength });
  }
}
