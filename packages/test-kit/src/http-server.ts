import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a {@link TestServer} received it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Field names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What a route answers; `'silence'` reads the request and never answers. */
export type ServerAnswer =
  | 'silence'
  | {
      /** @defaultValue 200 */
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** An object goes out as JSON, text and bytes as they are. */
      readonly body?: object | string | Uint8Array;
    };

/** A real HTTP server on a free port of this machine. */
export interface TestServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Answers by target; a target that is not here answers 404. May change at any time. */
  readonly routes: Map<string, ServerAnswer | ((request: ReceivedRequest) => ServerAnswer)>;
  /** Everything received so far, in order. */
  readonly received: readonly ReceivedRequest[];
  /** How often a target was asked for. */
  count(target: string): number;
  close(): Promise<void>;
}

/** Starts a {@link TestServer}. Close it, or the test run does not end. */
export async function startServer(): Promise<TestServer> {
  const routes: TestServer['routes'] = new Map();
  const received: ReceivedRequest[] = [];

  const server = createServer(async (message, response) => {
    const request = await receive(message);
    received.push(request);
    const route = routes.get(request.target) ?? { status: 404 };
    answer(response, typeof route === 'function' ? route(request) : route);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    origin: `http://127.0.0.1:${port}`,
    routes,
    received,
    count: (target) => received.filter((request) => request.target === target).length,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function receive(message: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const { method = '', url: target = '', headers } = message;
  return { method, target, headers, body: Buffer.concat(chunks).toString() };
}

function answer(response: ServerResponse, what: ServerAnswer): void {
  if (what === 'silence') return;
  const { status = 200, headers = {}, body = '' } = what;
  const isText = typeof body === 'string' || body instanceof Uint8Array;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
