/** An EC public key: the RFC 7638 members and nothing else. */
export interface EcPublicJwk {
  /** The key type (RFC 7518 §6.1). */
  readonly kty: 'EC';
  /** The curve: `P-256`, `P-384` or `P-521` (RFC 7518 §6.2.1.1). */
  readonly crv: string;
  /** The x coordinate, as long as the curve's field, in base64url (RFC 7518 §6.2.1.2). */
  readonly x: string;
  /** The y coordinate, as long as the curve's field, in base64url (RFC 7518 §6.2.1.3). */
  readonly y: string;
}

/** An RSA public key: the RFC 7638 members and nothing else. */
export interface RsaPublicJwk {
  /** The key type (RFC 7518 §6.1). */
  readonly kty: 'RSA';
  /** The modulus in base64url, without leading zero octets (RFC 7518 §6.3.1.1). */
  readonly n: string;
  /** The exponent in base64url, without leading zero octets (RFC 7518 §6.3.1.2). */
  readonly e: string;
}

/** An Ed25519 public key: the RFC 7638 members and nothing else. */
export interface OkpPublicJwk {
  /** The key type (RFC 8037 §2). */
  readonly kty: 'OKP';
  /** The curve, which is always `Ed25519` (RFC 8037 §2). */
  readonly crv: string;
  /** The 32 octets of the public key in base64url (RFC 8037 §2). */
  readonly x: string;
}

/** A public key in its one canonical spelling, so that one key has one thumbprint. */
export type PublicJwk = EcPublicJwk | RsaPublicJwk | OkpPublicJwk;
