export {
  type ExpectedAuthorizationResponse,
  readAuthorizationResponse,
} from './authorization/read-authorization-response.ts';
export { type Challenge, parseChallenges } from './challenge/parse-challenges.ts';
export type { AccessTokenSource } from './fetch/access-token.ts';
export { type BearerFetchOptions, createBearerFetch } from './fetch/bearer-fetch.ts';
export { createDpopFetch, type DpopFetchOptions } from './fetch/dpop-fetch.ts';
export {
  createSharedNonces,
  type NonceStorage,
  type NonceStore,
} from './fetch/shared-nonces.ts';
export { chooseAlgorithm } from './keys/choose-algorithm.ts';
export {
  createSigner,
  createSignerFromKeyPair,
  type SignerOptions,
} from './keys/create-signer.ts';
export { type OpenSignerOptions, openSigner } from './keys/open-signer.ts';
export { signatureFromDer } from './keys/signature-from-der.ts';
export type { Signer } from './keys/signer.ts';
export { createProof, type ProofOptions } from './proof/create-proof.ts';
export { SignerError, type SignerErrorCode, type SignerErrorOptions } from './signer-error.ts';
export { createIndexedDbStore, type IndexedDbStoreOptions } from './store/indexed-db-store.ts';
export { createMemoryStore } from './store/memory-store.ts';
export type { Store } from './store/store.ts';
export { type FallbackOptions, withFallback } from './store/with-fallback.ts';
export {
  type AuthorizationCodeOptions,
  type AuthorizationCodeTokens,
  createAuthorizationCodeTokens,
} from './tokens/authorization-code.ts';
export {
  type ClientCredentialsOptions,
  createClientCredentialsTokens,
} from './tokens/client-credentials.ts';
