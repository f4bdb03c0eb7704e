import { describe, expect, it } from 'vitest';
import { createDpopFetch } from '../src/index.ts';
import { signerError } from './support/errors.ts';
import { alice, claimOfEach } from './support/proofs.ts';
import { challenge, replies, startServer, type TestServer } from './support/server.ts';

const REFUSAL = challenge('use_dpop_nonce', { 'dpop-nonce': 'N' });

function dpopFetchFor(server: TestServer): typeof fetch {
  return createDpopFetch({ signer: alice, origins: [server.origin], accessToken: () => 't' });
}

function formData(): FormData {
  const form = new FormData();
  form.set('a', 'text');
  return form;
}

function textStream(): ReadableStream<Uint8Array> {
  return new Blob(['text']).stream();
}

async function* textPieces(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('text');
}

/** `duplex` is what runtimes want beside a stream. */
function streaming(body: unknown): RequestInit {
  return { method: 'POST', body, duplex: 'half' } as RequestInit;
}

describe('a nonce challenge to a request with a body [DPOP-8-P2]', () => {
  it.each([
    ['a string', 'text'],
    ['an ArrayBuffer', new TextEncoder().encode('text').buffer],
    ['a typed array', new TextEncoder().encode('text')],
    ['a Blob', new Blob(['text'], { type: 'text/x' })],
    ['URLSearchParams', new URLSearchParams({ a: 'text' })],
    ['FormData', formData()],
  ])('%s → sent again', async (_name, body) => {
    const server = await startServer(replies(REFUSAL, {}));
    const response = await dpopFetchFor(server)(server.origin, { method: 'POST', body });
    expect(response.status).toBe(200);
    expect(server.received).toHaveLength(2);
    for (const request of server.received) expect(request.body).toContain('text');
    const types = server.received.map((request) => request.fields('content-type').join());
    // The boundary of a multipart body is a new one every time.
    const [first, second] = types.map((type) => type.replace(/boundary=.*/, ''));
    expect(first).toBe(second);
  });

  it('no body → sent again without one', async () => {
    const server = await startServer(replies(REFUSAL, {}));
    await dpopFetchFor(server)(server.origin, { method: 'POST' });
    expect(server.received.map(({ body }) => body)).toEqual(['', '']);
  });

  it.each([
    ['a ReadableStream', () => textStream()],
    ['an async iterable', () => textPieces()],
  ])('%s → body_not_replayable with the response, nothing empty sent L19', async (_name, body) => {
    const server = await startServer(replies({ ...REFUSAL, body: 'why' }, {}));
    const dpopFetch = dpopFetchFor(server);
    const error = await signerError(dpopFetch(server.origin, streaming(body())));
    expect(error.code).toBe('body_not_replayable');
    expect(error.message).toMatch(/call once more with a new stream/);
    expect(error.response?.status).toBe(401);
    expect(await error.response?.text()).toBe('why');
    expect(server.received.map((request) => request.body)).toEqual(['text']);

    // The nonce is kept, so that the call that follows goes through.
    expect((await dpopFetch(server.origin, streaming(body()))).status).toBe(200);
    expect(claimOfEach(server, 'nonce')).toEqual([undefined, 'N']);
  });

  it('a ReadableStream that cannot be iterated, as in Safari → body_not_replayable', async () => {
    const prototype: object = ReadableStream.prototype;
    const iterator = Object.getOwnPropertyDescriptor(prototype, Symbol.asyncIterator);
    Reflect.deleteProperty(prototype, Symbol.asyncIterator);
    try {
      const headers = { 'www-authenticate': 'DPoP error=use_dpop_nonce', 'dpop-nonce': 'N' };
      const send = async (): Promise<Response> => new Response('', { status: 401, headers });
      const dpopFetch = createDpopFetch({
        signer: alice,
        origins: ['https://rs.example'],
        fetch: send,
      });
      const call = dpopFetch('https://rs.example/', streaming(textStream()));
      expect((await signerError(call)).code).toBe('body_not_replayable');
    } finally {
      Object.defineProperty(prototype, Symbol.asyncIterator, iterator ?? {});
    }
  });

  it('a stream that is not refused → sent', async () => {
    const server = await startServer(replies({}));
    expect((await dpopFetchFor(server)(server.origin, streaming(textStream()))).status).toBe(200);
    expect(server.received[0]?.body).toBe('text');
  });
});

describe('a Request object', () => {
  it('with a body → buffered, sent twice with its fields [DPOP-8-P2]', async () => {
    const server = await startServer(replies(REFUSAL, {}));
    const request = new Request(`${server.origin}/r`, {
      method: 'put',
      body: formData(),
      headers: { 'x-a': 'b' },
    });
    expect((await dpopFetchFor(server)(request)).status).toBe(200);
    const [first, second] = server.received;
    expect(first?.body).toContain('text');
    expect(second?.body).toBe(first?.body);
    expect(second?.fields('content-type')).toEqual(first?.fields('content-type'));
    expect(second?.fields('x-a')).toEqual(['b']);
    expect([second?.method, second?.path]).toEqual(['PUT', '/r']);
    expect(claimOfEach(server, 'htm')).toEqual(['PUT', 'PUT']);
  });

  it('without a body → sent without one', async () => {
    const server = await startServer(replies({}));
    await dpopFetchFor(server)(new Request(server.origin));
    expect(server.received.map(({ method, body }) => [method, body])).toEqual([['GET', '']]);
  });

  it('whose body has been read → TypeError, nothing sent', async () => {
    const server = await startServer(replies({}));
    const request = new Request(server.origin, { method: 'POST', body: 'x' });
    await request.text();
    await expect(dpopFetchFor(server)(request)).rejects.toThrow(TypeError);
    expect(server.received).toHaveLength(0);
  });

  it('to an origin that is not listed → its body is not read', async () => {
    const request = new Request('https://evil.example/', { method: 'POST', body: 'x' });
    const dpopFetch = createDpopFetch({ signer: alice, origins: ['https://rs.example'] });
    expect((await signerError(dpopFetch(request))).code).toBe('origin_not_allowed');
    expect(request.bodyUsed).toBe(false);
  });

  it('with an init → the members of init win', async () => {
    const server = await startServer(replies({}));
    const request = new Request(server.origin, {
      method: 'POST',
      body: 'old',
      headers: { 'x-a': 'old' },
    });
    const init = { method: 'PATCH', body: 'new', headers: { 'x-b': 'new' } };
    await dpopFetchFor(server)(request, init);
    const [seen] = server.received;
    expect([seen?.method, seen?.body]).toEqual(['PATCH', 'new']);
    expect([seen?.fields('x-a'), seen?.fields('x-b')]).toEqual([[], ['new']]);
  });
});
