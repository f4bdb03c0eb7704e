import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createService, sendFault } from '../src/index.ts';

function service(logs?: string[]) {
  const app = createService(
    logs
      ? { logLevel: 'trace', logStream: { write: (line: string) => void logs.push(line) } }
      : { logLevel: 'silent' },
  );
  app.get('/broken', async () => {
    throw new Error('the database password is hunter2');
  });
  app.get('/missing', async (_request, reply) => sendFault(reply, 404));
  app.post('/json', async () => 'read');
  return app;
}

describe('answers', () => {
  it('/healthz → 200', async () => {
    expect((await service().inject('/healthz')).json()).toEqual({ status: 'ok' });
  });

  it.each([
    ['an error of ours → 500 without its message', { url: '/broken' }, 500, /hunter2/],
    ['an unknown path → 404 without the path', { url: '/<evil>' }, 404, /evil/],
    ['a path that cannot be decoded → 400 without the path', { url: '/%E0%A4%A' }, 400, /%/],
    [
      'a body that is no JSON → 400 without the body',
      {
        method: 'POST',
        url: '/json',
        headers: { 'content-type': 'application/json' },
        payload: '{evil',
      },
      400,
      /evil/,
    ],
    [
      'a body of 17 KiB → 413',
      {
        method: 'POST',
        url: '/json',
        headers: { 'content-type': 'application/json' },
        payload: `"${'x'.repeat(17 * 1024)}"`,
      },
      413,
      /xxx/,
    ],
    [
      'a media type nobody reads → 415',
      { method: 'POST', url: '/json', headers: { 'content-type': 'text/evil' }, payload: 'x' },
      415,
      /evil/,
    ],
  ] as const)('%s', async (_name, request, status, forbidden) => {
    const response = await service().inject(request);
    expect(response.statusCode).toBe(status);
    expect(response.json()).toEqual({
      error: status >= 500 ? 'server_error' : 'invalid_request',
      error_description: expect.stringMatching(/^The |^There /),
    });
    expect(response.body).not.toMatch(forbidden);
  });
});

it('a request that never ends is cut off after half a minute', () => {
  expect(service().server.requestTimeout).toBe(30_000);
});

describe('logs', () => {
  it('a line that no parser accepts is logged without its bytes [BEARER-5.3-02]', async () => {
    const logs: string[] = [];
    const app = service(logs);
    await app.listen({ host: '127.0.0.1', port: 0 });
    onTestFinished(() => app.close());
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.end('GET / HTTP/1.1\r\nAuthorization: Bearer SECRET-5\r\nbad line\r\n\r\n');
    await once(socket.resume(), 'close');
    const log = logs.join('');
    expect(log).toContain('HPE_INVALID_HEADER_TOKEN');
    expect(log).not.toContain('rawPacket');
    expect(log).not.toContain('SECRET-5');
  });

  it('userinfo and fragment of an odd target are not logged [BEARER-5.3-02]', async () => {
    const logs: string[] = [];
    const app = service(logs);
    await app.inject('http://user:SECRET-6@host/healthz2');
    await app.inject('/nothing#access_token=SECRET-7');
    expect(logs.join('')).not.toMatch(/SECRET-\d/);
  });

  it('show method, path and error, and neither query nor fields [BEARER-5.3-02]', async () => {
    const logs: string[] = [];
    const headers = { authorization: 'Bearer SECRET-1', dpop: 'SECRET-2', cookie: 'SECRET-3' };
    await service(logs).inject({ url: '/broken?access_token=SECRET-4', headers });
    const log = logs.join('');
    expect(log).toContain('"path":"/broken"');
    expect(log).toContain('hunter2');
    expect(log).not.toMatch(/SECRET-\d/);
  });
});
