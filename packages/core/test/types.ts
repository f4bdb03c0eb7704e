/**
 * What must not compile, and what must. Nothing in here runs: `npm run typecheck` fails when a line
 * below an expected error compiles.
 */
import { KEYS, keySet } from '@keybound/test-kit';
import {
  ALGORITHMS,
  AUTH_REASONS,
  type AuthContext,
  AuthError,
  type AuthErrorCode,
  type Authenticator,
  type AuthReason,
  type Credentials,
  createGuard,
  createIntrospectionVerifier,
  createJwtVerifier,
  createKeySet,
  createTokenIssuer,
  type DpopContext,
  formatChallenge,
  type Grant,
  type Guard,
  isAuthError,
  isUnavailableError,
  jwkThumbprint,
  type ProtectedRequest,
  type PublicJwk,
  parsePublicJwk,
  type Refusal,
  type ReplayStore,
  type TokenVerifier,
  type UnavailableComponent,
  UnavailableError,
  type VerifiedToken,
  type VerifyKey,
  validateAlgorithms,
  verifySignature,
} from '../src/index.ts';

const keys = createKeySet(keySet(KEYS.issuer));
const issuer = 'https://as.example';
const audience = 'https://rs.example';

export function verifiedTokens(token: VerifiedToken): void {
  const parts = { claims: {}, scope: [], confirmation: undefined, expiresAt: 1, hash: () => '' };
  // @ts-expect-error a verified token built by hand
  const forged: VerifiedToken = parts;
  // @ts-expect-error a verified token with a symbol of one's own
  const branded: VerifiedToken = { ...parts, [Symbol('verified')]: true };
  // @ts-expect-error a verifier that passes on claims nobody checked
  const verifier: TokenVerifier = { verify: async () => parts };
  // @ts-expect-error a claim of what was verified is changed
  token.claims.sub = 'mallory';
  // @ts-expect-error a claim that is not registered is changed
  token.claims.role = 'admin';
  // @ts-expect-error the scope of what was verified is extended
  token.scope.push('admin');
  // @ts-expect-error the binding is taken off
  token.confirmation = undefined;
  // @ts-expect-error the key of a token that may not be bound
  const jkt: string = token.confirmation.jkt;
  // @ts-expect-error a hash that other runtimes promise, taken for a text
  const hash: string = token.hash();
  void [forged, branded, verifier, jkt, hash];
}

export function tokenOptions(): void {
  // @ts-expect-error no audience
  createJwtVerifier({ issuer, keys });
  // @ts-expect-error no issuer
  createJwtVerifier({ audience, keys });
  // @ts-expect-error several audiences where one resource verifies
  createJwtVerifier({ issuer, audience: [audience], keys });
  // @ts-expect-error a key set that createKeySet has not read
  createJwtVerifier({ issuer, audience, keys: keySet(KEYS.issuer) });
  // @ts-expect-error the algorithm none
  createJwtVerifier({ issuer, audience, keys, algorithms: ['none'] });
  // @ts-expect-error a misspelt option
  createJwtVerifier({ issuer, audience, keys, algorithm: ['ES256'] });
  // @ts-expect-error a memory switched off with a boolean
  createJwtVerifier({ issuer, audience, keys, tokenCache: false });
  // @ts-expect-error a symmetric algorithm
  validateAlgorithms(['HS256']);
  // @ts-expect-error an algorithm in lower case
  validateAlgorithms(['es256']);
  // @ts-expect-error introspection without an audience
  createIntrospectionVerifier({ issuer, clientId: 'rs', clientSecret: 's' });
  // @ts-expect-error introspection without credentials
  createIntrospectionVerifier({ issuer, audience });
  // @ts-expect-error an issuer of tokens without a key
  createTokenIssuer({ issuer });
  // @ts-expect-error scope values as one text
  createTokenIssuer({ issuer, signingKey }).issue({ ...contents, scope: 'notes:read notes:write' });
}

declare const signingKey: () => { kid: string; algorithm: 'ES256'; privateKey: CryptoKey };
declare const contents: { subject: string; clientId: string; audience: string };

export function keysAndSignatures(key: VerifyKey, octets: Uint8Array<ArrayBuffer>): void {
  // @ts-expect-error a private member in a public key
  const jwk: PublicJwk = { kty: 'EC', crv: 'P-256', x: '', y: '', d: '' };
  // @ts-expect-error a thumbprint of a key that was not parsed
  void jwkThumbprint(KEYS.alice.publicJwk);
  // @ts-expect-error a thumbprint of what may be a fault
  void jwkThumbprint(parsePublicJwk(KEYS.alice.publicJwk, 'ES256'));
  // @ts-expect-error a signature that other runtimes promise, taken for a verdict
  const isGood: boolean = verifySignature(key, octets, octets);
  // @ts-expect-error a curve of a key that may have none
  void ALGORITHMS.RS256.crv.length;
  // @ts-expect-error the table of algorithms is changed
  ALGORITHMS.ES256 = ALGORITHMS.EdDSA;
  void [jwk, isGood];

  const parsed = parsePublicJwk(KEYS.alice.publicJwk, 'ES256');
  if (typeof parsed !== 'string') void jwkThumbprint(parsed);
}

export function contexts(auth: AuthContext): string {
  // @ts-expect-error the key of a context that may be a bearer's
  void auth.jkt;
  // @ts-expect-error a scheme that is no scheme for access tokens
  if (auth.scheme === 'Basic') return '';
  // @ts-expect-error a claim that is not checked, taken for a text
  const role: string = auth.claims.role;
  // @ts-expect-error the scheme is changed
  auth.scheme = 'DPoP';
  void role;

  if (auth.scheme === 'DPoP') return auth.jkt;
  const scheme: 'Bearer' = auth.scheme;
  return scheme;
}

export async function decisions(guard: Guard, request: ProtectedRequest): Promise<void> {
  const decision: Grant | Refusal = await guard.decide(request, { scopes: ['notes:read'] });
  // @ts-expect-error the caller of a request that may have been refused
  void decision.auth;
  // @ts-expect-error a requirement with a misspelt member
  await guard.decide(request, { scope: ['notes:read'] });
  // @ts-expect-error scope values as one text
  await guard.decide(request, { scopes: 'notes:read' });
  // @ts-expect-error a decision that is not awaited
  if (guard.decide(request).granted) return;
  // @ts-expect-error no authenticators
  createGuard({ realm: 'notes' });

  if (decision.granted) void decision.auth.claims.sub;
  else void decision.denial.status;
}

export function authenticators(one: Authenticator<DpopContext>): void {
  const { authenticate, challenge } = one;
  // @ts-expect-error a scheme that is no scheme for access tokens
  const basic: Authenticator = { scheme: 'Basic', challenge, authenticate };
  // @ts-expect-error the scheme of another context
  const bearer: Authenticator<DpopContext> = { scheme: 'Bearer', challenge, authenticate };
  // @ts-expect-error credentials of a scheme that is no scheme for access tokens
  const credentials: Credentials = { scheme: 'Basic', token: '' };
  // @ts-expect-error a challenge of such a scheme
  formatChallenge('Basic', []);
  void [basic, bearer, credentials];

  const any: Authenticator = one;
  createGuard({ authenticators: [any, one] });
}

export function errors(error: unknown, reason: AuthReason, code: AuthErrorCode): number {
  // @ts-expect-error a reason that does not exist
  new AuthError('token_stolen');
  // @ts-expect-error a component that does not exist
  new UnavailableError('database', 'x');
  // @ts-expect-error the sentence for the wire is changed
  AUTH_REASONS.proof_replayed.description = 'x';
  // @ts-expect-error a caught value that nobody has looked at
  void error.reason;
  // @ts-expect-error a table over reasons that forgets most of them
  const sentences: Record<AuthReason, string> = { proof_replayed: 'Once is enough' };

  switch (reason) {
    // @ts-expect-error a case for a reason that does not exist
    case 'token_stolen':
      break;
    case 'proof_replayed':
      break;
    default:
      // @ts-expect-error a switch over reasons that forgets some
      reason satisfies never;
  }
  switch (code) {
    case 'invalid_request':
    case 'invalid_token':
    case 'insufficient_scope':
    case 'invalid_dpop_proof':
      break;
    default:
      // @ts-expect-error a switch over codes that forgets one
      code satisfies never;
  }
  switch (code) {
    case 'invalid_request':
    case 'invalid_token':
    case 'insufficient_scope':
    case 'invalid_dpop_proof':
    case 'use_dpop_nonce':
      break;
    default:
      code satisfies never;
  }
  void sentences;

  if (isAuthError(error)) return AUTH_REASONS[error.reason].description.length;
  if (isUnavailableError(error)) {
    const component: UnavailableComponent = error.component;
    return component.length + error.retryAfterSeconds;
  }
  return 0;
}

export function replayStores(add: ReplayStore['add']): void {
  // @ts-expect-error an answer that does not say since when nothing was lost
  const forgetful: ReplayStore = { add: () => ({ isNew: true }) };
  // @ts-expect-error a bare verdict
  const bare: ReplayStore = { add: () => true };
  void [forgetful, bare];

  const store: ReplayStore = { add };
  const atOnce: ReplayStore = { add: () => ({ isNew: true, completeSince: 0 }) };
  const promised: ReplayStore = { add: async () => ({ isNew: true, completeSince: 0 }) };
  void [store, atOnce, promised];
}
