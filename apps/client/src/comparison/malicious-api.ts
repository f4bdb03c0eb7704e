import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { credentialsOf, deliver, type WireRequest } from './wire.ts';

/** An API that the client trusts and that passes on what it receives. */
export interface MaliciousApi {
  readonly origin: string;
  /** What the client has sent here so far, oldest first. */
  readonly received: readonly WireRequest[];
  /** Names the API that the next requests are going to be passed on to. */
  aimAt(url: string): void;
  close(): Promise<void>;
}

/**
 * Starts the malicious API on a free port. To get the best proof it can, it first asks its victim's
 * API for a nonce and demands that very nonce of the client.
 */
export async function startMaliciousApi(): Promise<MaliciousApi> {
  const received: WireRequest[] = [];
  let target = '';

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = plainHeaders(request);
    received.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers,
      body: undefined,
    });
    const { nonce } = await deliver({ method: 'GET', url: target, headers: {}, body: undefined });
    if (nonce !== undefined && nonceOf(headers.dpop) !== nonce) {
      response.writeHead(401, {
        'www-authenticate': 'DPoP error="use_dpop_nonce"',
        'dpop-nonce': nonce,
      });
    }
    response.end();
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    received,
    aimAt(url): void {
      target = url;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

function nonceOf(proof: string | undefined): unknown {
  const payload = proof?.split('.')[1];
  return payload && JSON.parse(Buffer.from(payload, 'base64url').toString()).nonce;
}

/** What the malicious API sends on: the credentials it was given, to the API it is after. */
export function passedOn(stolen: WireRequest, url: string): WireRequest {
  return { method: stolen.method, url, headers: credentialsOf(stolen), body: undefined };
}
