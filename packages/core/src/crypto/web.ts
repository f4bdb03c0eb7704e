import { webCryptoParameters } from '../jose/webcrypto-parameters.ts';
import type { RuntimeCrypto } from './runtime-crypto.ts';
import { signatureBytesOf } from './signature-bytes.ts';
import { generateKeyPair } from './web-key-pair.ts';
import { writeBase64url } from './write-base64url.ts';

const encoder = new TextEncoder();
const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** WebCrypto, for every runtime but Node. */
export const runtime: RuntimeCrypto = {
  utf8,
  base64url: writeBase64url,

  async sha256(text) {
    return writeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))));
  },

  async importVerifyKey(jwk, algorithm) {
    const parameters = webCryptoParameters(algorithm);
    let key: CryptoKey;
    try {
      key = await crypto.subtle.importKey('jwk', { ...jwk }, parameters.key, false, ['verify']);
    } catch {
      return undefined;
    }
    return {
      algorithm,
      signatureBytes: signatureBytesOf(jwk, algorithm),
      // Deno imports an RSA key of 8192 bits, and fails only when it is to work with it. Nothing that a client
      // sends may end in an exception.
      verify: (signature, signingInput) =>
        crypto.subtle.verify(parameters.signature, key, signature, signingInput).catch(() => false),
    };
  },

  async generateSignKey(algorithm) {
    return runtime.importSignKey(await generateKeyPair(algorithm, false), algorithm);
  },

  async importSignKey({ publicKey, privateKey }, algorithm) {
    const { signature } = webCryptoParameters(algorithm);
    return {
      publicJwk: { ...(await crypto.subtle.exportKey('jwk', publicKey)) },
      async sign(signingInput) {
        // Copied, because WebCrypto does not take shared memory.
        const input = new Uint8Array(signingInput);
        return new Uint8Array(await crypto.subtle.sign(signature, privateKey, input));
      },
    };
  },
};
