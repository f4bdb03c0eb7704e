import {
  createRepeatableGuard,
  type Grant,
  type GuardOptions,
  isAuthError,
  type ProtectedRequest,
  type Refusal,
  type Requirement,
  refuseTokenInForm,
} from '@keybound/core';
import { protectedRequest } from './protected-request.ts';
import { withFields } from './response-fields.ts';

/** Options of {@link createRequestGuard}: the schemes offered here and how challenges name this place. */
export interface RequestGuardOptions extends GuardOptions {
  /**
   * Who is at the other end of the connection of a request: an IP address, or `unix:`. Only needed with
   * `proxies` of `@keybound/dpop`, which believes fields of listed peers. Take it from the runtime, never
   * from a field that a client can write. @defaultValue not known, and no proxy is believed
   */
  readonly peerAddress?: (request: Request) => string | undefined;
}

/** The request may pass. */
export interface GrantedAccess extends Grant {
  /**
   * The response with the fields it must carry, such as a new `DPoP-Nonce`, which is then never stored by
   * a cache. Send what this returns: it is the response that was given, or a copy where its headers cannot
   * be changed.
   */
  apply(response: Response): Response;
  /**
   * For a route that reads a form: the refusal of a request whose form carries an access token beside the
   * header (RFC 6750 §2: one method per request), or `undefined`. Other content types than
   * `application/x-www-form-urlencoded` are not looked at.
   *
   * @param form - the form as you read it, for example with `request.formData()`
   */
  refuseTokenInForm(form: Pick<URLSearchParams, 'has'>): Promise<RefusedAccess | undefined>;
}

/** The request is refused: `response` is the answer, `error` is for logs. */
export interface RefusedAccess extends Refusal {
  /** Challenges, a fresh nonce where one is used, and a short JSON body. It can be sent once. */
  readonly response: Response;
}

/** Decides whether a request may pass. */
export interface RequestGuard {
  /**
   * Who is asking, or the answer to send in place of your own. It may be called again for the same
   * `Request` object, for example with the scope of a route: a proof is spent once. Never throws for
   * anything a client can send.
   *
   * @throws TypeError when the requirement is none, or nobody could meet it, see `Guard.validate` of `@keybound/core`.
   */
  decide(request: Request, requirement?: Requirement): Promise<GrantedAccess | RefusedAccess>;
}

/**
 * A guard for WHATWG `Request`s: in Hono, in Next.js route handlers, in Bun, Deno and workers. It reads
 * method, URL and header fields, never the body.
 *
 * @throws TypeError as `createGuard` of `@keybound/core`, or when `peerAddress` is no function.
 */
export function createRequestGuard(options: RequestGuardOptions): RequestGuard {
  const { peerAddress = () => undefined } = options;
  if (typeof peerAddress !== 'function') {
    throw new TypeError('peerAddress: give a function from a request to an address');
  }
  const guard = createRepeatableGuard(options);
  const adapted = new WeakMap<Request, ProtectedRequest>();

  /** The same object for the same request, so that it is authenticated once. */
  function adapt(request: Request): ProtectedRequest {
    const known = adapted.get(request);
    if (known !== undefined) return known;
    const made = protectedRequest(request, peerAddress(request));
    adapted.set(request, made);
    return made;
  }

  async function decideOn(request: Request, requirement: Requirement): Promise<Grant | Refusal> {
    let asked: ProtectedRequest;
    try {
      asked = adapt(request);
    } catch (error) {
      if (!isAuthError(error)) throw error;
      return guard.refuse(error, requirement);
    }
    return guard.decide(asked, requirement);
  }

  return {
    async decide(request, requirement = {}) {
      const decision = await decideOn(request, requirement);
      if (!decision.granted) return refused(decision);
      return {
        ...decision,
        apply: (response) => withFields(response, decision.headers),
        async refuseTokenInForm(form) {
          if (!isForm(request)) return undefined;
          try {
            refuseTokenInForm(form.has('access_token') ? { access_token: '' } : {});
            return undefined;
          } catch (error) {
            if (!isAuthError(error)) throw error;
            return refused(await guard.refuse(error, requirement));
          }
        },
      };
    },
  };
}

function refused(refusal: Refusal): RefusedAccess {
  const { status, headers, body } = refusal.denial;
  const fields = headers.map(([name, value]): [string, string] => [name, value]);
  return { ...refusal, response: Response.json(body, { status, headers: fields }) };
}

function isForm({ headers }: Request): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? '');
}
