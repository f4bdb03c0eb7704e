import { connect } from 'node:net';
import { parseResponse, type RawResponse } from './parse-response.ts';

/** Exact bytes for a server, and where it is. */
export interface Exchange {
  /** The name or address of the server. */
  readonly host: string;
  /** The TCP port of the server. */
  readonly port: number;
  /** The request; each character is one byte (ISO 8859-1). */
  readonly raw: string;
  /** The own address of the connection, for a server that tells its proxies by it. */
  readonly localAddress?: string;
  /** How long the connection may be silent, in milliseconds. @defaultValue 5000 */
  readonly timeoutMs?: number;
}

/**
 * Sends exact bytes to an HTTP/1.1 server and reads its answer, with nothing repaired on either way: for
 * adapters that answer `raw-request`.
 *
 * @throws Error when there is no connection, no whole answer in time, or one that is not HTTP/1.1.
 */
export function exchange(options: Exchange): Promise<RawResponse> {
  const { host, port, raw, localAddress, timeoutMs = 5_000 } = options;
  const isHead = raw.startsWith('HEAD ');
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, ...(localAddress === undefined ? {} : { localAddress }) });
    let received = Buffer.alloc(0);
    const finish = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    const fail = (error: unknown): void => finish(() => reject(error));
    const read = (isClosed: boolean): void => {
      try {
        const response = parseResponse(received, { isHead, isClosed });
        if (response !== undefined) finish(() => resolve(response));
        else if (isClosed) fail(new Error(`the connection ended after ${received.length} bytes`));
      } catch (error) {
        fail(error);
      }
    };
    socket.setTimeout(timeoutMs, () => fail(new Error(`no whole answer within ${timeoutMs} ms`)));
    socket.on('error', fail);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      read(false);
    });
    socket.on('end', () => read(true));
    socket.write(raw, 'latin1');
  });
}
