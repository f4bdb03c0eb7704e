import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { createDpopFetch, createSignerFromKeyPair, type Signer } from '@keybound/signer';
import { KEYS, mintToken, NOW, type TestKey } from '@keybound/test-kit';
import { HTTPError } from 'ky';
import { Agent } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { createAxios } from '../examples/axios.ts';
import { createKy } from '../examples/ky.ts';
import { createUndiciFetch } from '../examples/undici.ts';
import { createSocketOpener } from '../examples/web-socket.ts';
import { openSocket } from '../examples/web-socket-ticket.ts';
import { type NotesApi, startNotesApi } from './support/notes-api.ts';

// Beyond what one packet holds, and with characters of several octets.
const NOTE = { title: 'ä ☃', lines: Array.from({ length: 5000 }, (_, i) => `line ${i}`) };

let api: NotesApi;
let signer: Signer;
let agent: Agent;

beforeAll(async () => {
  // Time stands still for the server and for the examples, which ask the system for it.
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
  api = await startNotesApi();
  signer = await aliceSigner();
  agent = new Agent();
});
afterAll(async () => {
  await Promise.all([api?.close(), agent?.close()]);
  vi.useRealTimers();
});
beforeEach(() => {
  api.answers.length = 0;
});

async function aliceSigner(): Promise<Signer> {
  const { publicJwk, privateJwk } = KEYS.alice;
  const parameters = { name: 'ECDSA', namedCurve: 'P-256' };
  const keyPair = {
    publicKey: await crypto.subtle.importKey('jwk', publicJwk, parameters, true, ['verify']),
    privateKey: await crypto.subtle.importKey('jwk', privateJwk, parameters, false, ['sign']),
  };
  return createSignerFromKeyPair(keyPair, 'ES256');
}

const tokenFor = (boundTo: TestKey): string => mintToken({ boundTo, claims: { aud: api.origin } });
const token = (): string => tokenFor(KEYS.alice);

/** One request with each client: its status, and the body as a value. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}
type Send = (accessToken: () => string, note?: unknown) => Promise<Answer>;

/** A client whose memory is empty, for each call. */
const CLIENTS: readonly (readonly [string, Send])[] = [
  [
    'ky',
    async (accessToken, note) => {
      const client = createKy(api.origin, signer, accessToken).extend({ throwHttpErrors: false });
      const response = await (note ? client.post('notes', { json: note }) : client('notes'));
      return { status: response.status, body: await response.json() };
    },
  ],
  [
    'axios',
    async (accessToken, note) => {
      const client = createAxios(api.origin, signer, accessToken);
      const settings = { validateStatus: () => true };
      const { status, data } = await (note
        ? client.post('/notes', note, settings)
        : client.get('/notes', settings));
      return { status, body: data };
    },
  ],
  [
    'undici',
    async (accessToken, note) => {
      const undiciFetch = createUndiciFetch(api.origin, signer, accessToken, agent);
      const init = note && {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(note),
      };
      const response = await undiciFetch(`${api.origin}/notes`, init || {});
      return { status: response.status, body: await response.json() };
    },
  ],
];

describe.each(CLIENTS)('%s', (_, send) => {
  it('a first request, without a nonce → sent twice and served [DPOP-8-06]', async () => {
    expect(await send(token)).toEqual({ status: 200, body: { owner: 'alice' } });
    expect(api.answers).toEqual(['GET /notes 401', 'GET /notes 200']);
  });

  it('a POST with JSON → arrives whole after the retry', async () => {
    expect(await send(token, NOTE)).toEqual({ status: 200, body: { owner: 'alice', body: NOTE } });
    expect(api.answers).toEqual(['POST /notes 401', 'POST /notes 200']);
  });

  it("a token bound to another's key → 401 reaches the caller", async () => {
    expect(await send(() => tokenFor(KEYS.mallory))).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    });
  });
});

describe('what the clients add', () => {
  it('ky, a second request → the nonce is known; a refusal is an HTTPError', async () => {
    const client = createKy(api.origin, signer, token);
    await client('notes');
    await client('notes?again');
    expect(api.answers).toEqual(['GET /notes 401', 'GET /notes 200', 'GET /notes?again 200']);
    await expect(client('none').json()).rejects.toBeInstanceOf(HTTPError);
  });

  it('ky with the URL of another server → not sent, and not tried again', async () => {
    const beforeRetry = vi.fn();
    const client = createKy(api.origin, signer, token).extend({
      hooks: { beforeRetry: [beforeRetry] },
    });
    const asking = client(new URL('https://evil.example/notes'));
    await expect(asking).rejects.toMatchObject({ code: 'origin_not_allowed' });
    expect(beforeRetry).not.toHaveBeenCalled();
  });

  it('axios with the URL of another server → not sent', async () => {
    const asking = createAxios(api.origin, signer, token).get('https://evil.example/notes');
    await expect(asking).rejects.toMatchObject({ code: 'origin_not_allowed' });
  });

  it('axios and a refusal → an AxiosError without the token', async () => {
    const mine = tokenFor(KEYS.mallory);
    const error = await createAxios(api.origin, signer, () => mine)
      .get('/notes')
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'AxiosError', status: 401 });
    expect(inspect(error, { depth: 12 })).not.toContain(mine);
  });

  it('undici with an agent → all goes through that agent', async () => {
    const dispatch = vi.spyOn(agent, 'dispatch');
    await createUndiciFetch(api.origin, signer, token, agent)(`${api.origin}/notes`);
    expect(dispatch).toHaveBeenCalledTimes(2);
    dispatch.mockRestore();
  });
});

describe('WebSocket', () => {
  const opener = (accessToken: () => string = token) =>
    createSocketOpener(`${api.origin.replace('http', 'ws')}/socket?room=1`, signer, accessToken);

  /** The next message, once the socket is told to go on. */
  async function nextMessage(socket: WebSocket): Promise<string> {
    const message = once(socket, 'message');
    socket.resume();
    return String((await message)[0]);
  }

  it('a first upgrade → asked for a nonce, then accepted; the next one at once', async () => {
    const open = opener();
    const socket = await open();
    expect(await nextMessage(socket)).toBe('hello alice');
    socket.send('a note');
    expect(await nextMessage(socket)).toBe('a note');
    const second = await open();
    expect(await nextMessage(second)).toBe('hello alice');
    expect(api.answers).toEqual([
      'UPGRADE /socket 401',
      'UPGRADE /socket 101',
      'UPGRADE /socket 101',
    ]);
    for (const one of [socket, second]) one.terminate();
  });

  it("a token bound to another's key → 401, after one retry", async () => {
    await expect(opener(() => tokenFor(KEYS.mallory))()).rejects.toThrow(/status 401/);
    expect(api.answers).toEqual(['UPGRADE /socket 401', 'UPGRADE /socket 401']);
  });

  it('no proof and no token → 401', async () => {
    const socket = new WebSocket(`${api.origin.replace('http', 'ws')}/socket`);
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('401');
    expect(api.answers).toEqual(['UPGRADE /socket 401']);
  });

  it('nobody there → what the network says', async () => {
    const open = createSocketOpener('ws://127.0.0.1:1/socket', signer, token);
    await expect(open()).rejects.toThrow('ECONNREFUSED');
  });

  it('a ticket that dpopFetch brings → accepted once', async () => {
    const origins = [api.origin];
    const dpopFetch = createDpopFetch({ signer, accessToken: token, origins });
    const socket = await openSocket(api.origin, dpopFetch);
    const [message] = await once(socket, 'message');
    expect(message.data).toBe('hello alice');
    socket.close();
    const again = new WebSocket(socket.url);
    const [error] = await once(again, 'error');
    expect(String(error)).toContain('401');
  });
});

describe('docs/http-clients.md', () => {
  const folder = new URL('../examples/', import.meta.url);
  const page = readFileSync(new URL('../../../docs/http-clients.md', import.meta.url), 'utf8');

  it.each(globSync('*.ts', { cwd: folder.pathname }))('%s → shown as it is', (name) => {
    const code = readFileSync(new URL(name, folder), 'utf8');
    expect(page).toContain(`\`\`\`ts packages/peers/examples/${name}\n${code}\`\`\`\n`);
  });
});
