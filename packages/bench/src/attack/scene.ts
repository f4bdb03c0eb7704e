import {
  createGuard,
  createJwtVerifier,
  createKeySet,
  type Grant,
  type Guard,
  isAuthError,
  type Refusal,
} from '@keybound/core';
import {
  createDpopAuthenticator,
  createMemoryReplayStore,
  type Nonces,
  type TargetUriOptions,
} from '@keybound/dpop';
import { type AdaptableRequest, protectedRequest } from '@keybound/fastify';
import { createTestClock, ISSUER, KEYS, keySet, RESOURCE, type TestKey } from '@keybound/test-kit';
import type { WrittenRequest } from './attack.ts';

/** Where requests come from, or their last proxy. */
export const PEER_ADDRESS = '192.0.2.1';

/** A place that requests are sent to. */
export type Place = (request: WrittenRequest) => () => Promise<Grant | Refusal>;

/** How a place differs from the plain one. */
export interface PlaceOptions {
  readonly nonces?: Nonces;
  readonly issuerKeys?: readonly TestKey[];
  readonly target?: Omit<TargetUriOptions, 'publicOrigin'> | undefined;
}

/**
 * The guard over the DPoP authenticator as it is without options. Time stands still, so that a request can
 * be prepared long before it is sent; the issuer's keys are here, so that nothing waits for a network.
 */
export function createPlace(options: PlaceOptions = {}): Place {
  const { nonces, issuerKeys = [KEYS.issuer], target } = options;
  const clock = createTestClock();
  const keys = createKeySet(keySet(...issuerKeys));
  const authenticator = createDpopAuthenticator({
    tokens: createJwtVerifier({ issuer: ISSUER, audience: RESOURCE, keys, clock }),
    publicOrigin: RESOURCE,
    replay: createMemoryReplayStore({ clock }),
    ...(nonces && { nonces }),
    ...target,
    clock,
  });
  const guard = createGuard({ authenticators: [authenticator] });
  return (request) => {
    const adaptable = adaptableRequest(request);
    return () => decide(guard, adaptable);
  };
}

/** What the Fastify plugin does with a request, without Fastify. */
async function decide(guard: Guard, request: AdaptableRequest): Promise<Grant | Refusal> {
  try {
    return await guard.decide(protectedRequest(request));
  } catch (error) {
    if (!isAuthError(error)) throw error;
    return guard.refuse(error);
  }
}

function adaptableRequest({ target, rawHeaders }: WrittenRequest): AdaptableRequest {
  return {
    method: 'GET',
    originalUrl: target,
    raw: { rawHeaders, socket: { remoteAddress: PEER_ADDRESS } },
    server: { server: { maxHeadersCount: null, address: () => null } },
  };
}
