/**
 * What must not compile, and what must. Nothing in here runs: `npm run typecheck` fails when a line
 * below an expected error compiles.
 */
import cors from '@fastify/cors';
import { type AuthContext, type Authenticator, createForwardAuth } from '@keybound/core';
import type { FastifyContextConfig, FastifyInstance } from 'fastify';
import keybound, {
  createTrustedProxies,
  DPOP_CORS,
  protectedRequest,
  type RouteAuth,
} from '../src/index.ts';

export async function registering(app: FastifyInstance, one: Authenticator): Promise<void> {
  // @ts-expect-error no authenticators
  await app.register(keybound, {});
  // @ts-expect-error one authenticator in place of a list
  await app.register(keybound, { authenticators: one });
  // @ts-expect-error a misspelt option
  await app.register(keybound, { authenticators: [one], relm: 'notes' });
  // @ts-expect-error options of forward auth in place of what createForwardAuth returns
  await app.register(keybound, { authenticators: [one], forwardAuth: { fields: 'x-original' } });
  // @ts-expect-error one address in place of a list
  createTrustedProxies('10.0.0.1');

  const trusts = createTrustedProxies(['10.0.0.0/8']);
  const forwardAuth = createForwardAuth({ trusts, fields: 'x-forwarded' });
  await app.register(keybound, { authenticators: [one], realm: 'notes', forwardAuth });
  await app.register(cors, { ...DPOP_CORS, origin: 'https://app.example' });
}

/**
 * Fastify takes the type of `config` from what is written there, so a misspelt member compiles unless its
 * type is named. The plugin refuses a wrong `auth` when the route is added; a route without it asks for a token.
 */
export function routes(app: FastifyInstance): void {
  // @ts-expect-error scope values as one text
  app.get('/a', { config: { auth: { scopes: 'notes:read' } } }, () => '');
  // @ts-expect-error a misspelt requirement
  app.get('/b', { config: { auth: { scope: ['notes:read'] } satisfies RouteAuth } }, () => '');
  // @ts-expect-error a misspelt `auth`
  app.get('/c', { config: { atuh: 'public' } satisfies FastifyContextConfig }, () => '');
  // @ts-expect-error a word that does not exist
  const none: RouteAuth = 'none';
  // @ts-expect-error auth switched off with a boolean
  const off: RouteAuth = false;
  void [none, off];

  app.get('/d', { config: { auth: 'public' } }, () => '');
  app.get('/e', { config: { auth: { scopes: ['notes:read'] } } }, () => '');
  const required: RouteAuth = {};
  app.get('/f', { config: { auth: required } satisfies FastifyContextConfig }, () => '');
}

export function handlers(app: FastifyInstance): void {
  app.get('/notes', async (request) => {
    const { auth } = request;
    // @ts-expect-error the key of a caller who may have come with a bearer token
    void auth.jkt;
    // @ts-expect-error who is asking is changed
    request.auth = auth;
    // @ts-expect-error a claim of what was verified is changed
    auth.claims.sub = 'mallory';
    // @ts-expect-error a scheme that is no scheme for access tokens
    if (auth.scheme === 'Basic') return '';

    const context: AuthContext = auth;
    const { target }: { target: string } = protectedRequest(request);
    if (auth.scheme === 'DPoP') return `${auth.jkt} ${target}`;
    return context.claims.sub;
  });
}
