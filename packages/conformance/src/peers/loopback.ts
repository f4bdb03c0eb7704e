import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@keybound/dpop-vectors';

/** An authorization server on loopback for peers that fetch: key sets, and one introspection endpoint. */
export interface Loopback {
  /** The URL of a key set, for each key set another one. */
  jwksUrl(jwks: object): string;
  readonly introspectUrl: string;
  /** What introspection answers from here on. */
  introspection: Readonly<Record<string, JsonObject>>;
  close(): Promise<void>;
}

/** Starts one on a free port. */
export async function startLoopback(): Promise<Loopback> {
  const keySets = new Map<string, string>();
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'application/json');
    const keySet = keySets.get(request.url ?? '');
    if (keySet !== undefined) response.end(keySet);
    else
      request
        .setEncoding('utf8')
        .toArray()
        .then((parts) => {
          const token = new URLSearchParams(parts.join('')).get('token') ?? '';
          const known = Object.hasOwn(loopback.introspection, token);
          response.end(JSON.stringify(known ? loopback.introspection[token] : { active: false }));
        });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const loopback: Loopback = {
    jwksUrl(jwks) {
      const text = JSON.stringify(jwks);
      const path = `/${createHash('sha256').update(text).digest('base64url')}`;
      keySets.set(path, text);
      return `${origin}${path}`;
    },
    introspectUrl: `${origin}/introspect`,
    introspection: {},
    close: () => closed(server),
  };
  return loopback;
}

async function closed(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
