import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as a server of the tests saw it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  /** The values of all field lines with a name, in lower case. */
  fields(name: string): readonly string[];
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string;
}

export interface TestServer {
  readonly origin: string;
  readonly received: readonly Received[];
}

/** A real server on 127.0.0.1 until the test ends. It sends no `Date` of its own. */
export async function startServer(
  answer: (request: Received, index: number) => Reply,
): Promise<TestServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const seen: Received = {
        method: request.method ?? '',
        path: request.url ?? '',
        fields: (name) => request.headersDistinct[name] ?? [],
        body: Buffer.concat(chunks).toString(),
      };
      received.push(seen);
      const { status = 200, headers = {}, body = '' } = answer(seen, received.length - 1);
      response.sendDate = false;
      response.writeHead(status, { ...headers }).end(body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, received };
}

/** One reply after the other; the last one again and again. */
export function replies(...list: readonly Reply[]): (request: Received, index: number) => Reply {
  return (_request, index) => list[Math.min(index, list.length - 1)] ?? {};
}

/** A JSON answer with a status. */
export function json(status: number, value: unknown, headers: Reply['headers'] = {}): Reply {
  const body = JSON.stringify(value);
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** A 401 with an error code in a challenge. */
export function challenge(error: string, headers: Reply['headers'] = {}, scheme = 'DPoP'): Reply {
  const field = `Bearer realm="a, b", ${scheme} algs="ES256", error="${error}"`;
  return { status: 401, headers: { 'www-authenticate': field, ...headers } };
}
