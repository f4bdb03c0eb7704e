import { startServer, type TestServer } from '@keybound/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../src/index.ts';
import { type FetchJsonOptions, fetchJson, requireFetchOptions } from '../src/keys/fetch-json.ts';
import { outcome } from './support.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

/** Asks the server for `/x`; a failure is told with the message of its cause. */
async function ask(options: FetchJsonOptions = {}): Promise<unknown> {
  try {
    return await fetchJson('issuer_keys', `${server.origin}/x`, {}, options);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    const { component, message, cause } = error;
    return { component, message, cause: cause instanceof Error ? cause.message : cause };
  }
}

function unreadable(cause: unknown): object {
  return { component: 'issuer_keys', message: `${server.origin}/x could not be read`, cause };
}

/** What this runtime says of a time limit that has passed. */
async function timedOut(): Promise<string> {
  const signal = AbortSignal.timeout(1);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  return signal.reason.message;
}

describe('fetchJson', () => {
  it.each([
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/jwk-set+json',
    'application/vnd.x-1.y+json ;a=b',
  ])('200 and an object of type %s → the object [META-3.2-01]', async (type) => {
    server.routes.set('/x', { headers: { 'content-type': type }, body: { a: [1] } });
    expect(await ask()).toEqual({ status: 200, body: { a: [1] } });
  });

  it('the request → asks for JSON, with the fields of the caller beside', async () => {
    server.routes.set('/x', { body: {} });
    await fetchJson('issuer_keys', `${server.origin}/x`, { headers: { 'x-a': 'b' } }, {});
    expect(server.received[0]?.headers).toMatchObject({ accept: 'application/json', 'x-a': 'b' });
  });

  it.each([201, 204, 401, 404, 429, 500, 503])(
    'status %i with a JSON body → the status without a body',
    async (status) => {
      server.routes.set('/x', { status, body: { a: 1 } });
      expect(await ask()).toEqual({ status, body: undefined });
    },
  );

  it('status 400 with an OAuth error object → the object as well', async () => {
    server.routes.set('/x', { status: 400, body: { error: 'a' } });
    expect(await ask()).toEqual({ status: 400, body: { error: 'a' } });
  });

  it.each([
    ['a text', { headers: { 'content-type': 'text/plain' }, body: '{"error":"a"}' }],
    ['no JSON', { headers: { 'content-type': 'application/json' }, body: '{' }],
    ['a JSON array', { body: [] }],
    ['a longer object than is read', { body: { error: 'a'.repeat(300_000) } }],
  ])('status 400 with %s → the status without a body', async (_name, route) => {
    server.routes.set('/x', { status: 400, ...route });
    expect(await ask()).toEqual({ status: 400, body: undefined });
  });

  it.each([301, 302, 303, 307, 308])(
    'a redirect %i → its status, and its target is never asked [ATJWT-JWKS-P1]',
    async (status) => {
      server.routes.set('/x', { status, headers: { location: '/y' }, body: {} });
      server.routes.set('/y', { body: { evil: true } });
      expect(await ask()).toEqual({ status, body: undefined });
      expect(server.count('/y')).toBe(0);
    },
  );

  it('the redirect mode → manual, since Cloudflare Workers refuse error', async () => {
    const inits: (RequestInit | undefined)[] = [];
    const spy: typeof fetch = (input, init) => {
      inits.push(init);
      return fetch(input, init);
    };
    server.routes.set('/x', { body: {} });
    await ask({ fetch: spy });
    expect(inits).toHaveLength(1);
    expect(inits[0]?.redirect).toBe('manual');
  });

  it.each(['text/html', 'text/json', 'application/jsonp', 'application/xml', 'x-application/json'])(
    '200 and the type %s → UnavailableError',
    async (type) => {
      server.routes.set('/x', { headers: { 'content-type': type }, body: '{}' });
      expect(await ask()).toEqual(unreadable('the answer is not of a JSON media type'));
    },
  );

  it('200 without a content type → UnavailableError', async () => {
    const bare: typeof fetch = async () => new Response(new Uint8Array([0x7b, 0x7d]));
    expect(await ask({ fetch: bare })).toEqual(
      unreadable('the answer is not of a JSON media type'),
    );
  });

  it.each([
    ['an array', '[]'],
    ['a text', '"x"'],
    ['null', 'null'],
  ])('200 and %s → UnavailableError', async (_name, body) => {
    server.routes.set('/x', { body });
    expect(await ask()).toEqual(unreadable('the answer is not a JSON object'));
  });

  it.each([
    ['HTML', '<html>'],
    ['half an object', '{"a":'],
    ['nothing', ''],
    ['invalid UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)],
    ['UTF-8 that breaks off', Uint8Array.of(0x7b, 0x7d, 0xc3)],
  ])('200 and %s → UnavailableError', async (_name, body) => {
    server.routes.set('/x', { body });
    expect(await ask()).toMatchObject({ component: 'issuer_keys', cause: expect.any(String) });
  });

  it('200 and no body at all → UnavailableError', async () => {
    const headers = { 'content-type': 'application/json' };
    const empty: typeof fetch = async () => new Response(null, { headers });
    expect(await ask({ fetch: empty })).toMatchObject({ component: 'issuer_keys' });
  });

  it('a body at the limit → read; a byte longer → UnavailableError [ATJWT-JWKS-P1]', async () => {
    const body = JSON.stringify({ a: 'x'.repeat(92) });
    expect(body).toHaveLength(100);
    server.routes.set('/x', { body });
    expect(await ask({ maxBytes: 100 })).toMatchObject({ status: 200 });
    expect(await ask({ maxBytes: 99 })).toEqual(unreadable('the answer is longer than 99 bytes'));
  });

  it('a body of 256 KiB → read by default; a byte longer → UnavailableError [ATJWT-JWKS-P1]', async () => {
    const body = (bytes: number): string => JSON.stringify({ a: 'x'.repeat(bytes - 8) });
    server.routes.set('/x', { body: body(262_144) });
    expect(await ask()).toMatchObject({ status: 200 });
    server.routes.set('/x', { body: body(262_145) });
    expect(await ask()).toEqual(unreadable('the answer is longer than 262144 bytes'));
  });

  it('characters split between chunks → put together', async () => {
    const bytes = Buffer.from('{"a":"é"}');
    const headers = { 'content-type': 'application/json' };
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const split: typeof fetch = async () => new Response(stream, { headers });
    expect(await ask({ fetch: split })).toEqual({ status: 200, body: { a: 'é' } });
  });

  it('no answer in time → UnavailableError [ATJWT-JWKS-P1]', async () => {
    server.routes.set('/x', 'silence');
    expect(await ask({ timeoutSeconds: 0.05 })).toEqual(unreadable(await timedOut()));
  });

  it('headers in time, a body that never ends → UnavailableError [ATJWT-JWKS-P1]', async () => {
    const headers = { 'content-type': 'application/json' };
    const endless: typeof fetch = async (_input, init) => {
      const stream = new ReadableStream({
        start(controller) {
          init?.signal?.addEventListener('abort', () => controller.error(init.signal?.reason));
        },
      });
      return new Response(stream, { headers });
    };
    expect(await ask({ fetch: endless, timeoutSeconds: 0.05 })).toEqual(
      unreadable(await timedOut()),
    );
  });

  it('a timeout that is no whole number of milliseconds → still a timeout', async () => {
    server.routes.set('/x', { body: {} });
    expect(await ask({ timeoutSeconds: 1.0005 })).toEqual({ status: 200, body: {} });
  });

  it('nobody listens → UnavailableError', async () => {
    const gone = await startServer();
    await gone.close();
    const result = await outcome(() => fetchJson('introspection', `${gone.origin}/x`, {}, {}));
    expect(result).toEqual({
      component: 'introspection',
      message: `${gone.origin}/x could not be read`,
      retryAfterSeconds: 5,
    });
  });
});

describe('requireFetchOptions', () => {
  it.each([
    ['timeoutSeconds 0', { timeoutSeconds: 0 }, 'timeoutSeconds: must be above 0 and at most 60'],
    ['timeoutSeconds -1', { timeoutSeconds: -1 }, 'timeoutSeconds: must be above 0 and at most 60'],
    ['timeoutSeconds 61', { timeoutSeconds: 61 }, 'timeoutSeconds: must be above 0 and at most 60'],
    [
      'timeoutSeconds NaN',
      { timeoutSeconds: Number.NaN },
      'timeoutSeconds: must be above 0 and at most 60',
    ],
    ['maxBytes 0', { maxBytes: 0 }, 'maxBytes: must be a whole number, 1 or more'],
    ['maxBytes NaN', { maxBytes: Number.NaN }, 'maxBytes: must be a whole number, 1 or more'],
    ['maxBytes 1.5', { maxBytes: 1.5 }, 'maxBytes: must be a whole number, 1 or more'],
    ['fetch as a text', { fetch: 'fetch' }, 'fetch: must be a function like the global fetch'],
    ['fetch null', { fetch: null }, 'fetch: must be a function like the global fetch'],
  ])('%s → TypeError', async (_name, options, message) => {
    expect(await outcome(() => requireFetchOptions(options as FetchJsonOptions))).toEqual({
      typeError: message,
    });
  });

  it.each([{}, { timeoutSeconds: 60 }, { timeoutSeconds: 0.001 }, { maxBytes: 1 }, { fetch }])(
    '%j → accepted',
    (options) => {
      expect(requireFetchOptions(options)).toBeUndefined();
    },
  );
});
