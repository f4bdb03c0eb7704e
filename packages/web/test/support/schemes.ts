import { createBearerAuthenticator } from '@keybound/bearer';
import { type Authenticator, createJwtVerifier, createKeySet } from '@keybound/core';
import {
  createDpopAuthenticator,
  createMemoryReplayStore,
  createNonces,
  type TargetUriOptions,
} from '@keybound/dpop';
import { createTestSchemes, type TestSchemes } from '@keybound/test-kit';

const PARTS = {
  createBearerAuthenticator,
  createDpopAuthenticator,
  createJwtVerifier,
  createKeySet,
  createMemoryReplayStore,
  createNonces,
};

/** The authenticators of the tests, all on one clock. */
export function createSchemes(options: Partial<TargetUriOptions> = {}): TestSchemes<Authenticator> {
  return createTestSchemes<Authenticator>(PARTS, options);
}
