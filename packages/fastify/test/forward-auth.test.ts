import { createForwardAuth } from '@keybound/core';
import { KEYS, mintProof, mintToken, RESOURCE } from '@keybound/test-kit';
import Fastify, { type FastifyInstance } from 'fastify';
import { describe, expect, it } from 'vitest';
import keybound, { createTrustedProxies, type KeyboundOptions } from '../src/index.ts';
import { createSchemes, listen } from './support/server.ts';

const PROXY = '10.0.0.1';
const boundToken = mintToken({ boundTo: KEYS.alice });

/** A service that only answers questions of the proxy. */
async function answering(app: FastifyInstance): Promise<void> {
  const { bearer, dpop } = createSchemes();
  await app.register(keybound, {
    authenticators: [bearer, dpop],
    forwardAuth: createForwardAuth({
      trusts: createTrustedProxies([PROXY]),
      fields: 'x-original',
    }),
  });
  app.get('/forward-auth', async (_request, reply) => reply.code(204).send());
}

interface Question {
  readonly method?: string;
  readonly uri?: string | string[];
  readonly fields?: Readonly<Record<string, string>>;
  readonly peer?: string;
}

async function ask({ method = 'POST', uri = '/notes', fields, peer = PROXY }: Question) {
  const { app } = await listen(answering);
  const claims = { htm: 'POST', htu: `${RESOURCE}/notes` };
  return app.inject({
    url: '/forward-auth',
    remoteAddress: peer,
    headers: {
      host: 'auth.internal',
      'x-original-method': method,
      'x-original-uri': uri,
      authorization: `DPoP ${boundToken}`,
      dpop: mintProof({ token: boundToken, claims }),
      ...fields,
    },
  });
}

describe('a question about POST /notes, with a proof for it', () => {
  it.each<[string, Question, number]>([
    ['of the proxy', {}, 204],
    ['with a query', { uri: '/notes?all=1' }, 204],
    ['about another path', { uri: '/admin' }, 401],
    ['about another method', { method: 'DELETE' }, 401],
    ['about another host in the target', { uri: '//evil.example/notes' }, 401],
    ['about dot segments', { uri: '/x/../notes' }, 400],
    ['about absolute-form', { uri: `${RESOURCE}/notes` }, 400],
    ['about two targets', { uri: ['/notes', '/admin'] }, 400],
    ['about a target with a token', { uri: '/notes?access_token=x' }, 400],
    ['of somebody else', { peer: '192.0.2.1' }, 400],
    [
      'about what its proof is not for, named in other fields',
      { uri: '/admin', fields: { 'x-forwarded-uri': '/notes', 'x-original-url': '/notes' } },
      401,
    ],
  ])('%s, %j → %i [BCP-4.13-01]', async (_name, question, status) => {
    const response = await ask(question);
    expect(response.statusCode).toBe(status);
    expect(response.headers['www-authenticate'] === undefined).toBe(status === 204);
  });

  it('a proof for the answering service itself → 401', async () => {
    const htu = `${RESOURCE}/forward-auth`;
    const dpop = mintProof({ token: boundToken, claims: { htu, htm: 'GET' } });
    expect((await ask({ fields: { dpop } })).statusCode).toBe(401);
  });

  it('a bearer token without proof → decided like any other', async () => {
    const { app } = await listen(answering);
    const headers = {
      'x-original-method': 'GET',
      'x-original-uri': '/notes',
      authorization: `Bearer ${mintToken()}`,
    };
    const response = await app.inject({ url: '/forward-auth', remoteAddress: PROXY, headers });
    expect(response.statusCode).toBe(204);
    expect(response.body).toBe('');
  });
});

it('forwardAuth that is no function → TypeError at registration', async () => {
  const { bearer } = createSchemes();
  const forwardAuth = { trusts: () => true } as unknown as NonNullable<
    KeyboundOptions['forwardAuth']
  >;
  await expect(
    Fastify().register(keybound, { authenticators: [bearer], forwardAuth }),
  ).rejects.toThrow(new TypeError('forwardAuth: give what createForwardAuth returns'));
});
