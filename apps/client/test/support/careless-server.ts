import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What a careless server is told to say. */
export interface Carelessness {
  /** How long it says its tokens live. */
  readonly tokenSeconds: number;
  /** What stands in the answers that browsers bring, undefined for nothing. @defaultValue what has to */
  readonly answer?: Readonly<Record<string, string | undefined>>;
  /** Whether it says that its answers name it (RFC 9207 §3). @defaultValue that is left out */
  readonly promisesIss?: boolean;
}

/**
 * Authorization server and API in one that checks nothing: whoever asks for a token gets one, whoever
 * asks for notes is served, and no person is asked anything. It ends with the test.
 */
export async function startCarelessServer(carelessness: Carelessness): Promise<string> {
  const { tokenSeconds } = carelessness;
  const pushed: URLSearchParams[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', origin);
    const form = new URLSearchParams(await text(request));
    if (pathname === '/authorize') {
      const { redirect_uri: uri, state = '' } = Object.fromEntries(
        pushed[Number(searchParams.get('request_uri'))] ?? [],
      );
      const parameters = { code: 'c', state, iss: origin, ...carelessness.answer };
      // JSON leaves out what is undefined.
      const query = new URLSearchParams(JSON.parse(JSON.stringify(parameters)));
      response.writeHead(303, { location: `${uri}?${query}` }).end();
      return;
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(bodyOf(pathname, form, request.headers.dpop !== undefined)));
  }

  function bodyOf(pathname: string, form: URLSearchParams, hasProof: boolean): object {
    if (pathname === '/par') return { request_uri: String(pushed.push(form) - 1) };
    if (pathname === '/token') {
      return {
        access_token: 'a',
        refresh_token: 'r',
        token_type: hasProof ? 'DPoP' : 'Bearer',
        expires_in: tokenSeconds,
      };
    }
    return {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      pushed_authorization_request_endpoint: `${origin}/par`,
      revocation_endpoint: `${origin}/revoke`,
      authorization_response_iss_parameter_supported: carelessness.promisesIss,
    };
  }
  return origin;
}
