import { createTestClock } from '@keybound/test-kit';
import {
  type AuthorizationCodeOptions,
  createAuthorizationCodeTokens,
  createMemoryStore,
  createSigner,
} from '../../src/index.ts';
import { createFakeAuthorizationServer, METADATA, REDIRECT_URI } from './authorization-server.ts';

/** A client of the fake server, with a store and a clock of its own. */
export async function app(options: Partial<AuthorizationCodeOptions> = {}) {
  const server = createFakeAuthorizationServer();
  const clock = createTestClock();
  const signer = await createSigner();
  const store = createMemoryStore();
  const complete = {
    metadata: METADATA,
    clientId: 'app',
    redirectUri: REDIRECT_URI,
    signer,
    store,
    fetch: server.fetch,
    clock,
    ...options,
  };
  const session = createAuthorizationCodeTokens(complete);
  return { server, clock, signer, store, session, options: complete };
}

/** Somebody is signed in. */
export async function signedIn(options: Partial<AuthorizationCodeOptions> = {}) {
  const all = await app(options);
  await all.session.complete(all.server.answerTo(await all.session.begin()));
  all.server.received.length = 0;
  return all;
}
