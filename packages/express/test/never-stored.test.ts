import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fieldValues, sendRaw } from '@keybound/test-kit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { neverStored } from '../src/never-stored.ts';

const CACHEABLE = 'public, max-age=60';

describe('neverStored', () => {
  it.each<[string, (response: ServerResponse) => unknown]>([
    ['sets nothing', (response) => response.end()],
    ['sets the field', (response) => response.setHeader('Cache-Control', CACHEABLE).end()],
    ['appends it', (response) => response.appendHeader('cache-control', CACHEABLE).end()],
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
      const server = createServer((_request, response) => {
        neverStored(response);
        handler(response);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      onTestFinished(async () => {
        await new Promise((resolve) => server.close(resolve));
      });
      const { port } = server.address() as AddressInfo;
      const lines = ['GET / HTTP/1.1', 'Host: rs.example', 'Connection: close'];
      const response = await sendRaw(port, lines);
      expect(response.status).toBe(200);
      expect(fieldValues(response, 'cache-control')).toEqual(['no-store']);
      expect(fieldValues(response, 'a')).toEqual(name.startsWith('gives') ? ['b'] : []);
    },
  );
});
