export { type Cache, type CacheBounds, type CacheOptions, createCache } from './cache.ts';
export { type Clock, systemClock } from './clock.ts';
export {
  type Awaitable,
  isPromised,
  type SignatureThread,
  type SignKey,
  type VerifyKey,
} from './crypto/runtime-crypto.ts';
export { generateKeyPair } from './crypto/web-key-pair.ts';
export {
  decodeBase64url,
  decodeBase64urlBriefly,
  encodeBase64url,
  encodeTextBase64url,
  encodeUtf8,
} from './encoding/base64url.ts';
export { basicCredentials } from './encoding/basic-credentials.ts';
export { isJsonObject, type JsonLimits, type JsonObject } from './encoding/json.ts';
export { isSha256Base64url, sha256Base64url } from './encoding/sha256.ts';
export {
  AuthError,
  type AuthErrorOptions,
  type AuthFacts,
  isAuthError,
} from './errors/auth-error.ts';
export {
  AUTH_REASONS,
  type AuthErrorCode,
  type AuthReason,
  type ReasonEntry,
} from './errors/reasons.ts';
export {
  isUnavailableError,
  type UnavailableComponent,
  UnavailableError,
  type UnavailableErrorOptions,
} from './errors/unavailable-error.ts';
export type {
  AuthContext,
  Authentication,
  Authenticator,
  BearerContext,
  DpopContext,
} from './guard/authenticator.ts';
export { type ChallengeParameter, formatChallenge } from './guard/challenge.ts';
export type { Decision } from './guard/decision.ts';
export { type Denial, denyAtTokenEndpoint } from './guard/denial.ts';
export {
  createGuard,
  type Grant,
  type Guard,
  type GuardOptions,
  type Refusal,
} from './guard/guard.ts';
export { createRepeatableGuard } from './guard/repeatable-guard.ts';
export type { Requirement } from './guard/requirement.ts';
export {
  ALGORITHMS,
  type AlgorithmEntry,
  type SignatureAlgorithm,
  validateAlgorithms,
} from './jose/algorithms.ts';
export {
  type CompactJws,
  hasUnsupportedHeader,
  isMediaType,
  type JwsFault,
  type JwsLimits,
  type JwsParts,
  parseCompactJws,
  parseJwsPart,
  splitCompactJws,
} from './jose/compact-jws.ts';
export type { EcPublicJwk, OkpPublicJwk, PublicJwk, RsaPublicJwk } from './jose/jwk-types.ts';
export { type JwkFault, parsePublicJwk } from './jose/public-jwk.ts';
export { generateSignKey, importSignKey } from './jose/sign-key.ts';
export {
  importVerifyKey,
  validateSignatureThread,
  verifySignature,
} from './jose/signature.ts';
export { jwkThumbprint } from './jose/thumbprint.ts';
export { type WebCryptoParameters, webCryptoParameters } from './jose/webcrypto-parameters.ts';
export type { FetchJsonOptions } from './keys/fetch-json.ts';
export { createIssuerKeys, type IssuerKeysOptions } from './keys/issuer-keys.ts';
export {
  fetchIssuerMetadata,
  type IssuerMetadata,
  metadataEndpoint,
} from './keys/issuer-metadata.ts';
export { createKeySet, type KeySelector, type KeySource } from './keys/key-source.ts';
export { isSecureUrl, secureUrl } from './keys/secure-url.ts';
export type { Observation } from './observation.ts';
export {
  addReplayRecord,
  type ReplayAnswer,
  type ReplayRecord,
  type ReplayStore,
  type ReplayStoreStatus,
} from './replay-store.ts';
export {
  type Credentials,
  parseCredentials,
  refuseTokenInForm,
  type Scheme,
} from './request/credentials.ts';
export { createForwardAuth, type ForwardAuthOptions } from './request/forward-auth.ts';
export { type NodeResponse, neverStored } from './request/never-stored.ts';
export {
  type NodeMessage,
  type NodeRequest,
  type NodeServer,
  protectedRequestFromNode,
} from './request/node-message.ts';
export type { HeaderList, ProtectedRequest } from './request/protected-request.ts';
export type { Confirmation } from './token/confirmation.ts';
export {
  createIntrospectionVerifier,
  type IntrospectionVerifier,
  type IntrospectionVerifierOptions,
} from './token/introspection-verifier.ts';
export { createJwtVerifier, type JwtVerifierOptions } from './token/jwt-verifier.ts';
export { isScopeValue } from './token/scope.ts';
export {
  createTokenIssuer,
  type IssuedToken,
  type SigningKey,
  type TokenContents,
  type TokenIssuer,
  type TokenIssuerOptions,
} from './token/token-issuer.ts';
export type { TokenClaims, TokenVerifier, VerifiedToken } from './token/verified-token.ts';
export { verifyToken } from './token/verify-token.ts';
