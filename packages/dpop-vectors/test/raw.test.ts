import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { RawResponse } from '../src/parse-response.ts';
import { type Exchange, exchange } from '../src/raw.ts';

let server: Server | undefined;
const sockets: Socket[] = [];
afterEach(() => {
  server?.close();
  for (const socket of sockets.splice(0)) socket.destroy();
});

interface Answering {
  /** What is sent, piece after piece. */
  readonly pieces: readonly string[];
  /** Whether the server ends the connection after them. */
  readonly ends?: boolean;
}

/** Talks to a server that answers with fixed bytes; gives what it has received, too. */
async function talk(
  { pieces, ends = false }: Answering,
  options: Partial<Exchange> = {},
): Promise<{ readonly response: RawResponse; readonly received: Buffer }> {
  let received = Buffer.alloc(0);
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', async (chunk) => {
      received = Buffer.concat([received, chunk]);
      for (const piece of pieces) {
        await new Promise((resolve) => socket.write(Buffer.from(piece, 'latin1'), resolve));
      }
      if (ends) socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const raw = 'GET / HTTP/1.1\r\n\r\n';
  return { response: await exchange({ host: '127.0.0.1', port, raw, ...options }), received };
}

describe('a response', () => {
  test.each<[string, Answering, RawResponse]>([
    [
      'with a length, in pieces, and something behind it',
      {
        pieces: [
          'HTTP/1.1 401 Un',
          'authorized\r\nA: 1\r\na:  2 \r\nContent-Length: 4\r\n\r\n',
          'body…',
        ],
      },
      {
        status: 401,
        fields: [
          ['A', '1'],
          ['a', '2'],
          ['Content-Length', '4'],
        ],
        body: 'body',
      },
    ],
    [
      'in chunks with an extension and a trailer',
      {
        pieces: [
          'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\n{"a\r\n',
          '9\r\n":"\r\n\r\n"}\r\n0\r\nT: x\r\n',
          '\r\n',
        ],
      },
      {
        status: 200,
        fields: [['Transfer-Encoding', 'chunked']],
        body: '{"a":"\r\n\r\n"}',
      },
    ],
    [
      'that ends with the connection',
      { pieces: ['HTTP/1.0 400 Bad Request\r\n\r\nno'], ends: true },
      { status: 400, fields: [], body: 'no' },
    ],
    [
      'after an interim one',
      { pieces: ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nA: b\r\n\r\n'] },
      { status: 204, fields: [['A', 'b']], body: '' },
    ],
    [
      'in UTF-8, its fields byte for byte',
      { pieces: ['HTTP/1.1 200\r\nX: \u00ff\r\nContent-Length: 2\r\n\r\n\u00c3\u00bc'] },
      {
        status: 200,
        fields: [
          ['X', '\u00ff'],
          ['Content-Length', '2'],
        ],
        body: 'ü',
      },
    ],
  ])('%s', async (_, answering, response) => {
    expect((await talk(answering)).response).toEqual(response);
  });

  test('to HEAD has no content, whatever its length', async () => {
    const { response } = await talk(
      { pieces: ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n'] },
      { raw: 'HEAD / HTTP/1.1\r\n\r\n' },
    );
    expect(response).toMatchObject({ status: 200, body: '' });
  });
});

test('each character of the request is one byte', async () => {
  const raw = 'GET /\u00ff\u0000 HTTP/1.1\r\n\r\n';
  const { received } = await talk(
    { pieces: ['HTTP/1.1 204 No Content\r\n\r\n'] },
    { raw, localAddress: '127.0.0.1' },
  );
  expect(received).toEqual(Buffer.from(raw, 'latin1'));
});

describe('no response', () => {
  test.each<[string, Answering, string]>([
    ['but an end', { pieces: ['HTTP/1.1 200 OK\r\n'], ends: true }, 'ended after 17 bytes'],
    [
      'but half of its content',
      { pieces: ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'], ends: true },
      'the connection ended',
    ],
    ['of HTTP/1.1', { pieces: ['SSH-2.0-x\r\n\r\n'] }, 'not a status line: "SSH-2.0-x"'],
    ['with a line of its own', { pieces: ['HTTP/1.1 200 OK\r\nx\r\n\r\n'] }, 'not a field line'],
    [
      'with a length in words',
      { pieces: ['HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n'] },
      'not a length',
    ],
    [
      'with a chunk in words',
      { pieces: ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nten\r\n'] },
      'not the size of a chunk',
    ],
  ])('%s', async (_, answering, message) => {
    await expect(talk(answering)).rejects.toThrow(message);
  });

  test('in time', async () => {
    await expect(talk({ pieces: ['HTTP/1.1 '] }, { timeoutMs: 50 })).rejects.toThrow(
      'no whole answer within 50 ms',
    );
  });

  test('from nobody', async () => {
    const unused = createServer().listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const { port } = unused.address() as AddressInfo;
    unused.close();
    await once(unused, 'close');
    const nobody = exchange({ host: '127.0.0.1', port, raw: 'x' });
    await expect(nobody).rejects.toThrow('ECONNREFUSED');
  });
});
