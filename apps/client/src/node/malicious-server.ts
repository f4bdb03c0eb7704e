import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type MaliciousApi, TARGET_PARAMETER } from '../comparison/malicious-api.ts';
import type { WireRequest } from '../comparison/wire.ts';
import { answerMaliciously } from './malicious-answer.ts';

/** A malicious API that listens on a port of its own. */
export interface MaliciousServer extends MaliciousApi {
  close(): Promise<void>;
}

/** Starts the malicious API on a free port. */
export async function startMaliciousServer(): Promise<MaliciousServer> {
  let received: WireRequest | undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://localhost');
    received = wireRequest(request);
    const target = url.searchParams.get(TARGET_PARAMETER) ?? '';
    const { status, headers } = await answerMaliciously(target, received.headers.dpop);
    response.writeHead(status, headers).end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    urlFor: (target) => `${origin}/notes?${new URLSearchParams({ [TARGET_PARAMETER]: target })}`,
    lastReceived: async () => received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a server of Node received, as a thief notes it. */
export function wireRequest({ method, url, headers }: IncomingMessage): WireRequest {
  return {
    method: method ?? '',
    url: url ?? '',
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
    ),
    body: undefined,
  };
}
