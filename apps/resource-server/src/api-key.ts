import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** The name under which the holder of the API key keeps notes. */
export const API_KEY_OWNER = 'api-key';

/** Lets requests in that carry the key in `X-API-Key`: the oldest lane of the comparison. */
export function requireApiKey(app: FastifyInstance, apiKey: string): void {
  const expected = hashOf(apiKey);
  app.addHook('onRequest', async (request, reply) => {
    const presented = request.headers['x-api-key'];
    if (typeof presented === 'string' && timingSafeEqual(hashOf(presented), expected)) return;
    return reply.code(401).send({ error_description: 'An API key is required' });
  });
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
