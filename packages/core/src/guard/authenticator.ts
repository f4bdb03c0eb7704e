import type { AuthError } from '../errors/auth-error.ts';
import type { UnavailableError } from '../errors/unavailable-error.ts';
import type { Observation } from '../observation.ts';
import type { Scheme } from '../request/credentials.ts';
import type { HeaderList, ProtectedRequest } from '../request/protected-request.ts';
import type { VerifiedToken } from '../token/verified-token.ts';
import type { ChallengeParameter } from './challenge.ts';

/**
 * A request that came with a good token and nothing more: a bearer token, or one that an authenticator let
 * pass which only reports.
 */
export interface BearerContext extends Pick<VerifiedToken, 'claims' | 'scope' | 'expiresAt'> {
  /** Whoever holds the token is let in. */
  readonly scheme: 'Bearer';
}

/** A request that came with a good key-bound token and a proof made for this very request. */
export interface DpopContext extends Pick<VerifiedToken, 'claims' | 'scope' | 'expiresAt'> {
  /** The token was presented as `DPoP`, with a proof from the key it is bound to. */
  readonly scheme: 'DPoP';
  /** The thumbprint of the key that made the proof and that the token is bound to. */
  readonly jkt: string;
}

/** Who is asking, and with what right. `scheme` tells the two apart. */
export type AuthContext = BearerContext | DpopContext;

/** A successful authentication. */
export interface Authentication<Context extends AuthContext = AuthContext> {
  /** Who is asking, for the route. */
  readonly context: Context;
  /** Fields the response must carry, such as a new `DPoP-Nonce`. */
  readonly headers: HeaderList;
  /**
   * What would have refused the request, where an authenticator only reports. `context` then claims no
   * more than what holds without that check.
   */
  readonly reported?: AuthError | UnavailableError | undefined;
}

/**
 * One way to authenticate a request. A server offers several schemes by passing several of these and
 * demands one by passing only that.
 */
export interface Authenticator<Context extends AuthContext = AuthContext> {
  /** The one scheme whose credentials this authenticator takes. */
  readonly scheme: Context['scheme'] & Scheme;
  /** Parameters of every challenge of this scheme, such as `algs`. */
  readonly challenge: readonly ChallengeParameter[];
  /**
   * Authenticates a request that presented `token` with this scheme.
   *
   * @param observation - where to write what is learnt on the way; there only where somebody listens
   * @throws AuthError when the token or the proof is not good.
   * @throws UnavailableError when that could not be found out.
   */
  authenticate(
    request: ProtectedRequest,
    token: string,
    observation?: Observation,
  ): Promise<Authentication<Context>>;
  /** Fields for every refusal at a place that offers this scheme, such as a fresh `DPoP-Nonce`. */
  refusalHeaders?(): Promise<HeaderList>;
}
