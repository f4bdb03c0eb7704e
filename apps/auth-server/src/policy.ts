import type { SignatureAlgorithm } from '@keybound/core';
import type { PresetName } from '@keybound/dpop';
import type { ClientAuthMethod } from './clients/client.ts';
import type { SigningAlgorithm } from './keys/key-pair.ts';

/** What the presets decide where the specifications disagree. */
export interface Policy {
  /** Ways to authenticate; `none` is what public clients have. */
  readonly authMethods: readonly ClientAuthMethod[];
  /** Algorithms of client assertions. */
  readonly assertionAlgorithms: readonly SignatureAlgorithm[];
  /** Algorithms this server may sign with. */
  readonly signingAlgorithms: readonly SigningAlgorithm[];
  /** Whether a client assertion may name an endpoint instead of the issuer (RFC 9126 §2). */
  readonly acceptsEndpointAudience: boolean;
  /** Every authorization request must be pushed (FAPI 2.0 §5.3.2.2). */
  readonly requiresPushedRequests: boolean;
  /** A request names its redirect URI, even where only one is registered (FAPI 2.0 §5.3.2.2). */
  readonly requiresRedirectUri: boolean;
  /** Every token must be bound (FAPI 2.0 §5.3.2.1). */
  readonly requiresProof: boolean;
}

const OPEN: Policy = {
  authMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  assertionAlgorithms: ['ES256', 'ES384', 'ES512', 'PS256', 'Ed25519', 'EdDSA', 'RS256'],
  signingAlgorithms: ['ES256', 'PS256', 'EdDSA', 'RS256'],
  acceptsEndpointAudience: true,
  requiresPushedRequests: false,
  requiresRedirectUri: false,
  requiresProof: false,
};

/**
 * `default` and `mcp` differ in the window of proofs alone: both rotate the refresh tokens of public
 * clients (RFC 9700 §2.2.2, MCP) and never those of confidential ones (FAPI 2.0 §5.3.2.1).
 */
export const POLICIES: Readonly<Record<PresetName, Policy>> = {
  default: OPEN,
  mcp: OPEN,
  fapi: {
    authMethods: ['private_key_jwt'],
    assertionAlgorithms: ['PS256', 'ES256', 'Ed25519', 'EdDSA'],
    signingAlgorithms: ['ES256', 'PS256', 'EdDSA'],
    acceptsEndpointAudience: false,
    requiresPushedRequests: true,
    requiresRedirectUri: true,
    requiresProof: true,
  },
};
