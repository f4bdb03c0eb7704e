import { sendFault } from '@keybound/app-kit';
import type { FastifyInstance } from 'fastify';
import { TARGET_PARAMETER } from '../comparison/malicious-api.ts';
import type { WireRequest } from '../comparison/wire.ts';
import type { LabConfig } from '../lab/lab-config.ts';
import { answerMaliciously } from './malicious-answer.ts';
import { wireRequest } from './malicious-server.ts';

/** Where the malicious API of the lab is, on the origin of the thief. */
const MALICIOUS_PATH = '/malicious-api/notes';

/** The malicious API that pages of the lab call, and what the thief finds there afterwards. */
export function maliciousRoutes(
  app: FastifyInstance,
  { labOrigin, deskOrigin, resource }: LabConfig,
): void {
  let received: WireRequest | undefined;
  const cors = {
    'access-control-allow-origin': labOrigin,
    'access-control-allow-headers': 'Authorization, DPoP, X-API-Key',
    'access-control-expose-headers': 'WWW-Authenticate, DPoP-Nonce',
    'cache-control': 'no-store',
  };

  app.options(MALICIOUS_PATH, async (_request, reply) => reply.code(204).headers(cors).send());

  app.get(MALICIOUS_PATH, async (request, reply) => {
    reply.headers(cors);
    const target = (request.query as Readonly<Record<string, unknown>>)[TARGET_PARAMETER];
    // It is after one API only: it must not be a way to make this server call others.
    const isVictim = typeof target === 'string' && target.startsWith(`${resource}/`);
    if (!isVictim) return sendFault(reply, 400);
    received = { ...wireRequest(request.raw), url: `${deskOrigin}${request.url}` };
    const { status, headers } = await answerMaliciously(target, received.headers.dpop);
    return reply.code(status).headers(headers).send();
  });

  // For the desk, which has this origin; no other origin may read it.
  app.get('/malicious-api/received', async (_request, reply) =>
    reply.header('cache-control', 'no-store').send(received ?? null),
  );
}
