/** An EC public key: the RFC 7638 members and nothing else. */
export interface EcPublicJwk {
  readonly kty: 'EC';
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

/** An RSA public key: the RFC 7638 members and nothing else. */
export interface RsaPublicJwk {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
}

/** An Ed25519 public key: the RFC 7638 members and nothing else. */
export interface OkpPublicJwk {
  readonly kty: 'OKP';
  readonly crv: string;
  readonly x: string;
}

/** A public key in its one canonical spelling, so that one key has one thumbprint. */
export type PublicJwk = EcPublicJwk | RsaPublicJwk | OkpPublicJwk;
