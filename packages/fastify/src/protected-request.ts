import type { ProtectedRequest } from '@keybound/core';
import type { FastifyRequest } from 'fastify';

/**
 * A Fastify request as the checks need it. Field lines come from `rawHeaders`, because Node's parsed
 * headers drop a second `Authorization` and join several `DPoP` lines; the target is the one before
 * `rewriteUrl`.
 */
export function protectedRequest(request: FastifyRequest): ProtectedRequest {
  const { rawHeaders } = request.raw;
  return {
    method: request.method,
    target: request.originalUrl,
    headers(name: string): readonly string[] {
      const values: string[] = [];
      for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
        if (rawHeaders[i]?.toLowerCase() === name) values.push(rawHeaders[i + 1] ?? '');
      }
      return values;
    },
  };
}
