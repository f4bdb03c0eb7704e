import { sendFault } from '@keybound/app-kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Cell } from '../comparison/compare.ts';
import type { Person } from '../comparison/person.ts';
import type { LabConfig } from '../lab/lab-config.ts';
import type { LabFile, LabFiles } from './lab-files.ts';
import { maliciousRoutes } from './malicious-routes.ts';

/** What the lab is served with. */
export interface LabOptions {
  readonly config: LabConfig;
  readonly files: LabFiles;
  /** Who signs in for the stories that begin with a fresh sign-in; only the published account does. */
  readonly person: Person | undefined;
  /** Plays the scenario of the client with a secret, which no page can keep. */
  readonly playWithSecret: (scenario: string) => Promise<readonly Cell[]>;
}

/** Scenarios that need a client with a secret. */
const WITH_SECRET: ReadonlySet<string> = new Set(['key-change']);

/** Serves the lab, the attacker's desk and the malicious API. */
export function labRoutes(app: FastifyInstance, options: LabOptions): void {
  const { config, files, person, playWithSecret } = options;
  const { labOrigin, deskOrigin } = config;
  const policies: Readonly<Record<string, string>> = {
    '/index.html': policy({
      'connect-src': `'self' ${config.issuer} ${config.resource} ${deskOrigin}`,
      'frame-src': deskOrigin,
      'frame-ancestors': "'none'",
    }),
    '/callback.html': policy({ 'connect-src': "'none'", 'frame-ancestors': "'none'" }),
    '/desk.html': policy({
      'connect-src': `'self' ${config.issuer} ${config.resource}`,
      'frame-ancestors': labOrigin,
    }),
  };

  function sendFile(request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply {
    const file = files.get(path);
    if (file === undefined) return sendFault(reply, 404);
    const pagePolicy = policies[path];
    if (pagePolicy !== undefined) reply.header('content-security-policy', pagePolicy);
    return send(request, reply, file);
  }

  app.get('/', (request, reply) => {
    // On another name the lab would have the origin of the thief, or a redirect URI nobody knows.
    if (request.headers.host !== new URL(labOrigin).host) return reply.redirect(labOrigin, 303);
    return sendFile(request, reply, '/index.html');
  });
  for (const page of ['/callback.html', '/desk.html']) {
    app.get(page, (request, reply) => sendFile(request, reply, page));
  }
  app.get('/assets/*', (request, reply) => {
    const [path = ''] = request.url.split('?');
    return sendFile(request, reply, path);
  });

  app.get('/lab.json', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send(config),
  );

  app.post('/person', async (request, reply) => {
    const { url } = (request.body ?? {}) as { url?: unknown };
    if (!isFromLab(request, labOrigin) || typeof url !== 'string') return sendFault(reply, 403);
    if (person === undefined) return sendFault(reply, 404);
    // The scripted person goes to the authorization server and nowhere else.
    if (!URL.canParse(url) || new URL(url).origin !== new URL(config.issuer).origin) {
      return sendFault(reply, 400);
    }
    return { url: (await person.approve(url)).href };
  });

  app.post('/with-secret/:scenario', async (request, reply) => {
    const { scenario } = request.params as { scenario: string };
    if (!isFromLab(request, labOrigin)) return sendFault(reply, 403);
    if (!WITH_SECRET.has(scenario)) return sendFault(reply, 404);
    return playWithSecret(scenario);
  });

  maliciousRoutes(app, config);
}

/** The page of the lab says where it is; nobody else has business with Alice, the desk least of all. */
function isFromLab({ headers }: FastifyRequest, labOrigin: string): boolean {
  return headers.origin === labOrigin && headers.host === new URL(labOrigin).host;
}

function policy(directives: Readonly<Record<string, string>>): string {
  const all = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': "'none'",
    ...directives,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

function send(request: FastifyRequest, reply: FastifyReply, file: LabFile): FastifyReply {
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (takesGzip) reply.header('content-encoding', 'gzip');
  return reply
    .headers({
      'content-type': file.type,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      vary: 'Accept-Encoding',
      'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-store',
    })
    .send(takesGzip ? file.gzipped : file.body);
}
