import { describe, expect, it } from 'vitest';
import { createBearerFetch, createDpopFetch } from '../src/index.ts';
import { signerError } from './support/errors.ts';
import { alice, claimOfEach } from './support/proofs.ts';
import {
  challenge,
  json,
  type Received,
  type Reply,
  replies,
  startServer,
} from './support/server.ts';

function dpopFetchFor(...origins: readonly string[]): typeof fetch {
  return createDpopFetch({ signer: alice, accessToken: () => 't', origins });
}

function to(location: string, status = 302, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { location, ...headers } };
}

/** `/` redirects, everything else answers. */
function once(reply: Reply): (request: Received) => Reply {
  return ({ path }) => (path === '/' ? reply : { body: 'done' });
}

describe('on the same origin', () => {
  it('307 → a new proof for the new URL, token sent again [DPOP-4-01] L13', async () => {
    const server = await startServer(once(to('next?q=1', 307, { 'dpop-nonce': 'N' })));
    const response = await dpopFetchFor(server.origin)(`${server.origin}/`);
    expect(await response.text()).toBe('done');
    expect(response.url).toBe(`${server.origin}/next?q=1`);
    expect(claimOfEach(server, 'htu')).toEqual([`${server.origin}/`, `${server.origin}/next`]);
    expect(new Set(claimOfEach(server, 'jti')).size).toBe(2);
    expect(claimOfEach(server, 'nonce')).toEqual([undefined, 'N']);
    expect(server.received[1]?.fields('authorization')).toEqual(['DPoP t']);
  });

  it.each([
    [301, 'POST', 'GET', ''],
    [302, 'POST', 'GET', ''],
    [303, 'POST', 'GET', ''],
    [307, 'POST', 'POST', 'text'],
    [308, 'POST', 'POST', 'text'],
    [301, 'PUT', 'PUT', 'text'],
    [302, 'PUT', 'PUT', 'text'],
    [303, 'PUT', 'GET', ''],
    [303, 'GET', 'GET', ''],
    [303, 'HEAD', 'HEAD', ''],
    [302, 'HEAD', 'HEAD', ''],
  ])('%i after %s → %s, as the Fetch standard says', async (status, method, next, body) => {
    const server = await startServer(once(to('/next', status)));
    const hasBody = method !== 'GET' && method !== 'HEAD';
    const about = {
      'content-encoding': 'x',
      'content-language': 'en',
      'content-location': '/x',
      'content-type': 'text/x',
    };
    const headers = { ...about, ...(hasBody && { 'content-length': '4' }), 'x-a': 'b' };
    const init = { method, headers, ...(hasBody && { body: 'text' }) };
    await dpopFetchFor(server.origin)(server.origin, init);
    const [, hop] = server.received;
    expect([hop?.method, hop?.body]).toEqual([next, body]);
    expect(claimOfEach(server, 'htm')).toEqual([method, next]);
    const keepsBody = next === method;
    for (const [name, value] of Object.entries(about)) {
      expect(hop?.fields(name)).toEqual(keepsBody ? [value] : []);
    }
    expect(hop?.fields('x-a')).toEqual(['b']);
  });

  it('5 hops → followed; a 6th → too_many_redirects with the response', async () => {
    const server = await startServer(({ path }) => {
      const left = Number(path.slice(1));
      return left === 0 ? { body: 'done' } : to(`/${left - 1}`);
    });
    const dpopFetch = dpopFetchFor(server.origin);
    expect(await (await dpopFetch(`${server.origin}/5`)).text()).toBe('done');
    expect(server.received).toHaveLength(6);
    const error = await signerError(dpopFetch(`${server.origin}/6`));
    expect(error.code).toBe('too_many_redirects');
    expect(error.response?.headers.get('location')).toBe('/0');
    expect(server.received).toHaveLength(12);
  });

  it('a refusal before and after a hop → one retry for the cause in the whole call [DPOP-8-06]', async () => {
    let count = 0;
    const server = await startServer(({ path }) => {
      count++;
      const refusal = challenge('use_dpop_nonce', { 'dpop-nonce': `n${count}` });
      return path === '/' && count === 2 ? to('/next') : refusal;
    });
    expect((await dpopFetchFor(server.origin)(`${server.origin}/`)).status).toBe(401);
    expect(server.received.map(({ path }) => path)).toEqual(['/', '/', '/next']);
  });

  it('to a URL with access_token → token_in_query, not sent [BEARER-2.3-01]', async () => {
    const server = await startServer(once(to('/next?access_token=x')));
    const error = await signerError(dpopFetchFor(server.origin)(`${server.origin}/`));
    expect(error.code).toBe('token_in_query');
    expect(server.received).toHaveLength(1);
  });

  it('307 with a stream body → body_not_replayable with the response [DPOP-8-P2]', async () => {
    const server = await startServer(once(to('/next', 307)));
    const init = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit;
    const error = await signerError(dpopFetchFor(server.origin)(server.origin, init));
    expect([error.code, error.response?.status]).toEqual(['body_not_replayable', 307]);
  });

  it('303 with a stream body → followed, the body is dropped', async () => {
    const server = await startServer(once(to('/next', 303)));
    const init = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' } as RequestInit;
    expect((await dpopFetchFor(server.origin)(server.origin, init)).status).toBe(200);
  });
});

describe('to another origin', () => {
  it.each([
    ['DPoP', dpopFetchFor],
    [
      'Bearer',
      (origin: string) => createBearerFetch({ accessToken: () => 't', origins: [origin] }),
    ],
  ])(
    '%s → no Authorization, no DPoP, no cookie; the rest stays [BEARER-5.2-01]',
    async (_name, create) => {
      const other = await startServer(replies({ body: 'done' }));
      const server = await startServer(replies(to(`${other.origin}/next`, 307)));
      const host = 'rs.example';
      const headers = { host, cookie: 'a=b', 'proxy-authorization': 'x', 'x-a': 'b' };
      const init = { method: 'POST', body: 'text', headers };
      const response = await create(server.origin)(server.origin, init);
      expect(await response.text()).toBe('done');
      const [hop] = other.received;
      for (const name of ['authorization', 'dpop', 'cookie', 'proxy-authorization']) {
        expect(hop?.fields(name)).toEqual([]);
      }
      expect(hop?.fields('host')).toEqual([new URL(other.origin).host]);
      expect([hop?.body, hop?.fields('x-a')]).toEqual(['text', ['b']]);
    },
  );

  it('a listed one → not presented either, and not on the way back [BEARER-5.2-01]', async () => {
    const origins: string[] = [];
    const other = await startServer(() => to(`${origins[0]}/back`, 302, { 'dpop-nonce': 'other' }));
    const server = await startServer(({ path }) => {
      if (path === '/') return to(`${other.origin}/`);
      return path === '/back' ? to('/final') : {};
    });
    origins.push(server.origin, other.origin);
    const dpopFetch = dpopFetchFor(...origins);
    expect((await dpopFetch(`${server.origin}/`)).status).toBe(200);
    expect(server.received.map(({ path }) => path)).toEqual(['/', '/back', '/final']);
    for (const hop of [...other.received, ...server.received.slice(1)]) {
      expect([hop?.fields('authorization'), hop?.fields('dpop')]).toEqual([[], []]);
    }
  });

  it('Authorization: Basic of the caller → not sent on', async () => {
    const other = await startServer(replies({}));
    const server = await startServer(replies(to(other.origin, 307)));
    const tokenFetch = createDpopFetch({ signer: alice, origins: [server.origin] });
    await tokenFetch(server.origin, { headers: { authorization: 'Basic eDp5' } });
    expect(other.received[0]?.fields('authorization')).toEqual([]);
  });

  it('a refusal from there → its answer; no nonce learnt, no token renewed [DPOP-9-02]', async () => {
    const other = await startServer(replies(challenge('invalid_token', { 'dpop-nonce': 'other' })));
    const server = await startServer(once(to(other.origin)));
    let asked = 0;
    const dpopFetch = createDpopFetch({
      signer: alice,
      accessToken: () => `t${asked++}`,
      origins: [server.origin, other.origin],
    });
    expect((await dpopFetch(`${server.origin}/`)).status).toBe(401);
    expect([asked, other.received.length]).toEqual([1, 1]);
    await dpopFetch(other.origin);
    expect(claimOfEach({ ...other, received: other.received.slice(1, 2) }, 'nonce')).toEqual([
      undefined,
    ]);
  });

  it('from https to http → sent without token and proof [BEARER-5.2-01] [DPOP-2-01]', async () => {
    const sent: [url: string, authorization: string | null, dpop: boolean][] = [];
    const send: typeof fetch = async (input, init) => {
      const headers = new Headers(init?.headers);
      sent.push([String(input), headers.get('authorization'), headers.has('dpop')]);
      if (sent.length > 1) return new Response();
      return new Response(null, { status: 302, headers: { location: 'http://rs.example/' } });
    };
    const origins = ['https://rs.example'];
    await createDpopFetch({ signer: alice, accessToken: () => 't', origins, fetch: send })(
      'https://rs.example/',
    );
    expect(sent).toEqual([
      ['https://rs.example/', 'DPoP t', true],
      ['http://rs.example/', null, false],
    ]);
  });
});

describe('not followed', () => {
  it.each([
    'data:text/plain,x',
    'file:///x',
    'http://',
    'http://u:p@127.0.0.1/',
    'http://u@127.0.0.1/',
    'http://:p@127.0.0.1/',
  ])('Location %s → redirect_not_allowed with the response', async (location) => {
    const server = await startServer(replies(to(location)));
    const error = await signerError(dpopFetchFor(server.origin)(server.origin));
    expect([error.code, error.response?.status]).toEqual(['redirect_not_allowed', 302]);
  });

  it.each([
    ['a redirect without Location', { status: 302 }],
    ['300 with Location', to('/next', 300)],
    ['304 with Location', to('/next', 304)],
    ['201 with Location', to('/next', 201)],
  ])('%s → the answer itself', async (_name, reply) => {
    const server = await startServer(once(reply));
    expect((await dpopFetchFor(server.origin)(`${server.origin}/`)).status).toBe(reply.status);
    expect(server.received).toHaveLength(1);
  });

  it("redirect: 'manual' → the redirect itself, its nonce adopted", async () => {
    const server = await startServer(once(to('/next', 302, { 'dpop-nonce': 'N' })));
    const dpopFetch = dpopFetchFor(server.origin);
    expect((await dpopFetch(`${server.origin}/`, { redirect: 'manual' })).status).toBe(302);
    const request = new Request(`${server.origin}/`, { redirect: 'manual' });
    expect((await dpopFetch(request)).status).toBe(302);
    expect(claimOfEach(server, 'nonce')).toEqual([undefined, 'N']);
  });

  it("redirect: 'error' → the TypeError of fetch", async () => {
    const server = await startServer(once(to('/next')));
    const call = dpopFetchFor(server.origin)(`${server.origin}/`, { redirect: 'error' });
    await expect(call).rejects.toThrow(TypeError);
    expect(server.received).toHaveLength(1);
  });

  it('an opaque redirect of a browser → redirect_not_readable', async () => {
    const opaque = Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' });
    const send = async (): Promise<Response> => opaque;
    const origins = ['https://rs.example'];
    const dpopFetch = createDpopFetch({ signer: alice, origins, fetch: send });
    const error = await signerError(dpopFetch('https://rs.example/'));
    expect([error.code, error.response]).toEqual(['redirect_not_readable', opaque]);
    expect(error.message).toMatch(/call the final URL/);
    expect(await dpopFetch('https://rs.example/', { redirect: 'manual' })).toBe(opaque);
  });
});

it('Host and Content-Length of the caller → not handed on, whatever the runtime would do', async () => {
  const sent: Headers[] = [];
  const send: typeof fetch = async (_input, init) => {
    sent.push(new Headers(init?.headers));
    if (sent.length > 1) return new Response();
    return new Response(null, { status: 303, headers: { location: 'https://other.example/' } });
  };
  const origins = ['https://rs.example'];
  const dpopFetch = createDpopFetch({ signer: alice, origins, fetch: send });
  const headers = { host: 'rs.example', 'content-length': '4', 'x-a': 'b' };
  await dpopFetch('https://rs.example/', { method: 'POST', body: 'text', headers });
  expect(sent.map((fields) => [...fields.keys()])).toEqual([
    ['content-length', 'dpop', 'host', 'x-a'],
    ['x-a'],
  ]);
});

it('a redirect let go → its body cancelled', async () => {
  let cancelled = 0;
  const body = new ReadableStream({ cancel: () => void cancelled++ });
  const answers = [
    new Response(body, { status: 302, headers: { location: '/next' } }),
    Response.json(json(200, {})),
  ];
  const send = async (): Promise<Response> => answers.shift() ?? new Response();
  const dpopFetch = createDpopFetch({
    signer: alice,
    origins: ['https://rs.example'],
    fetch: send,
  });
  await dpopFetch('https://rs.example/');
  expect(cancelled).toBe(1);
});
