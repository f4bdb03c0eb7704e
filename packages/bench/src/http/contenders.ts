import type { SignatureThread } from '@keybound/core';
import type { FastifyInstance } from 'fastify';
import { nameAndVersion } from '../versions.ts';

/** A Fastify application with one route, and what stands in front of it. */
export interface HttpContender {
  readonly id: string;
  readonly name: string;
  /** The kind of request it is loaded with. */
  readonly receives: 'Bearer' | 'DPoP';
  /** `bare` does nothing, `raw` verifies one signature and looks at nothing else; both are yardsticks. */
  readonly does: 'bare' | 'raw' | 'all';
  /** Where it verifies, so that it can be held against the raw route that does so the same way. */
  readonly thread?: SignatureThread;
  /** Puts its checks in front of the routes that are added afterwards. */
  protect(app: FastifyInstance): Promise<void>;
}

const THREADS: readonly SignatureThread[] = ['adaptive', 'main', 'pool'];

/**
 * All contenders. Each is loaded by itself only when it is to be served, so that a server process
 * holds nothing of the others.
 */
export const CONTENDERS: readonly HttpContender[] = [
  bare('DPoP'),
  ...THREADS.map(raw),
  ...THREADS.map(keyboundDpop),
  {
    id: 'dpop-oauth4webapi',
    name: nameAndVersion('oauth4webapi'),
    receives: 'DPoP',
    does: 'all',
    protect: async (app) => (await import('./peers.ts')).protectWithOauth4webapi(app, 'DPoP'),
  },
  {
    id: 'dpop-jose',
    name: nameAndVersion('jose'),
    receives: 'DPoP',
    does: 'all',
    protect: async (app) => (await import('./peers.ts')).protectWithJose(app),
  },
  bare('Bearer'),
  {
    id: 'bearer-keybound',
    name: 'keybound, token seen before',
    receives: 'Bearer',
    does: 'all',
    protect: async (app) => (await import('./keybound.ts')).protectWithBearer(app),
  },
  {
    id: 'bearer-oauth4webapi',
    name: nameAndVersion('oauth4webapi'),
    receives: 'Bearer',
    does: 'all',
    protect: async (app) => (await import('./peers.ts')).protectWithOauth4webapi(app, 'Bearer'),
  },
  {
    id: 'bearer-fastify-jwt',
    name: `${nameAndVersion('@fastify/jwt')}, token seen before`,
    receives: 'Bearer',
    does: 'all',
    protect: async (app) => (await import('./fastify-jwt.ts')).protectWithFastifyJwt(app),
  },
];

function bare(receives: HttpContender['receives']): HttpContender {
  return {
    id: `${receives.toLowerCase()}-bare`,
    name: 'bare route',
    receives,
    does: 'bare',
    protect: async () => {},
  };
}

function raw(thread: SignatureThread): HttpContender {
  return {
    id: `dpop-raw-${thread}`,
    name: `one raw crypto.verify, ${thread}`,
    receives: 'DPoP',
    does: 'raw',
    thread,
    protect: async (app) => (await import('./raw-verify.ts')).protectWithRawVerify(app, thread),
  };
}

function keyboundDpop(thread: SignatureThread): HttpContender {
  return {
    id: `dpop-keybound-${thread}`,
    name: `keybound, ${thread}`,
    receives: 'DPoP',
    does: 'all',
    thread,
    protect: async (app) => (await import('./keybound.ts')).protectWithDpop(app, thread),
  };
}
