import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fieldValues, sendRaw } from '@keybound/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { neverStored } from '../../src/index.ts';

const CACHEABLE = 'public, max-age=60';

describe('neverStored', () => {
  it.each<[string, (response: ServerResponse) => unknown]>([
    ['sets nothing', (response) => response.end()],
    ['sets the field', (response) => response.setHeader('Cache-Control', CACHEABLE).end()],
    ['appends it', (response) => response.appendHeader('cache-control', CACHEABLE).end()],
    [
      'sets several',
      (response) => response.setHeaders(new Headers({ 'cache-control': CACHEABLE })).end(),
    ],
    [
      'takes it away',
      (response) => {
        response.removeHeader('cache-control');
        response.end();
      },
    ],
    [
      'sends fields at once',
      (response) => {
        response.setHeader('cache-control', CACHEABLE).flushHeaders();
        response.end();
      },
    ],
    [
      'gives an object',
      (response) => response.writeHead(200, { 'Cache-Control': CACHEABLE, A: 'b' }).end(),
    ],
    [
      'gives a phrase and an object',
      (response) => response.writeHead(200, 'Fine', { 'CACHE-CONTROL': CACHEABLE, A: 'b' }).end(),
    ],
    [
      'gives a list',
      (response) => response.writeHead(200, ['Cache-Control', CACHEABLE, 'A', 'b']).end(),
    ],
  ])(
    'a handler that %s → no-store, and its other fields stay [DPOP-8.2-02]',
    async (name, handler) => {
      const port = await listen((response) => {
        neverStored(response);
        handler(response);
      });
      const lines = ['GET / HTTP/1.1', 'Host: rs.example', 'Connection: close'];
      const response = await sendRaw(port, lines);
      expect(response.status).toBe(200);
      expect(fieldValues(response, 'cache-control')).toEqual(['no-store']);
      expect(fieldValues(response, 'a')).toEqual(name.startsWith('gives') ? ['b'] : []);
    },
  );

  it.each(['setHeader', 'appendHeader'] as const)(
    'a hook that is older and calls %s last of all → no-store [DPOP-8.2-02]',
    async (call) => {
      const port = await listen((response) => {
        const { writeHead } = response;
        response.writeHead = ((...parameters: Parameters<typeof writeHead>) => {
          response[call]('Cache-Control', CACHEABLE);
          return writeHead.apply(response, parameters);
        }) as typeof writeHead;
        neverStored(response);
        response.end();
      });
      const lines = ['GET / HTTP/1.1', 'Host: rs.example', 'Connection: close'];
      expect(fieldValues(await sendRaw(port, lines), 'cache-control')).toEqual(['no-store']);
    },
  );
});

/** Serves each response with a handler, until the test ends; the port. */
async function listen(handler: (response: ServerResponse) => unknown): Promise<number> {
  const server = createServer((_request, response) => void handler(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
