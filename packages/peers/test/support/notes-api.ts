import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  createGuard,
  createJwtVerifier,
  createKeySet,
  type Denial,
  type HeaderList,
} from '@keybound/core';
import { createDpopAuthenticator, createMemoryReplayStore, createNonces } from '@keybound/dpop';
import keybound, { protectedRequest } from '@keybound/fastify';
import { ISSUER, KEYS, keySet } from '@keybound/test-kit';
import Fastify from 'fastify';
import { WebSocketServer } from 'ws';

/** An API that demands DPoP proofs with nonces, for requests and for upgrades to WebSocket. */
export interface NotesApi {
  /** The audience of its tokens. */
  readonly origin: string;
  /** What it answered so far, such as `GET /notes 401`. */
  readonly answers: string[];
  close(): Promise<void>;
}

/**
 * Starts the API on a free port. `GET /notes` and `POST /notes` show who asks, and the body; `POST
 * /socket-tickets` gives a ticket for one upgrade; `/socket` sends who is there, then what it gets.
 */
export async function startNotesApi(): Promise<NotesApi> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tokens = createJwtVerifier({
    issuer: ISSUER,
    audience: origin,
    keys: createKeySet(keySet(KEYS.issuer)),
  });
  const nonces = createNonces({
    secrets: () => ['a secret of the API, 32 characters'],
    server: origin,
  });
  const replay = createMemoryReplayStore();
  const dpop = createDpopAuthenticator({ tokens, publicOrigin: origin, replay, nonces });
  const answers: string[] = [];
  const tickets = new Map<string, string | undefined>();

  // The port comes first: the authenticator must know the origin.
  const app = Fastify({ serverFactory: (handler) => server.on('request', handler) });
  app.addHook('onSend', async (request, reply) => {
    answers.push(`${request.method} ${request.url} ${reply.statusCode}`);
  });
  await app.register(keybound, { authenticators: [dpop] });
  app.get('/notes', async ({ auth }) => ({ owner: auth.claims.sub }));
  app.post('/notes', async ({ auth, body }) => ({ owner: auth.claims.sub, body }));
  app.post('/socket-tickets', async ({ auth }) => {
    const ticket = randomUUID();
    tickets.set(ticket, auth.claims.sub);
    return { ticket };
  });
  await app.ready();

  const guard = createGuard({ authenticators: [dpop] });
  const sockets = new WebSocketServer({ noServer: true });
  const grantedHeaders = new WeakMap<IncomingMessage, HeaderList>();
  sockets.on('headers', (lines, request) => {
    for (const [name, value] of grantedHeaders.get(request) ?? []) lines.push(`${name}: ${value}`);
  });

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { url = '', method = '' } = request;
    const { pathname, searchParams } = new URL(url, origin);
    const ticket = searchParams.get('ticket') ?? '';
    let owner = tickets.get(ticket);
    // Good once: a URL gets into logs.
    if (!tickets.delete(ticket)) {
      const asked = protectedRequest({ method, originalUrl: url, raw: request, server: app });
      const decision = await guard.decide(asked, { scopes: ['notes:read'] });
      answers.push(`UPGRADE ${pathname} ${decision.granted ? 101 : decision.denial.status}`);
      if (!decision.granted) return refuse(socket, decision.denial);
      grantedHeaders.set(request, decision.headers);
      owner = decision.auth.claims.sub;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('message', (data) => webSocket.send(String(data)));
      webSocket.send(`hello ${owner}`);
    });
  }
  server.on('upgrade', upgrade);

  return {
    origin,
    answers,
    async close(): Promise<void> {
      for (const client of sockets.clients) client.terminate();
      await app.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The answer of the guard on a connection where nobody else writes HTTP. */
function refuse(socket: Duplex, { status, headers, body }: Denial): void {
  const text = JSON.stringify(body);
  const fields: HeaderList = [
    ...headers,
    ['content-type', 'application/json'],
    ['content-length', String(Buffer.byteLength(text))],
    ['connection', 'close'],
  ];
  const lines = fields.map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} Refused`, ...lines, '', text].join('\r\n'));
}
