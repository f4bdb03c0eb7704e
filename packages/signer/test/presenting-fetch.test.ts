import { describe, expect, it } from 'vitest';
import { type BearerFetchOptions, createBearerFetch, createDpopFetch } from '../src/index.ts';
import { signerError } from './support/errors.ts';
import { alice } from './support/proofs.ts';
import { challenge, replies, startServer } from './support/server.ts';

interface Options {
  readonly origins: readonly string[];
  readonly accessToken?: (rejected?: string) => string | Promise<string>;
  readonly fetch?: typeof fetch;
}

/** A stand-in for the network that counts. */
function countingFetch(answer: () => Response = () => new Response()) {
  const sent: { url: string; init: RequestInit | undefined }[] = [];
  const send: typeof fetch = async (input, init) => {
    sent.push({ url: String(input), init });
    return answer();
  };
  return { sent, send };
}

describe.each([
  [
    'DPoP',
    (options: Options) => createDpopFetch({ signer: alice, accessToken: () => 't0', ...options }),
  ],
  ['Bearer', (options: Options) => createBearerFetch({ accessToken: () => 't0', ...options })],
] as const)('%s', (scheme, create) => {
  it('a listed origin → the token in one Authorization field [BEARER-2-01]', async () => {
    const server = await startServer(replies({}));
    await create({ origins: [server.origin] })(`${server.origin}/r`, { headers: { 'x-a': 'b' } });
    const [request] = server.received;
    expect(request?.fields('authorization')).toEqual([`${scheme} t0`]);
    expect(request?.fields('dpop')).toHaveLength(scheme === 'DPoP' ? 1 : 0);
    expect(request?.fields('x-a')).toEqual(['b']);
    expect(`${request?.path}${request?.body}`).not.toContain('t0');
  });

  describe('targets', () => {
    it.each([
      ['another host', 'https://evil.example/'],
      ['another port', 'https://rs.example:8443/'],
      ['http instead of https', 'http://rs.example/'],
      ['a host that begins alike', 'https://rs.example.evil.example/'],
      ['a blob of that origin', 'blob:https://rs.example/0'],
    ])(
      '%s → origin_not_allowed, no token asked for, nothing sent [BEARER-5.2-01]',
      async (_, url) => {
        const { sent, send } = countingFetch();
        let asked = 0;
        const accessToken = (): string => `t${asked++}`;
        const call = create({ origins: ['https://rs.example'], fetch: send, accessToken })(url);
        const error = await signerError(call);
        expect(error.code).toBe('origin_not_allowed');
        expect(error.message).toMatch(/add it, or use plain fetch/);
        expect([sent.length, asked]).toEqual([0, 0]);
      },
    );

    it.each([
      'https://rs.example/r?access_token=secret',
      'https://rs.example/r?a=1&access%5Ftoken=',
    ])('%s → token_in_query, nothing sent, nothing repeated [BEARER-2.3-01]', async (url) => {
      const { sent, send } = countingFetch();
      const error = await signerError(
        create({ origins: ['https://rs.example'], fetch: send })(url),
      );
      expect(error.code).toBe('token_in_query');
      expect(error.message).not.toContain('secret');
      expect(sent).toHaveLength(0);
    });

    it.each(['Authorization', 'authorization', 'DPoP', 'dpop'])(
      'the caller sets %s → header_not_allowed, nothing sent [BEARER-2-01]',
      async (name) => {
        const { sent, send } = countingFetch();
        const signed = create({ origins: ['https://rs.example'], fetch: send });
        const headers = { [name]: 'Basic eA==' };
        expect((await signerError(signed('https://rs.example/', { headers }))).code).toBe(
          'header_not_allowed',
        );
        const request = new Request('https://rs.example/', { headers });
        expect((await signerError(signed(request))).code).toBe('header_not_allowed');
        expect(sent).toHaveLength(0);
      },
    );

    it('userinfo in the URL → TypeError, as fetch does', async () => {
      const { sent, send } = countingFetch();
      const signed = create({ origins: ['https://rs.example'], fetch: send });
      await expect(signed('https://u:p@rs.example/')).rejects.toThrow(TypeError);
      expect(sent).toHaveLength(0);
    });

    it.each([
      ['no origin', [], /at least one origin/],
      ['not a list', 'https://rs.example', /at least one origin/],
      ['plain http to another machine', ['http://rs.example'], /must be https/],
      ['a path', ['https://rs.example/api'], /scheme, host and port only/],
      ['a query', ['https://rs.example/?'], /scheme, host and port only/],
      ['userinfo', ['https://u@rs.example'], /userinfo/],
      ['a wildcard', ['*'], /not an absolute URL/],
    ])('origins with %s → TypeError [BEARER-5.2-01] [DPOP-2-01]', (_, origins, message) => {
      expect(() => create({ origins: origins as string[] })).toThrow(TypeError);
      expect(() => create({ origins: origins as string[] })).toThrow(message);
    });
  });

  describe('tokens', () => {
    it('invalid_token and another token → asked with the refused one, sent once more', async () => {
      const server = await startServer(replies(challenge('invalid_token', {}, scheme), {}));
      const asked: (string | undefined)[] = [];
      const accessToken = (rejected?: string): string => `t${asked.push(rejected)}`;
      const response = await create({ origins: [server.origin], accessToken })(server.origin);
      expect(response.status).toBe(200);
      expect(asked).toEqual([undefined, 't1']);
      expect(server.received.flatMap((r) => r.fields('authorization'))).toEqual([
        `${scheme} t1`,
        `${scheme} t2`,
      ]);
    });

    it('invalid_token in the challenge of the other scheme → renewed too', async () => {
      const server = await startServer(replies(challenge('invalid_token', {}, 'Other'), {}));
      let asked = 0;
      await create({ origins: [server.origin], accessToken: () => `t${asked++}` })(server.origin);
      expect(server.received).toHaveLength(2);
    });

    it('invalid_token and the same token → asked once more, not sent again', async () => {
      const server = await startServer(replies(challenge('invalid_token', {}, scheme)));
      let asked = 0;
      const accessToken = (): string => {
        asked++;
        return 'same';
      };
      const response = await create({ origins: [server.origin], accessToken })(server.origin);
      expect([response.status, asked, server.received.length]).toEqual([401, 2, 1]);
    });

    it('every token refused → two sends, then the answer', async () => {
      const server = await startServer(replies(challenge('invalid_token', {}, scheme)));
      let asked = 0;
      const accessToken = (): string => `t${asked++}`;
      expect((await create({ origins: [server.origin], accessToken })(server.origin)).status).toBe(
        401,
      );
      expect([asked, server.received.length]).toEqual([2, 2]);
    });

    it.each([
      ['insufficient_scope', challenge('insufficient_scope', {}, scheme)],
      ['a 403', { ...challenge('invalid_token', {}, scheme), status: 403 }],
    ])('%s → not renewed', async (_, refusal) => {
      const server = await startServer(replies(refusal));
      let asked = 0;
      await create({ origins: [server.origin], accessToken: () => `t${asked++}` })(server.origin);
      expect([asked, server.received.length]).toEqual([1, 1]);
    });

    it.each([
      ['empty', ''],
      ['with a line break', 'secret\r\nx: y'],
      ['with a blank', 'secret b'],
      ['beyond ASCII', 'secreté'],
      ['undefined', undefined],
    ])(
      'a token that is %s → access_token_malformed, nothing sent or repeated',
      async (_, token) => {
        const { sent, send } = countingFetch();
        const accessToken = async (): Promise<string> => token as string;
        const call = create({ origins: ['https://rs.example'], fetch: send, accessToken })(
          'https://rs.example/',
        );
        const error = await signerError(call);
        expect(error.code).toBe('access_token_malformed');
        expect(error.message).not.toContain('secret');
        expect(sent).toHaveLength(0);
      },
    );

    it('opaque and malformed tokens → presented as they are [ATJWT-6-01]', async () => {
      for (const token of ['opaque', 'e30.e30.', 'x.y.z.w.v', '~._-+/==']) {
        const server = await startServer(replies({}));
        await create({ origins: [server.origin], accessToken: () => token })(server.origin);
        expect(server.received[0]?.fields('authorization')).toEqual([`${scheme} ${token}`]);
      }
    });

    it('a token source that fails → its error', async () => {
      const failure = new Error('no token');
      const accessToken = (): Promise<string> => Promise.reject(failure);
      const call = create({ origins: ['https://rs.example'], accessToken })('https://rs.example/');
      await expect(call).rejects.toBe(failure);
    });
  });

  describe('aborts', () => {
    const origins = ['https://rs.example'];

    it('aborted before the call → the reason, no token asked for', async () => {
      let asked = 0;
      const signed = create({ origins, accessToken: () => `t${asked++}` });
      const call = signed(origins[0] as string, { signal: AbortSignal.abort('stop') });
      await expect(call).rejects.toBe('stop');
      expect(asked).toBe(0);
    });

    it.each(['init', 'Request'])(
      'aborted while the token is awaited, signal in %s → the reason',
      async (where) => {
        const controller = new AbortController();
        const { sent, send } = countingFetch();
        const accessToken = (): Promise<string> => {
          controller.abort('stop');
          return new Promise(() => undefined);
        };
        const signed = create({ origins, accessToken, fetch: send });
        const { signal } = controller;
        const url = 'https://rs.example/';
        const call =
          where === 'init' ? signed(url, { signal }) : signed(new Request(url, { signal }));
        await expect(call).rejects.toBe('stop');
        expect(sent).toHaveLength(0);
      },
    );

    it('aborted while the server thinks → the reason', async () => {
      const controller = new AbortController();
      const server = await startServer(() => {
        controller.abort('stop');
        return {};
      });
      const call = create({ origins: [server.origin] })(server.origin, {
        signal: controller.signal,
      });
      await expect(call).rejects.toBe('stop');
    });

    it('a token in time → no listener stays on the signal', async () => {
      const { signal } = new AbortController();
      let listeners = 0;
      const add = signal.addEventListener.bind(signal);
      const remove = signal.removeEventListener.bind(signal);
      signal.addEventListener = (...args: Parameters<typeof add>) => {
        listeners++;
        add(...args);
      };
      signal.removeEventListener = (...args: Parameters<typeof remove>) => {
        listeners--;
        remove(...args);
      };
      const { send } = countingFetch();
      await create({ origins, fetch: send })('https://rs.example/', { signal });
      expect(listeners).toBe(0);
    });
  });

  it('what the caller set besides → handed on with every send', async () => {
    const { sent, send } = countingFetch();
    const signed = create({ origins: ['https://rs.example'], fetch: send });
    await signed('https://rs.example/', { cache: 'no-store', dispatcher: 'own' } as RequestInit);
    await signed(new Request('https://rs.example/', { cache: 'no-store', credentials: 'omit' }));
    await signed(
      'https://rs.example/',
      new Request('https://a.example/', { method: 'PUT', cache: 'no-store' }),
    );
    expect(sent.map(({ init }) => init)).toEqual([
      expect.objectContaining({
        method: 'GET',
        cache: 'no-store',
        dispatcher: 'own',
        redirect: 'manual',
      }),
      expect.objectContaining({
        method: 'GET',
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'manual',
      }),
      expect.objectContaining({ method: 'PUT', cache: 'no-store', redirect: 'manual' }),
    ]);
  });

  it('the response let go before a retry → cancelled', async () => {
    let cancelled = 0;
    const refusal = (): Response =>
      new Response(new ReadableStream({ cancel: () => void cancelled++ }), {
        status: 401,
        headers: { 'www-authenticate': `${scheme} error="invalid_token"` },
      });
    let asked = 0;
    const { sent, send } = countingFetch(() => (asked < 2 ? refusal() : new Response('done')));
    const accessToken = (): string => `t${asked++}`;
    const response = await create({ origins: ['https://rs.example'], fetch: send, accessToken })(
      'https://rs.example/',
    );
    expect(await response.text()).toBe('done');
    expect([sent.length, cancelled]).toEqual([2, 1]);
  });

  it('the response let go cannot be cancelled → the retry goes on', async () => {
    const failing = new ReadableStream({
      cancel: () => {
        throw new Error('broken');
      },
    });
    const headers = { 'www-authenticate': `${scheme} error="invalid_token"` };
    const answers = [new Response(failing, { status: 401, headers }), new Response('done')];
    const { send } = countingFetch(() => answers.shift() ?? new Response());
    let asked = 0;
    const accessToken = (): string => `t${asked++}`;
    const response = await create({ origins: ['https://rs.example'], fetch: send, accessToken })(
      'https://rs.example/',
    );
    expect(await response.text()).toBe('done');
  });
});

describe('DPoP without a token source', () => {
  it('Authorization: Basic of the caller → sent, it authenticates the client', async () => {
    const server = await startServer(replies({}));
    const dpopFetch = createDpopFetch({ signer: alice, origins: [server.origin] });
    await dpopFetch(server.origin, { headers: { authorization: 'basic eDp5' } });
    expect(server.received[0]?.fields('authorization')).toEqual(['basic eDp5']);
  });

  it.each([{ authorization: 'DPoP t' }, { authorization: 'Bearer t' }, { dpop: 'x' }])(
    '%j of the caller → header_not_allowed',
    async (headers) => {
      const dpopFetch = createDpopFetch({ signer: alice, origins: ['https://as.example'] });
      const error = await signerError(dpopFetch('https://as.example/', { headers }));
      expect(error.code).toBe('header_not_allowed');
    },
  );

  it('invalid_token → not sent again', async () => {
    const server = await startServer(replies(challenge('invalid_token')));
    const dpopFetch = createDpopFetch({ signer: alice, origins: [server.origin] });
    expect((await dpopFetch(server.origin)).status).toBe(401);
    expect(server.received).toHaveLength(1);
  });
});

it('a bearer fetch without token source → TypeError', () => {
  const options: unknown = { origins: ['https://rs.example'] };
  expect(() => createBearerFetch(options as BearerFetchOptions)).toThrow(
    /^accessToken: give a function/,
  );
});
