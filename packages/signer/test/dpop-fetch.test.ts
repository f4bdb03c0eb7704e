import { createServer } from 'node:net';
import { createTestClock, NOW, sha256 } from '@keybound/test-kit';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDpopFetch, createSigner } from '../src/index.ts';
import { alice, claimOfEach, claimsOf, verifiedProof } from './support/proofs.ts';
import { challenge, json, replies, startServer } from './support/server.ts';

const clock = createTestClock();
const TOKEN = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
const accessToken = (): string => TOKEN;

describe('one send', () => {
  it('a token → the DPoP scheme, and a proof with ath, once each [DPOP-7.1-01] [BEARER-2-01]', async () => {
    const server = await startServer(replies({ status: 204 }));
    const dpopFetch = createDpopFetch({
      signer: alice,
      accessToken,
      origins: [server.origin],
      clock,
    });
    const response = await dpopFetch(`${server.origin}/r?a=1#f`);

    expect(response.status).toBe(204);
    const [request] = server.received;
    expect(request?.path).toBe('/r?a=1');
    expect(request?.fields('authorization')).toEqual([`DPoP ${TOKEN}`]);
    const { payload } = await verifiedProof(request?.fields('dpop')[0] ?? '');
    expect(payload).toEqual({
      jti: expect.any(String),
      htm: 'GET',
      htu: `${server.origin}/r`,
      iat: NOW,
      ath: sha256(TOKEN),
    });
  });

  it('no token source → a proof without ath, no Authorization [DPOP-4.2-09] L04', async () => {
    const server = await startServer(replies({}));
    await createDpopFetch({ signer: alice, origins: [server.origin] })(`${server.origin}/token`, {
      method: 'post',
      body: 'grant_type=x',
    });
    const [request] = server.received;
    expect(request?.fields('authorization')).toEqual([]);
    expect(claimsOf(request)).toEqual(
      expect.not.objectContaining({ ath: expect.anything(), nonce: expect.anything() }),
    );
    expect(claimsOf(request).htm).toBe('POST');
  });

  it('method patch → the proof names what is on the wire [DPOP-4.2-04] L02', async () => {
    // A raw socket, because HTTP servers refuse a method they do not know.
    const server = createServer((socket) => {
      socket.once('data', (data) => {
        const text = data.toString();
        const proof = /^dpop: (.*)$/im.exec(text)?.[1] ?? '';
        const { htm } = JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString());
        const same = htm === text.slice(0, text.indexOf(' '));
        socket.end(`HTTP/1.1 ${same ? 200 : 400} X\r\nX-Method: ${htm}\r\n\r\n`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' && address?.port}`;
    const response = await createDpopFetch({ signer: alice, origins: [origin] })(origin, {
      method: 'patch',
    });
    expect([response.status, response.headers.get('x-method')]).toEqual([200, 'patch']);
  });

  it('100 calls, each refused once → 200 proofs with 200 jti [DPOP-4-01]', async () => {
    let count = 0;
    const server = await startServer(() =>
      ++count % 2 === 1 ? challenge('use_dpop_nonce', { 'dpop-nonce': `n${count}` }) : {},
    );
    const dpopFetch = createDpopFetch({ signer: alice, accessToken, origins: [server.origin] });
    for (let i = 0; i < 100; i++) await dpopFetch(server.origin);
    expect(new Set(claimOfEach(server, 'jti')).size).toBe(200);
  });

  it('503 and the caller tries again → another jti [DPOP-4-01] L11', async () => {
    const server = await startServer(replies({ status: 503 }, {}));
    const dpopFetch = createDpopFetch({ signer: alice, accessToken, origins: [server.origin] });
    expect((await dpopFetch(server.origin)).status).toBe(503);
    expect((await dpopFetch(server.origin)).status).toBe(200);
    expect(new Set(claimOfEach(server, 'jti')).size).toBe(2);
  });
});

describe('nonces', () => {
  it.each([200, 204, 403, 500])(
    'on a %i → used next [DPOP-8.2-01] [DPOP-4.2-08] L06 L07',
    async (status) => {
      const server = await startServer(replies({ status, headers: { 'dpop-nonce': 'A' } }, {}));
      const dpopFetch = createDpopFetch({ signer: alice, accessToken, origins: [server.origin] });
      for (let i = 0; i < 3; i++) await dpopFetch(server.origin);
      expect(claimOfEach(server, 'nonce')).toEqual([undefined, 'A', 'A']);
    },
  );

  it('a newer one → replaces the older [DPOP-8.2-01]', async () => {
    const server = await startServer((_, i) => ({ headers: { 'dpop-nonce': `n${i}` } }));
    const dpopFetch = createDpopFetch({ signer: alice, accessToken, origins: [server.origin] });
    for (let i = 0; i < 3; i++) await dpopFetch(server.origin);
    expect(claimOfEach(server, 'nonce')).toEqual([undefined, 'n0', 'n1']);
  });

  it('of one origin → never sent to another [DPOP-9-02] L08', async () => {
    const as = await startServer(replies({ headers: { 'dpop-nonce': 'as' } }));
    const rs1 = await startServer(replies({ headers: { 'dpop-nonce': 'rs1' } }));
    const rs2 = await startServer(replies({}));
    const origins = [as.origin, rs1.origin, rs2.origin];
    const dpopFetch = createDpopFetch({ signer: alice, accessToken, origins });
    for (let i = 0; i < 2; i++) for (const origin of origins) await dpopFetch(origin);
    expect(claimOfEach(as, 'nonce')).toEqual([undefined, 'as']);
    expect(claimOfEach(rs1, 'nonce')).toEqual([undefined, 'rs1']);
    expect(claimOfEach(rs2, 'nonce')).toEqual([undefined, undefined]);
  });

  it.each<[name: string, value: string | string[], adopted: boolean]>([
    ['every allowed character', "!#$%&'()*+,-./09:;<=>?@AZ[]^_`az{|}~", true],
    ['1024 characters', 'x'.repeat(1024), true],
    ['1025 characters', 'x'.repeat(1025), false],
    ['a quote', 'a"b', false],
    ['a backslash', 'a\\b', false],
    ['a blank', 'a b', false],
    ['a character beyond ASCII', 'aé', false],
    ['nothing', '', false],
    ['two fields', ['a', 'b'], false],
  ])(
    '%s → adopted only by the syntax of RFC 9449 §8.1 [DPOP-8.1-01] L10',
    async (_, value, adopted) => {
      const server = await startServer(
        replies({ headers: { 'dpop-nonce': 'good' } }, { headers: { 'dpop-nonce': value } }, {}),
      );
      const dpopFetch = createDpopFetch({ signer: alice, accessToken, origins: [server.origin] });
      for (let i = 0; i < 3; i++) await dpopFetch(server.origin);
      expect(claimOfEach(server, 'nonce')[2]).toBe(adopted ? value : 'good');
    },
  );

  it.each([
    ['a 401 challenge', challenge('use_dpop_nonce', { 'dpop-nonce': 'N' })],
    [
      'a 401 challenge, scheme in lower case',
      challenge('use_dpop_nonce', { 'dpop-nonce': 'N' }, 'dpop'),
    ],
    ['a 400 JSON error', json(400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': 'N' })],
  ])('use_dpop_nonce in %s → sent once more, new jti [DPOP-8-06]', async (_, refusal) => {
    const server = await startServer(replies(refusal, { body: 'done' }));
    const dpopFetch = createDpopFetch({ signer: alice, accessToken, origins: [server.origin] });
    const response = await dpopFetch(server.origin, { method: 'POST', body: 'same' });
    expect(await response.text()).toBe('done');
    expect(claimOfEach(server, 'nonce')).toEqual([undefined, 'N']);
    expect(new Set(claimOfEach(server, 'jti')).size).toBe(2);
    expect(server.received.map(({ body }) => body)).toEqual(['same', 'same']);
  });

  it('a server that always wants another nonce → two sends, then its answer [DPOP-8-06]', async () => {
    const server = await startServer((_, i) =>
      challenge('use_dpop_nonce', { 'dpop-nonce': `n${i}` }),
    );
    const dpopFetch = createDpopFetch({ signer: alice, accessToken, origins: [server.origin] });
    expect((await dpopFetch(server.origin)).status).toBe(401);
    expect(server.received).toHaveLength(2);
  });

  it.each([
    ['the nonce just used', challenge('use_dpop_nonce', { 'dpop-nonce': 'A' })],
    ['no nonce', challenge('use_dpop_nonce')],
    ['a nonce of bad syntax', challenge('use_dpop_nonce', { 'dpop-nonce': 'a b' })],
    ['a nonce in a Bearer challenge', challenge('use_dpop_nonce', { 'dpop-nonce': 'N' }, 'Bearer')],
    [
      'a nonce and another status',
      { ...challenge('use_dpop_nonce', { 'dpop-nonce': 'N' }), status: 403 },
    ],
    [
      'a nonce and another JSON error',
      json(400, { error: 'invalid_grant' }, { 'dpop-nonce': 'N' }),
    ],
    [
      'a nonce and a JSON error of another status',
      json(422, { error: 'use_dpop_nonce' }, { 'dpop-nonce': 'N' }),
    ],
    [
      'a nonce and the error in plain text',
      {
        ...json(400, { error: 'use_dpop_nonce' }),
        headers: { 'content-type': 'text/plain', 'dpop-nonce': 'N' },
      },
    ],
    [
      'a nonce and JSON that is none',
      { ...json(400, 0, { 'dpop-nonce': 'N' }), body: '{"error":' },
    ],
    ['a nonce and JSON that is no object', json(400, ['use_dpop_nonce'], { 'dpop-nonce': 'N' })],
    [
      'a nonce and more JSON than an error needs',
      json(400, { error: 'use_dpop_nonce', pad: 'x'.repeat(17_000) }, { 'dpop-nonce': 'N' }),
    ],
  ])('a refusal with %s → not sent again, answer readable [DPOP-8-06]', async (_, refusal) => {
    const server = await startServer(replies({ headers: { 'dpop-nonce': 'A' } }, refusal));
    const dpopFetch = createDpopFetch({ signer: alice, accessToken, origins: [server.origin] });
    await dpopFetch(server.origin);
    const response = await dpopFetch(server.origin);
    expect(server.received).toHaveLength(2);
    expect(response.status).toBe(refusal.status);
    expect(await response.text()).toBe('body' in refusal ? refusal.body : '');
  });

  it('beside invalid_token → the nonce first, no other token asked for', async () => {
    const both = 'DPoP error="use_dpop_nonce", Bearer error="invalid_token"';
    const headers = { 'www-authenticate': both, 'dpop-nonce': 'N' };
    const server = await startServer(replies({ status: 401, headers }, {}));
    let asked = 0;
    const dpopFetch = createDpopFetch({
      signer: alice,
      accessToken: () => `t${asked++}`,
      origins: [server.origin],
    });
    expect((await dpopFetch(server.origin)).status).toBe(200);
    expect(asked).toBe(1);
  });

  it('parallel first calls → each is refused once and sent once more', async () => {
    const server = await startServer((request) =>
      claimsOf(request).nonce === 'N' ? {} : challenge('use_dpop_nonce', { 'dpop-nonce': 'N' }),
    );
    const dpopFetch = createDpopFetch({ signer: alice, accessToken, origins: [server.origin] });
    const calls = Array.from({ length: 5 }, () => dpopFetch(server.origin));
    for (const response of await Promise.all(calls)) expect(response.status).toBe(200);
  });
});

describe('clock', () => {
  const at = (seconds: number): { date: string } => ({
    date: new Date((NOW + seconds) * 1000).toUTCString(),
  });

  it.each([
    ['a 401 challenge, clock fast', challenge('invalid_dpop_proof', at(-600)), -600],
    ['a 401 challenge, clock slow', challenge('invalid_dpop_proof', at(90)), 90],
    ['a 400 JSON error', json(400, { error: 'invalid_dpop_proof' }, at(3)), 3],
  ])('invalid_dpop_proof in %s → offset learnt, sent once more', async (_, refusal, offset) => {
    const server = await startServer(replies(refusal, {}));
    const dpopFetch = createDpopFetch({
      signer: alice,
      accessToken,
      origins: [server.origin],
      clock,
    });
    expect((await dpopFetch(server.origin)).status).toBe(200);
    await dpopFetch(server.origin);
    expect(claimOfEach(server, 'iat')).toEqual([NOW, NOW + offset, NOW + offset]);
  });

  it.each([
    ['a Date 2 s off', challenge('invalid_dpop_proof', at(2))],
    ['no Date', challenge('invalid_dpop_proof')],
    ['an unreadable Date', challenge('invalid_dpop_proof', { date: 'soon' })],
    ['a Date far off and another error', challenge('insufficient_scope', at(600))],
    [
      'a Date far off and another status',
      { ...challenge('invalid_dpop_proof', at(600)), status: 403 },
    ],
  ])('a refusal with %s → not sent again', async (_, refusal) => {
    const server = await startServer(replies(refusal));
    const dpopFetch = createDpopFetch({
      signer: alice,
      accessToken,
      origins: [server.origin],
      clock,
    });
    expect((await dpopFetch(server.origin)).status).toBe(refusal.status);
    await dpopFetch(server.origin);
    expect(claimOfEach(server, 'iat')).toEqual([NOW, NOW]);
  });

  it('a server whose clock jumps → two sends, then its answer', async () => {
    const server = await startServer((_, i) => challenge('invalid_dpop_proof', at(100 * (i + 1))));
    const dpopFetch = createDpopFetch({
      signer: alice,
      accessToken,
      origins: [server.origin],
      clock,
    });
    expect((await dpopFetch(server.origin)).status).toBe(401);
    expect(server.received).toHaveLength(2);
  });

  it('a refusal whose Date fits the offset learnt → not sent again', async () => {
    const refusal = challenge('invalid_dpop_proof', at(500));
    const server = await startServer(replies(refusal, {}, refusal));
    const dpopFetch = createDpopFetch({
      signer: alice,
      accessToken,
      origins: [server.origin],
      clock,
    });
    expect((await dpopFetch(server.origin)).status).toBe(200);
    expect((await dpopFetch(server.origin)).status).toBe(401);
    expect(server.received).toHaveLength(3);
  });

  it('the offset of one origin → not used for another', async () => {
    const late = await startServer(replies(challenge('invalid_dpop_proof', at(500)), {}));
    const exact = await startServer(replies({}));
    const origins = [late.origin, exact.origin];
    const dpopFetch = createDpopFetch({ signer: alice, accessToken, origins, clock });
    await dpopFetch(late.origin);
    await dpopFetch(exact.origin);
    expect(claimOfEach(exact, 'iat')).toEqual([NOW]);
  });
});

it('each cause in turn, again and again → one retry for each, four sends in all [DPOP-8-06]', async () => {
  let tokens = 0;
  const date = new Date((NOW + 60) * 1000).toUTCString();
  const server = await startServer((_, i) => {
    const errors = ['use_dpop_nonce', 'invalid_dpop_proof', 'invalid_token'];
    return challenge(errors[i % 3] ?? '', { 'dpop-nonce': `n${i}`, date });
  });
  const dpopFetch = createDpopFetch({
    signer: alice,
    accessToken: () => `t${tokens++}`,
    origins: [server.origin],
    clock,
  });
  expect((await dpopFetch(server.origin)).status).toBe(401);
  expect(server.received).toHaveLength(4);
  expect(claimOfEach(server, 'ath')).toEqual(['t0', 't0', 't0', 't1'].map(sha256));
});

it('a 400 whose JSON never ends → the response after three seconds, as it is', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const endless = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{"error":')),
  });
  const headers = { 'content-type': 'application/json' };
  const dpopFetch = createDpopFetch({
    signer: await createSigner(),
    origins: ['https://as.example'],
    fetch: async () => new Response(endless, { status: 400, headers }),
  });
  let answer: Response | undefined;
  void dpopFetch('https://as.example/token', { method: 'POST' }).then((response) => {
    answer = response;
  });
  let seconds = 0;
  while (answer === undefined) {
    await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(1000);
    seconds++;
  }
  expect(answer.status).toBe(400);
  expect(seconds).toBeGreaterThanOrEqual(3);
});

it.each([
  ['left out', undefined],
  ['a promise of one', createSigner()],
])('a signer that is %s → TypeError from the factory', (_name, signer) => {
  const options = { signer: signer as never, origins: ['https://rs.example'] };
  expect(() => createDpopFetch(options)).toThrow(
    new TypeError('signer: give a signer, such as the one createSigner resolves to'),
  );
});
