import { type Authenticator, type Requirement, UnavailableError } from '@keybound/core';
import {
  type AdapterUnderTest,
  adapterContract,
  CACHEABLE,
  type ContractRoute,
} from '@keybound/test-kit/contracts';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { createRequestGuard, type GrantedAccess, type RequestGuard } from '../src/index.ts';
import { createSchemes } from './support/schemes.ts';
import { type Handler, listenWithHono, listenWithNode } from './support/server.ts';

const COMMON: Pick<AdapterUnderTest<Authenticator>, 'createSchemes' | 'createOutage' | 'target'> = {
  createSchemes,
  createOutage: (retryAfterSeconds) =>
    new UnavailableError('replay_store', 'gone', { retryAfterSeconds }),
  target: 'as URL',
};

adapterContract('web, in Hono on Node', {
  ...COMMON,
  start(authenticators, routes) {
    const guard = createRequestGuard({ authenticators });
    const app = new Hono<Variables>();
    app.onError((_error, context) => context.text('Internal Server Error', 500));
    for (const route of routes) {
      const part = new Hono<Variables>();
      if (route.access !== 'public') part.use(route.path, protect(guard, route.access));
      part.all(route.path, (context) => answerInHono(context, route));
      app.route(route.mount ?? '/', part);
    }
    return listenWithHono((request) => app.fetch(request));
  },
});

interface Variables {
  Variables: { access: GrantedAccess };
}

/** The middleware of the README. */
function protect(guard: RequestGuard, requirement: Requirement): MiddlewareHandler<Variables> {
  return async (context, next) => {
    const access = await guard.decide(context.req.raw, requirement);
    if (!access.granted) return access.response;
    context.set('access', access);
    await next();
    const response = access.apply(context.res);
    context.res = undefined;
    context.res = response;
    return undefined;
  };
}

async function answerInHono(
  context: Context<Variables>,
  { access, handle, readsForm }: ContractRoute,
): Promise<Response> {
  if (access === 'public') return context.json(handle(), 200, { 'cache-control': CACHEABLE });
  const granted = context.get('access');
  if (readsForm && context.req.method === 'POST') {
    const refused = await granted.refuseTokenInForm(await context.req.formData());
    if (refused !== undefined) return refused.response;
  }
  return context.json(handle(granted.auth), 200, { 'cache-control': CACHEABLE });
}

adapterContract('web, in a function on Node', {
  ...COMMON,
  start(authenticators, routes) {
    return listenWithNode(handlerOf(createRequestGuard({ authenticators }), routes));
  },
});

function handlerOf(guard: RequestGuard, routes: readonly ContractRoute[]): Handler {
  return async (request) => {
    const { pathname } = new URL(request.url);
    const { access, handle, readsForm } =
      routes.find(({ mount = '', path }) => `${mount}${path}` === pathname || path === '*') ??
      never();
    const headers = { 'cache-control': CACHEABLE };
    if (access === 'public') return Response.json(handle(), { headers });
    const decision = await guard.decide(request, access);
    if (!decision.granted) return decision.response;
    if (readsForm) {
      const refused = await decision.refuseTokenInForm(await request.formData());
      if (refused !== undefined) return refused.response;
    }
    try {
      return decision.apply(Response.json(handle(decision.auth), { headers }));
    } catch {
      return decision.apply(new Response('Internal Server Error', { status: 500 }));
    }
  };
}

function never(): never {
  throw new Error('the last route has every path');
}
