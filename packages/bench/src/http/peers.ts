import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createJoseDpop } from '../contenders/jose.ts';
import { createOauth4webapi } from '../contenders/oauth4webapi.ts';
import type { PresentedRequest } from '../requests.ts';
import type { Contender } from '../table.ts';
import { SUITE } from './suite.ts';

/** `validateJwtAccessToken` in a hook, with the `Request` made of each Fastify request that it takes. */
export function protectWithOauth4webapi(
  app: FastifyInstance,
  scheme: 'Bearer' | 'DPoP',
): Promise<void> {
  return protect(app, scheme, createOauth4webapi(SUITE, scheme));
}

/** What a careful team writes with `jose`, in a hook. */
export function protectWithJose(app: FastifyInstance): Promise<void> {
  return protect(app, 'DPoP', createJoseDpop(SUITE));
}

async function protect(
  app: FastifyInstance,
  scheme: 'Bearer' | 'DPoP',
  contender: Contender<PresentedRequest>,
): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    try {
      const operation = await contender.prepare(presentedRequest(request, scheme));
      await operation();
    } catch {
      return reply.code(401).send({ error: 'invalid_token' });
    }
  });
}

function presentedRequest(
  { headers }: FastifyRequest,
  scheme: 'Bearer' | 'DPoP',
): PresentedRequest {
  const { authorization = '', dpop } = headers;
  if (!authorization.startsWith(`${scheme} `)) throw new Error('another scheme');
  return {
    scheme,
    token: authorization.slice(scheme.length + 1),
    ...(typeof dpop === 'string' && { proof: dpop }),
    signers: { token: SUITE.issuer.publicKey },
  };
}
