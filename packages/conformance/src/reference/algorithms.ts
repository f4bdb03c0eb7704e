/** How signatures of an algorithm are made. */
export interface Algorithm {
  readonly kty: 'EC' | 'RSA' | 'OKP';
  readonly crv?: 'P-256' | 'P-384' | 'P-521' | 'Ed25519';
  /** Ed25519 does not hash beforehand. */
  readonly hash?: 'sha256' | 'sha384' | 'sha512';
  readonly padding?: 'pkcs1' | 'pss';
}

/** All that can be verified here; the configuration chooses among them. */
export const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map([
  ['ES256', { kty: 'EC', crv: 'P-256', hash: 'sha256' }],
  ['ES384', { kty: 'EC', crv: 'P-384', hash: 'sha384' }],
  ['ES512', { kty: 'EC', crv: 'P-521', hash: 'sha512' }],
  ['PS256', { kty: 'RSA', padding: 'pss', hash: 'sha256' }],
  ['PS384', { kty: 'RSA', padding: 'pss', hash: 'sha384' }],
  ['PS512', { kty: 'RSA', padding: 'pss', hash: 'sha512' }],
  ['RS256', { kty: 'RSA', padding: 'pkcs1', hash: 'sha256' }],
  ['RS384', { kty: 'RSA', padding: 'pkcs1', hash: 'sha384' }],
  ['RS512', { kty: 'RSA', padding: 'pkcs1', hash: 'sha512' }],
  ['Ed25519', { kty: 'OKP', crv: 'Ed25519' }],
  ['EdDSA', { kty: 'OKP', crv: 'Ed25519' }],
]);
