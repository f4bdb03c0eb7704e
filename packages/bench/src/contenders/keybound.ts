import { createBearerAuthenticator } from '@keybound/bearer';
import {
  type Authenticator,
  createGuard,
  createJwtVerifier,
  createKeySet,
  type ProtectedRequest,
} from '@keybound/core';
import { createDpopAuthenticator, createMemoryReplayStore } from '@keybound/dpop';
import { createProof, type Signer } from '@keybound/signer';
import { DEPLOYMENT, JWKS, METHOD, type PresentedRequest, TARGET, URI } from '../requests.ts';
import type { SigningCase } from '../signing.ts';
import type { Contender } from '../table.ts';

function createTokens() {
  return createJwtVerifier({ ...DEPLOYMENT, keys: createKeySet(JWKS) });
}

/** The guard over the DPoP authenticator, with a replay store: what an adapter calls. */
export function createKeyboundDpop(): Contender<PresentedRequest> {
  return createGuarded(
    createDpopAuthenticator({
      tokens: createTokens(),
      publicOrigin: DEPLOYMENT.audience,
      replay: createMemoryReplayStore(),
    }),
  );
}

/** The guard over the bearer authenticator. */
export function createKeyboundBearer(): Contender<PresentedRequest> {
  return createGuarded(createBearerAuthenticator({ tokens: createTokens() }));
}

function createGuarded(authenticator: Authenticator): Contender<PresentedRequest> {
  const guard = createGuard({ authenticators: [authenticator] });
  return {
    name: 'keybound',
    prepare(one) {
      const request = protectedRequest(one);
      return async () => {
        const decision = await guard.decide(request);
        if (!decision.granted) throw decision.error;
      };
    },
  };
}

function protectedRequest({ scheme, token, proof }: PresentedRequest): ProtectedRequest {
  const fields: Readonly<Record<string, readonly string[]>> = {
    authorization: [`${scheme} ${token}`],
    ...(proof !== undefined && { dpop: [proof] }),
  };
  return { method: METHOD, target: TARGET, headers: (name) => fields[name] ?? [] };
}

/** `createProof` with a signer whose key WebCrypto holds. */
export function createKeyboundSign(signer: Signer): Contender<SigningCase> {
  return {
    name: 'keybound',
    prepare:
      ({ accessToken }) =>
      () =>
        createProof(signer, { method: METHOD, uri: URI, accessToken }),
  };
}
