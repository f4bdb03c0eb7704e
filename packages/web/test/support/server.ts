import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { onTestFinished } from 'vitest';

/** What a Web-standard server is: a function from a request to a response. */
export type Handler = (request: Request) => Response | Promise<Response>;

/** Serves as `@hono/node-server` does, with its own light `Request`. Ends with the test. */
export function listenWithHono(handler: Handler): Promise<number> {
  return listen(getRequestListener(handler));
}

/** Serves with the `Request` and the `Headers` of Node itself. Ends with the test. */
export function listenWithNode(handler: Handler): Promise<number> {
  return listen(async (message, outgoing) => {
    const response = await respond(handler, message);
    const body = Buffer.from(await response.arrayBuffer());
    outgoing.setHeaders(response.headers);
    outgoing.statusCode = response.status;
    outgoing.end(body);
  });
}

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

async function respond(handler: Handler, message: IncomingMessage): Promise<Response> {
  try {
    return await handler(await webRequest(message));
  } catch {
    return new Response('Internal Server Error', { status: 500 });
  }
}

/** Every line is appended, so that none is lost. */
async function webRequest(message: IncomingMessage): Promise<Request> {
  const { method = '', url = '', rawHeaders } = message;
  const headers = new Headers();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  }
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const body = chunks.length === 0 ? null : Buffer.concat(chunks);
  const absolute = url.startsWith('/') ? `http://${message.headers.host}${url}` : url;
  return new Request(absolute, { method, headers, body });
}
