import {
  type AuthContext,
  createRepeatableGuard,
  type Grant,
  type GuardOptions,
  type HeaderList,
  isAuthError,
  neverStored,
  type ProtectedRequest,
  type Refusal,
  type Requirement,
  refuseTokenInForm,
} from '@keybound/core';
import type { Request, RequestHandler, Response } from 'express';
import { protectedRequest } from './protected-request.ts';

/** Options of {@link createExpressGuard}: the schemes offered here and how challenges name this place. */
export interface ExpressGuardOptions extends GuardOptions {
  /**
   * What `createForwardAuth` of `@keybound/core` returns, where routes answer the questions of a proxy
   * (nginx `auth_request`, Traefik ForwardAuth, Caddy `forward_auth`): the request that is decided about is
   * the one the proxy asks about, and whoever is no such proxy is refused. The scopes are the ones the
   * answering route asks for, whatever is asked about.
   * @defaultValue requests are decided about as they come
   */
  readonly forwardAuth?: (question: ProtectedRequest) => ProtectedRequest;
}

/**
 * Makes the middleware that lets pass who has a good token, with these scopes and one of these schemes
 * where some are asked for.
 *
 * @throws TypeError when the requirement is none, or nobody could meet it, see `Guard.validate` of `@keybound/core`.
 */
export type ExpressGuard = (requirement?: Requirement) => RequestHandler;

declare global {
  namespace Express {
    interface Request {
      /**
       * Who is asking, behind a guard of `@keybound/express`. `scheme` tells bearer from DPoP. On a route
       * without a guard it is undefined, whatever its type says: read members without `?.`, so that a
       * forgotten guard is an error and no answer.
       */
      readonly auth: AuthContext;
    }
  }
}

/**
 * A guard for Express 5. `guard()` is a middleware for a route, a router or an application;
 * `guard({ scopes: ['notes:read'] })` asks for a scope as well. On one request several may follow each other,
 * for example one of the application and one of the route: token and proof are checked by the first.
 *
 * On success `request.auth` says who is asking. On failure the handlers behind it do not run and the
 * answer is the challenge of RFC 6750 §3 and RFC 9449 §7.1. Only what is neither a refusal nor an outage
 * reaches the error handlers of the application.
 *
 * A form that was parsed before the guard runs must not carry an access token beside the header (RFC 6750
 * §2). Not checked: other bodies, and forms that are parsed behind the last guard.
 *
 * @throws TypeError as `createGuard` of `@keybound/core`, or when `forwardAuth` is no function.
 */
export function createExpressGuard(options: ExpressGuardOptions): ExpressGuard {
  const { forwardAuth = (request: ProtectedRequest) => request } = options;
  if (typeof forwardAuth !== 'function') {
    throw new TypeError('forwardAuth: give what createForwardAuth returns');
  }
  const guard = createRepeatableGuard(options);
  const adapted = new WeakMap<Request, ProtectedRequest>();

  /** The same object for the same request, so that it is authenticated once. */
  function adapt(request: Request): ProtectedRequest {
    const known = adapted.get(request);
    if (known !== undefined) return known;
    const made = forwardAuth(protectedRequest(request));
    adapted.set(request, made);
    return made;
  }

  async function decide(request: Request, requirement: Requirement): Promise<Grant | Refusal> {
    try {
      const decision = await guard.decide(adapt(request), requirement);
      if (decision.granted && isForm(request)) refuseTokenInForm(request.body);
      return decision;
    } catch (error) {
      if (!isAuthError(error)) throw error;
      return guard.refuse(error, requirement);
    }
  }

  return (requirement = {}) => {
    guard.validate(requirement);
    // Express 5 hands what a middleware rejects with to the error handlers.
    return async (request, response, next) => {
      const decision = await decide(request, requirement);
      if (!decision.granted) return sendRefusal(response, decision);
      Object.assign(request, { auth: decision.auth });
      setFields(response, decision.headers);
      next();
    };
  };
}

function isForm(request: Request): boolean {
  const type = request.headers['content-type'] ?? '';
  return /^application\/x-www-form-urlencoded\b/i.test(type);
}

function sendRefusal(response: Response, { denial }: Refusal): void {
  setFields(response, denial.headers);
  response.statusCode = denial.status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(denial.body));
}

/** Sets fields; those that occur several times, such as challenges, become several lines. */
function setFields(response: Response, fields: HeaderList): void {
  for (const [name] of fields) response.removeHeader(name);
  for (const [name, value] of fields) response.appendHeader(name, value);
  if (fields.some(([name]) => name === 'dpop-nonce')) neverStored(response);
}
