import type { FastifyInstance } from 'fastify';

/** What a field costs that lets in: how long the checks took, for everybody who may read it. */
export const TIMING_FIELD = 'Server-Timing';

/**
 * Says in `Server-Timing` how long the checks of a scope took, in milliseconds, when they let a request
 * in. Demonstration only: what is measured here says something about keys and caches.
 *
 * @param registerChecks - adds the hooks that are timed
 */
export async function timeChecks(
  scope: FastifyInstance,
  registerChecks: () => Promise<void> | void,
): Promise<void> {
  const startedAt = new WeakMap<object, number>();
  scope.addHook('onRequest', async (request) => {
    startedAt.set(request, performance.now());
  });
  await registerChecks();
  scope.addHook('onRequest', async (request, reply) => {
    const spent = performance.now() - (startedAt.get(request) ?? 0);
    reply.header(TIMING_FIELD, `auth;dur=${spent.toFixed(3)}`);
  });
}
