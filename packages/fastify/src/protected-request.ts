import { AuthError, type ProtectedRequest } from '@keybound/core';
import type { FastifyRequest } from 'fastify';

/**
 * A Fastify request as the checks need it. Field lines come from `rawHeaders`, because Node's parsed
 * headers drop a second `Authorization` and join several `DPoP` lines; the target is the one before
 * `rewriteUrl`.
 *
 * @throws AuthError `fields_too_many` when there are as many field lines as Node keeps: some releases
 * drop further ones without a word, and a second token could be among them.
 */
export function protectedRequest(request: FastifyRequest): ProtectedRequest {
  const { rawHeaders } = request.raw;
  // The names and values that Node keeps: 2000, or two for each of `maxHeadersCount`; 0 is no limit.
  const { maxHeadersCount } = request.server.server;
  const kept = typeof maxHeadersCount === 'number' ? maxHeadersCount * 2 : 2000;
  if (kept > 0 && rawHeaders.length >= kept) throw new AuthError('fields_too_many');
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
