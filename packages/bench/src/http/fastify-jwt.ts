import jwt from '@fastify/jwt';
import type { FastifyInstance } from 'fastify';
import { DEPLOYMENT } from '../requests.ts';
import { SUITE } from './suite.ts';

/** The framework's own JWT plugin with the cache of verified tokens that its verifier offers. */
export async function protectWithFastifyJwt(app: FastifyInstance): Promise<void> {
  await app.register(jwt, {
    secret: { public: SUITE.issuer.publicKey.export({ format: 'pem', type: 'spki' }) },
    verify: {
      algorithms: ['ES256'],
      allowedIss: DEPLOYMENT.issuer,
      allowedAud: DEPLOYMENT.audience,
      checkTyp: 'at+jwt',
      cache: true,
    },
  });
  app.addHook('onRequest', async (request) => {
    await request.jwtVerify();
  });
}
