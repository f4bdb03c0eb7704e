import {
  type AuthContext,
  type AuthError,
  createGuard,
  type Grant,
  type GuardOptions,
  type HeaderList,
  isAuthError,
  neverStored,
  type ProtectedRequest,
  type Refusal,
  type Requirement,
  refuseTokenInForm,
  type UnavailableError,
} from '@keybound/core';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { protectedRequest } from './protected-request.ts';
import { type RouteAuth, validateRouteAuth } from './route-auth.ts';

/** Options of {@link keybound}: the schemes offered here and how challenges name this place. */
export interface KeyboundOptions extends GuardOptions {
  /**
   * What `createForwardAuth` of `@keybound/core` returns, for a scope whose route answers the questions of
   * a proxy (nginx `auth_request`, Traefik ForwardAuth, Caddy `forward_auth`): the request that is decided
   * about is the one the proxy asks about, and whoever is no such proxy is refused. The scopes are the ones
   * the answering route asks for, whatever is asked about.
   * @defaultValue requests are decided about as they come
   */
  readonly forwardAuth?: (question: ProtectedRequest) => ProtectedRequest;
}

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Who is asking. `scheme` tells bearer from DPoP. Reading it on a public route throws, so no
     * handler works with a caller nobody checked; where {@link keybound} is not registered it is
     * undefined.
     */
    readonly auth: AuthContext;
  }
  interface FastifyContextConfig {
    /** What the route asks for. @defaultValue a good token, any scope */
    auth?: RouteAuth;
  }
}

const contexts = new WeakMap<FastifyRequest, AuthContext>();

async function register(app: FastifyInstance, options: KeyboundOptions): Promise<void> {
  if (app.hasRequestDecorator('auth')) {
    throw new TypeError('keybound is registered already in this scope or an enclosing one');
  }
  const { forwardAuth = (request: ProtectedRequest) => request } = options;
  if (typeof forwardAuth !== 'function') {
    throw new TypeError('forwardAuth: give what createForwardAuth returns');
  }
  const guard = createGuard(options);

  function decide(request: FastifyRequest, requirement: Requirement): Promise<Grant | Refusal> {
    let asked: ProtectedRequest;
    try {
      asked = forwardAuth(protectedRequest(request));
    } catch (error) {
      if (!isAuthError(error)) throw error;
      return guard.refuse(error, requirement);
    }
    return guard.decide(asked, requirement);
  }

  function applyDecision(
    request: FastifyRequest,
    reply: FastifyReply,
    decision: Grant | Refusal,
  ): boolean {
    if (!decision.granted) {
      sendRefusal(request, reply, decision);
      return false;
    }
    const { auth, headers, reported } = decision;
    if (reported !== undefined) logReported(request, reported);
    contexts.set(request, auth);
    setHeaders(reply, headers);
    return true;
  }

  app.decorateRequest('auth', {
    getter(this: FastifyRequest): AuthContext {
      const context = contexts.get(this);
      if (context === undefined) throw new Error('request.auth: this route is public');
      return context;
    },
  });

  const validated = new WeakSet<object>();

  /** Validated here as well: a route can be older than the plugin, or changed by another hook. */
  function requirementOf({ routeOptions }: FastifyRequest): RouteAuth {
    const auth = routeOptions.config?.auth;
    if (auth === undefined || auth === 'public') return auth ?? {};
    if (!validated.has(auth)) {
      validateRouteAuth(auth, `${routeOptions.method} ${routeOptions.url}`, guard);
      validated.add(auth);
    }
    return auth;
  }

  app.addHook('onRoute', ({ method, url, config }) => {
    validateRouteAuth(config?.auth, `${method} ${url}`, guard);
  });

  // Hooks with a callback: one that is asynchronous costs each request as much as looking a token up.

  // First of all hooks, so that neither body nor handler of a refused request is touched.
  app.addHook('onRequest', (request, reply, done) => {
    const requirement = requirementOf(request);
    if (requirement === 'public') return done();
    decide(request, requirement)
      .then((decision) => applyDecision(request, reply, decision))
      .then((isGranted) => {
        if (isGranted) done();
      }, done);
  });

  // RFC 6750 §2: one method per request. The parsed body is known only now.
  app.addHook('preValidation', (request, reply, done) => {
    if (request.body === undefined || !isForm(request)) return done();
    const requirement = requirementOf(request);
    if (requirement === 'public') return done();
    try {
      refuseTokenInForm(request.body);
    } catch (error) {
      if (!isAuthError(error)) throw error;
      guard.refuse(error, requirement).then((refusal) => {
        sendRefusal(request, reply, refusal);
      }, done);
      return;
    }
    done();
  });
}

function isForm(request: FastifyRequest): boolean {
  const type = request.headers['content-type'] ?? '';
  return /^application\/x-www-form-urlencoded\b/i.test(type);
}

function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  { denial, error }: Refusal,
): FastifyReply {
  if (isAuthError(error)) logRefused(request, error, 'request refused');
  else logUnavailable(request, error);
  setHeaders(reply, denial.headers);
  return reply.code(denial.status).send(denial.body);
}

function logReported(request: FastifyRequest, reported: AuthError | UnavailableError): void {
  if (isAuthError(reported)) logRefused(request, reported, 'request reported, not refused');
  else logUnavailable(request, reported);
}

function logRefused(request: FastifyRequest, error: AuthError, what: string): void {
  const { reason, code, facts } = error;
  request.log.info({ reason, code, facts }, `${what}: ${error.message}`);
}

function logUnavailable(request: FastifyRequest, error: UnavailableError): void {
  request.log.error({ err: error, component: error.component }, 'request could not be checked');
}

/** Sets fields; those that occur several times, such as challenges, become several lines. */
function setHeaders(reply: FastifyReply, headers: HeaderList): void {
  if (headers.length === 0) return;
  const lines = new Map<string, string[]>();
  for (const [name, value] of headers) lines.set(name, [...(lines.get(name) ?? []), value]);
  for (const [name, values] of lines) reply.header(name, values.length === 1 ? values[0] : values);
  if (lines.has('dpop-nonce')) neverStored(reply.raw);
}

/**
 * A Fastify plugin that protects every route of the scope it is registered in. Register it inside
 * `app.register(async (scope) => …)` to protect a part of an application, several times for parts
 * with different schemes.
 *
 * On success `request.auth` says who is asking. On failure the route does not run and the answer is
 * the challenge of RFC 6750 §3 and RFC 9449 §7.1; the reason and the measured facts are logged at
 * level info, an outage at level error. No token, proof or nonce is logged.
 *
 * Registered at the root, it refuses requests for routes that do not exist like all others; in a scope
 * with a prefix those are the root's business.
 *
 * @throws TypeError at registration, see {@link createGuard}; when `forwardAuth` is no function; when it is registered
 * twice in one scope; when a route's `config.auth` is not a {@link RouteAuth}.
 */
export const keybound: FastifyPluginAsync<KeyboundOptions> = fastifyPlugin(register, {
  name: '@keybound/fastify',
  fastify: '5.x',
});
