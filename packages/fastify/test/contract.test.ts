import formbody from '@fastify/formbody';
import { UnavailableError } from '@keybound/core';
import { adapterContract, CACHEABLE, type ContractRoute } from '@keybound/test-kit/contracts';
import type { FastifyInstance } from 'fastify';
import keybound from '../src/index.ts';
import { createSchemes, listen } from './support/server.ts';

adapterContract('fastify', {
  createSchemes,
  createOutage: (retryAfterSeconds) =>
    new UnavailableError('replay_store', 'gone', { retryAfterSeconds }),
  async start(authenticators, routes) {
    const { port } = await listen(async (app) => {
      await app.register(formbody);
      await app.register(keybound, { authenticators });
      for (const { mount = '', ...route } of routes) {
        await app.register(async (scope) => addRoute(scope, route), { prefix: mount });
      }
    });
    return port;
  },
  target: 'as sent',
});

function addRoute(app: FastifyInstance, { path, access, handle }: ContractRoute): void {
  app.all(path, { config: { auth: access } }, async (request, reply) => {
    reply.header('cache-control', CACHEABLE);
    return handle(access === 'public' ? undefined : request.auth);
  });
}
