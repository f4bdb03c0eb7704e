import type { Awaitable, PublicJwk, SignatureAlgorithm } from '@keybound/core';

/**
 * Whoever holds the private key of a client. {@link createSigner} makes one in this process; a key
 * management service or a hardware module takes part by implementing these three members.
 */
export interface Signer {
  /** What the key signs with; stands in `alg` of every proof. */
  readonly algorithm: SignatureAlgorithm;
  /** The public half; only its RFC 7638 members reach a proof. Constant for the signer's life. */
  readonly publicJwk: PublicJwk;
  /**
   * The signature octets in the form of RFC 7518 §3 and RFC 8037: for ECDSA the fixed-length R‖S,
   * never DER. At once or promised.
   */
  sign(signingInput: Uint8Array): Awaitable<Uint8Array>;
}
