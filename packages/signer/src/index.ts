export {
  type ExpectedAuthorizationResponse,
  readAuthorizationResponse,
} from './authorization/read-authorization-response.ts';
export { type Challenge, parseChallenges } from './challenge/parse-challenges.ts';
export type { AccessTokenSource } from './fetch/access-token.ts';
export { type BearerFetchOptions, createBearerFetch } from './fetch/bearer-fetch.ts';
export { createDpopFetch, type DpopFetchOptions } from './fetch/dpop-fetch.ts';
export {
  createSigner,
  createSignerFromKeyPair,
  type SignerOptions,
} from './keys/create-signer.ts';
export type { Signer } from './keys/signer.ts';
export { createProof, type ProofOptions } from './proof/create-proof.ts';
export { SignerError, type SignerErrorCode, type SignerErrorOptions } from './signer-error.ts';
export {
  type ClientCredentialsOptions,
  createClientCredentialsTokens,
} from './tokens/client-credentials.ts';
