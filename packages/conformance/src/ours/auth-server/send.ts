import type { AddressInfo } from 'node:net';
import type { AuthServerOptions, buildAuthServer } from '@keybound/auth-server';
import { exchange, type FieldLine, type RawResponse } from '@keybound/dpop-vectors';

type App = Awaited<ReturnType<typeof buildAuthServer>>;
type Issuer = AuthServerOptions['issuer'];

/** A request to an authorization server, whatever carries it. */
export interface Sent {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly fields: readonly FieldLine[];
  readonly body?: string;
}

/** Sends a request and follows no redirect. */
export type Send = (request: Sent) => Promise<RawResponse>;

/** Without a socket. A field that is repeated arrives as so many lines. */
export function sendByCall(app: App, issuer: Issuer): Send {
  return async ({ method, path, fields, body }) => {
    const headers: Record<string, string[]> = {};
    for (const [name, value] of fields) {
      const lines = headers[name.toLowerCase()] ?? [];
      headers[name.toLowerCase()] = [...lines, value];
    }
    const response = await app.inject({
      method: method as 'POST',
      url: path,
      authority: new URL(issuer).host,
      headers,
      ...(body !== undefined && { payload: body }),
    });
    return {
      status: response.statusCode,
      fields: Object.entries(response.headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((line): FieldLine => [name, String(line)]),
      ),
      body: response.body,
    };
  };
}

/** Over a socket, field lines as they stand. */
export function sendOverSocket(app: App, issuer: Issuer): Send {
  return ({ method, path, fields, body = '' }) => {
    const lines = [
      `${method} ${path} HTTP/1.1`,
      `Host: ${new URL(issuer).host}`,
      ...fields.map(([name, value]) => `${name}: ${value}`),
      ...(method === 'POST' ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
      'Connection: close',
    ];
    return sendBytes(app, `${lines.join('\r\n')}\r\n\r\n${Buffer.from(body).toString('latin1')}`);
  };
}

/** Sends bytes to a server that listens. */
export function sendBytes(app: App, raw: string): Promise<RawResponse> {
  const { port } = app.server.address() as AddressInfo;
  return exchange({ host: '127.0.0.1', port, raw });
}
