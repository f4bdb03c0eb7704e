import {
  AuthError,
  type Authentication,
  type Authenticator,
  type BearerContext,
  type Observation,
  type ProtectedRequest,
  type TokenVerifier,
  verifyToken,
} from '@keybound/core';

/** Options of {@link createBearerAuthenticator}. */
export interface BearerAuthenticatorOptions {
  /** Verifies the access token. */
  readonly tokens: TokenVerifier;
  /**
   * What to do with a `DPoP` field beside a token that is not bound: ignore it, since some clients
   * attach one to everything, or refuse the request. A bound token is refused either way.
   * @defaultValue 'ignore'
   */
  readonly strayProof?: 'ignore' | 'refuse';
}

/**
 * An authenticator for the Bearer scheme (RFC 6750). Accepts only tokens that are not bound to a key:
 * a bound token sent as a bearer token is a stolen one, or a client that gave up its protection
 * (RFC 9449 §7.2), with a proof beside it or without.
 *
 * Not checked: scope, which is the route's business. Whoever holds the token is let in; that is what
 * bearer means.
 *
 * @throws TypeError when an option is missing.
 */
export function createBearerAuthenticator({
  tokens,
  strayProof = 'ignore',
}: BearerAuthenticatorOptions): Authenticator<BearerContext> {
  if (typeof tokens?.verify !== 'function') throw new TypeError('tokens: give a token verifier');
  if (strayProof !== 'ignore' && strayProof !== 'refuse') {
    throw new TypeError("strayProof: must be 'ignore' or 'refuse'");
  }

  return {
    scheme: 'Bearer',
    challenge: [],
    async authenticate(
      request: ProtectedRequest,
      token: string,
      observation?: Observation,
    ): Promise<Authentication<BearerContext>> {
      const verifying = verifyToken(tokens, token, observation);
      const { claims, scope, expiresAt, confirmation } = await verifying;
      if (confirmation !== undefined) throw new AuthError('token_bound');
      if (strayProof === 'refuse' && request.headers('dpop').length > 0) {
        throw new AuthError('proof_unexpected');
      }
      return { context: { scheme: 'Bearer', claims, scope, expiresAt }, headers: [] };
    },
  };
}
