import { UnavailableError } from '@keybound/core';
import { adapterContract, CACHEABLE, type ContractRoute } from '@keybound/test-kit/contracts';
import express, { type RequestHandler, Router } from 'express';
import { createExpressGuard } from '../src/index.ts';
import { createSchemes } from './support/schemes.ts';
import { listen } from './support/server.ts';

adapterContract('express', {
  createSchemes,
  createOutage: (retryAfterSeconds) =>
    new UnavailableError('replay_store', 'gone', { retryAfterSeconds }),
  start(authenticators, routes) {
    return listen((app) => {
      const guard = createExpressGuard({ authenticators });
      for (const route of routes) {
        const router = Router();
        const path = route.path === '*' ? '/{*path}' : route.path;
        const before = route.access === 'public' ? [] : [...parser(route), guard(route.access)];
        router.all(path, ...before, handler(route));
        app.use(route.mount ?? '/', router);
      }
    });
  },
  target: 'as sent',
});

function parser({ readsForm }: ContractRoute): RequestHandler[] {
  return readsForm ? [express.urlencoded()] : [];
}

function handler({ access, handle }: ContractRoute): RequestHandler {
  return (request, response) => {
    response.set('cache-control', CACHEABLE);
    response.json(handle(access === 'public' ? undefined : request.auth));
  };
}
