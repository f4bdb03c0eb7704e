import {
  type AuthError,
  type Denial,
  denyAtTokenEndpoint,
  type HeaderList,
  type ProtectedRequest,
  type SignatureAlgorithm,
  type UnavailableError,
} from '@keybound/core';
import { createProofChecks, type ProofOptions } from './proof-checks.ts';

/** A proof that came with a token or PAR request. */
export interface PresentedProof {
  /** The thumbprint to bind tokens to (`cnf.jkt`), or to compare with `dpop_jkt`. */
  readonly jkt: string;
  /** Fields the response must carry, such as a new `DPoP-Nonce`. */
  readonly headers: HeaderList;
}

/** Checks the proofs that clients send to an authorization server. */
export interface ProofVerifier {
  /** For `dpop_signing_alg_values_supported` (RFC 9449 §5.1): exactly what is enforced. */
  readonly algorithms: readonly SignatureAlgorithm[];
  /**
   * The proof of a request, or `undefined` when it has no `DPoP` field at all. A field that is there
   * but empty or unreadable is a bad proof and never "no proof", so no client that meant to bind its
   * token gets a bearer token instead.
   *
   * Call it before anything is spent: a refused proof must not burn a code or a refresh token.
   *
   * @throws AuthError with code `invalid_dpop_proof` or `use_dpop_nonce`.
   * @throws UnavailableError when the replay store failed.
   */
  verify(request: ProtectedRequest): Promise<PresentedProof | undefined>;
  /** The answer to a refused proof: 400 and JSON, with a fresh nonce where nonces are in use. */
  deny(error: AuthError | UnavailableError): Promise<Denial>;
}

/**
 * A verifier for proofs at token and PAR endpoints (RFC 9449 §5, §10.1). The checks are those of a
 * resource server without access token: an `ath` may be there and is not compared.
 *
 * Not checked: client authentication, and whether the key is the one a code or refresh token is bound
 * to; compare `jkt` for that.
 *
 * @throws TypeError when an option is missing or out of range.
 */
export function createProofVerifier(options: ProofOptions): ProofVerifier {
  const checks = createProofChecks(options);

  return {
    algorithms: checks.algorithms,
    async verify(request): Promise<PresentedProof | undefined> {
      if (request.headers('dpop').length === 0) return undefined;
      const { jkt, nonce } = await checks.verify(await checks.parse(request), request);
      return { jkt, headers: await checks.nonceHeaders.forSuccess(nonce) };
    },
    async deny(error): Promise<Denial> {
      return denyAtTokenEndpoint(error, await checks.nonceHeaders.forRefusal());
    },
  };
}
