import type { Observation } from '../observation.ts';
import type { ProtectedRequest } from '../request/protected-request.ts';
import type { Authentication, Authenticator } from './authenticator.ts';
import { createGuard, type Guard, type GuardOptions } from './guard.ts';

/**
 * {@link createGuard} for places where several guards stand in the way of one request, one for a whole
 * application and one for a route: it may be asked again about the same `ProtectedRequest`, and then only
 * scheme and scope are looked at anew. A proof that was checked a second time would be a replayed one.
 * Each of these decisions is told to `onDecision`; what was measured is in the first.
 *
 * Adapters give it the same object for the same request, and another one for another request. Not looked at
 * again: whether the token has ended or was revoked meanwhile. It costs a weak reference a request, which
 * {@link createGuard} spares those that ask once.
 *
 * @throws TypeError as {@link createGuard}.
 */
export function createRepeatableGuard(options: GuardOptions): Guard {
  createGuard(options); // finds what is wrong with the options before they are wrapped
  return createGuard({
    ...options,
    authenticators: options.authenticators.map(authenticateOnce),
  });
}

interface Asked {
  readonly token: string;
  readonly authentication: Promise<Authentication>;
  readonly observation: Observation | undefined;
}

function authenticateOnce(authenticator: Authenticator): Authenticator {
  const asked = new WeakMap<ProtectedRequest, Asked>();
  return {
    ...authenticator, // without what a class has, which is written out
    scheme: authenticator.scheme,
    challenge: authenticator.challenge,
    authenticate(request, token, observation) {
      const known = asked.get(request);
      if (known?.token === token) {
        if (observation !== undefined) observation.clientId = known.observation?.clientId;
        return known.authentication;
      }
      const authentication = authenticator
        .authenticate(request, token, observation)
        .then(freezeContext);
      asked.set(request, { token, authentication, observation });
      return authentication;
    },
    refusalHeaders: async () => (await authenticator.refusalHeaders?.()) ?? [],
  };
}

/** Handlers get it before the next guard looks at it. */
function freezeContext(authentication: Authentication): Authentication {
  Object.freeze(authentication.context.scope);
  Object.freeze(authentication.context);
  return authentication;
}
