import type { SignatureAlgorithm } from '../jose/algorithms.ts';
import type { PublicJwk } from '../jose/jwk-types.ts';

/** A value, or a promise of one, as the runtime has it; `await` takes both. */
export type Awaitable<Value> = Value | Promise<Value>;

/**
 * Whether a value is yet to come. On the way of every request what is there already is not awaited: that
 * would take as long as hashing it.
 */
export function isPromised<Value>(value: Awaitable<Value>): value is Promise<Value> {
  // By its shape: a promise of another realm, or of a library, is no instance of this Promise.
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { readonly then?: unknown }).then === 'function'
  );
}

/**
 * Where Node checks signatures. `'main'`: on the thread that asks, at once. `'pool'`: on the threads of
 * libuv, so that the event loop goes on and several cores work. `'adaptive'`: the first check of a turn
 * of the event loop at once, further ones of that turn on the pool. Other runtimes decide for themselves.
 */
export type SignatureThread = 'adaptive' | 'main' | 'pool';

/** A public key that is ready to verify signatures of one algorithm. */
export interface VerifyKey {
  /** The one algorithm the key verifies signatures of. */
  readonly algorithm: SignatureAlgorithm;
  /** Octets of every signature: fixed for curves, as many as the modulus has for RSA (RFC 8017 §8). */
  readonly signatureBytes: number;
  /**
   * Whether a signature that has the right form is one over some octets. Looks at nothing else:
   * {@link verifySignature} checks the form first.
   */
  verify(
    signature: Uint8Array<ArrayBuffer>,
    signingInput: Uint8Array<ArrayBuffer>,
    thread: SignatureThread,
  ): Awaitable<boolean>;
}

/** A private key that is ready to sign, and its public half. */
export interface SignKey {
  /** The public half as the runtime exports it, with members beside those of RFC 7638. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
  /** The signature in the form of RFC 7518 §3 and RFC 8037: for ECDSA the fixed-length R‖S. */
  sign(signingInput: Uint8Array): Awaitable<Uint8Array>;
}

/**
 * What this toolkit asks of the cryptography of a runtime. `#crypto` in the package's `imports` picks
 * the module that answers: `node/runtime.ts` under Node, `web.ts` everywhere else.
 */
export interface RuntimeCrypto {
  /** The UTF-8 octets of a text. */
  utf8(text: string): Uint8Array<ArrayBuffer>;
  /** The canonical base64url text of some octets. */
  base64url(octets: Uint8Array): string;
  /** The SHA-256 hash of a text's UTF-8 octets in base64url. */
  sha256(text: string): Awaitable<string>;
  /** Undefined when the runtime refuses the key. */
  importVerifyKey(jwk: PublicJwk, algorithm: SignatureAlgorithm): Awaitable<VerifyKey | undefined>;
  /** A new key pair whose private half stays inside. */
  generateSignKey(algorithm: SignatureAlgorithm): Promise<SignKey>;
  /** Rejects with whatever the runtime says when it cannot use the pair for the algorithm. */
  importSignKey(keyPair: CryptoKeyPair, algorithm: SignatureAlgorithm): Promise<SignKey>;
}

/** The RSA keys we make: what every server accepts (RFC 7518 §3.3), with the exponent that every key has. */
export const RSA_KEY: {
  readonly modulusLength: number;
  readonly publicExponent: Uint8Array<ArrayBuffer>;
} = { modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
