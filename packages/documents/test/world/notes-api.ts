import { createBearerAuthenticator } from '@keybound/bearer';
import { createJwtVerifier } from '@keybound/core';
import { createDpopAuthenticator, createMemoryReplayStore, createNonces } from '@keybound/dpop';
import keybound from '@keybound/fastify';
import Fastify from 'fastify';
import { type Listener, listen } from './listener.ts';

/** An API for the clients of the documents. */
export interface NotesApi extends Listener {
  /** What it answered, such as `GET /notes 401`. */
  readonly answers: string[];
}

/**
 * Starts an API that takes bearer tokens, and DPoP proofs with a nonce. Every path answers with who asked
 * (`sub`), in which `scheme`, and the body; that is how a client shows that its request arrived whole.
 */
export async function startNotesApi(issuer: string, publicOrigin: string): Promise<NotesApi> {
  const tokens = createJwtVerifier({ issuer, audience: publicOrigin });
  const nonces = createNonces({
    secrets: () => ['a secret of the API of the documents'],
    server: publicOrigin,
  });
  const replay = createMemoryReplayStore();
  const answers: string[] = [];
  const app = Fastify();
  app.addHook('onSend', async ({ method, url }, { statusCode }) => {
    answers.push(`${method} ${url} ${statusCode}`);
  });
  await app.register(keybound, {
    authenticators: [
      createBearerAuthenticator({ tokens }),
      createDpopAuthenticator({ tokens, publicOrigin, replay, nonces }),
    ],
  });
  app.all('*', async ({ auth, body }) => ({
    sub: auth.claims.sub,
    scheme: auth.scheme,
    ...(body !== undefined && { body }),
  }));
  await app.ready();
  const listener = await listen((request, response) => app.routing(request, response));
  return { ...listener, answers };
}
