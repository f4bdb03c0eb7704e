/**
 * What must not compile, and what must. Nothing in here runs: `npm run typecheck` fails when a line
 * below an expected error compiles.
 */
import {
  type Authenticator,
  type BearerContext,
  createGuard,
  type DpopContext,
  type ProtectedRequest,
  type TokenVerifier,
} from '@keybound/core';
import { createBearerAuthenticator } from '../src/index.ts';

export async function bearer(tokens: TokenVerifier, request: ProtectedRequest): Promise<void> {
  // @ts-expect-error no verifier
  createBearerAuthenticator({});
  // @ts-expect-error a function in place of a verifier
  createBearerAuthenticator({ tokens: async () => tokens.verify('') });
  // @ts-expect-error a verifier that passes on claims nobody checked
  createBearerAuthenticator({ tokens: { verify: async () => ({ claims: {}, scope: [] }) } });
  // @ts-expect-error a misspelt option
  createBearerAuthenticator({ tokens, strayProofs: 'refuse' });
  // @ts-expect-error a policy that does not exist
  createBearerAuthenticator({ tokens, strayProof: 'accept' });
  // @ts-expect-error taken for an authenticator of bound tokens
  const dpop: Authenticator<DpopContext> = createBearerAuthenticator({ tokens });
  void dpop;

  const authenticator: Authenticator<BearerContext> = createBearerAuthenticator({ tokens });
  const { context } = await authenticator.authenticate(request, '');
  // @ts-expect-error the key of a token that is not bound
  void context.jkt;
  // @ts-expect-error a claim of what was verified is changed
  context.claims.sub = 'mallory';

  const scheme: 'Bearer' = context.scheme;
  createGuard({ authenticators: [authenticator] });
  void scheme;
}
