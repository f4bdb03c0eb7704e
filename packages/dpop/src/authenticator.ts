import {
  AuthError,
  type Authentication,
  type Authenticator,
  type DpopContext,
  type HeaderList,
  isPromised,
  type Observation,
  type ProtectedRequest,
  type TokenVerifier,
  type VerifiedToken,
  verifyToken,
} from '@keybound/core';
import { createProofChecks, type ProofOptions } from './proof-checks.ts';

/** Options of {@link createDpopAuthenticator}. */
export interface DpopAuthenticatorOptions extends ProofOptions {
  /** Verifies the access token; its `cnf.jkt` says which key the proof must come from. */
  readonly tokens: TokenVerifier;
}

/**
 * An authenticator for the DPoP scheme at a resource server (RFC 9449 §7.1). Checks, in order: one
 * `DPoP` field, size and form, header, key quality · the access token · that the token is bound, and
 * bound to the proof's key · `htm`, `htu`, `iat`, `ath` · signature · nonce · replay, so that only holders
 * of a good token make the store grow.
 *
 * Not checked: the body and the query of the request; a proof covers neither (RFC 9449 §11.7).
 *
 * Refusals have the code `invalid_dpop_proof`, `invalid_token` or `use_dpop_nonce`.
 *
 * @throws TypeError when an option is missing or out of range.
 */
export function createDpopAuthenticator(
  options: DpopAuthenticatorOptions,
): Authenticator<DpopContext> {
  const { tokens, authenticate, authenticator } = createBoundAuthentication(options);
  return {
    ...authenticator,
    authenticate: (request, token, observation) =>
      authenticate(request, () => verifyToken(tokens, token, observation), observation),
  };
}

/** What {@link createDpopAuthenticator} is made of; the token is verified when it is the token's turn. */
export interface BoundAuthentication {
  readonly tokens: TokenVerifier;
  readonly authenticator: Omit<Authenticator<DpopContext>, 'authenticate'>;
  authenticate(
    request: ProtectedRequest,
    verify: () => Promise<VerifiedToken>,
    observation: Observation | undefined,
  ): Promise<Authentication<DpopContext>>;
}

/** @throws TypeError when an option is missing or out of range. */
export function createBoundAuthentication(options: DpopAuthenticatorOptions): BoundAuthentication {
  const { tokens } = options;
  if (typeof tokens?.verify !== 'function') throw new TypeError('tokens: give a token verifier');
  const checks = createProofChecks(options);

  return {
    tokens,
    authenticator: {
      scheme: 'DPoP',
      challenge: [['algs', checks.algorithms.join(' ')]],
      refusalHeaders: (): Promise<HeaderList> => checks.nonceHeaders.forRefusal(),
    },

    async authenticate(request, verify, observation): Promise<Authentication<DpopContext>> {
      const parsing = checks.parse(request);
      const proof = isPromised(parsing) ? await parsing : parsing;
      const { claims, scope, expiresAt, confirmation, hash } = await verify();
      if (confirmation === undefined) throw new AuthError('token_not_bound');
      if (confirmation.jkt !== proof.header.jkt) {
        throw new AuthError('key_mismatch', {
          facts: { tokenKey: confirmation.jkt, proofKey: proof.header.jkt },
        });
      }
      const hashing = hash();
      const tokenHash = isPromised(hashing) ? await hashing : hashing;
      const { jkt, nonce } = await checks.verify(proof, request, tokenHash, observation);
      const renewing = checks.nonceHeaders.forSuccess(nonce);
      return {
        context: { scheme: 'DPoP', claims, scope, expiresAt, jkt },
        headers: isPromised(renewing) ? await renewing : renewing,
      };
    },
  };
}
