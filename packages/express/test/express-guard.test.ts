import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createForwardAuth, type Decision } from '@keybound/core';
import {
  fieldValues,
  KEYS,
  mintProof,
  mintToken,
  type RawResponse,
  RESOURCE,
  sendRaw,
  temporaryFolder,
} from '@keybound/test-kit';
import express, { type Express, Router } from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createExpressGuard, type ExpressGuard, protectedRequest } from '../src/index.ts';
import { createSchemes } from './support/schemes.ts';
import { listen, serve } from './support/server.ts';

const token = mintToken({ boundTo: KEYS.alice });
const BEARER = `Authorization: Bearer ${mintToken()}`;

function dpopFields(htu: string, claims: object = {}): string[] {
  const proof = mintProof({ token, claims: { htu, ...claims } });
  return [`Authorization: DPoP ${token}`, `DPoP: ${proof}`];
}

/** `GET`, closed by the server after the answer. */
function ask(port: number, target: string, ...fields: string[]): Promise<RawResponse> {
  const lines = [`GET ${target} HTTP/1.1`, 'Host: rs.example', 'Connection: close'];
  return sendRaw(port, [...lines, ...fields]);
}

function guardOfBoth(): ExpressGuard {
  const { bearer, dpop } = createSchemes();
  return createExpressGuard({ authenticators: [bearer, dpop] });
}

describe('request.auth', () => {
  it('a route whose guard was forgotten → an error and no answer', async () => {
    const port = await listen((app) => {
      app.get('/r', (request, response) => {
        response.json(request.auth.claims.sub);
      });
    });
    const response = await ask(port, '/r', BEARER);
    expect(response.status).toBe(500);
    expect(response.body).not.toContain('"alice"');
  });

  it('the guard itself in the place of what it makes → an error, and the handler does not run', async () => {
    const port = await listen((app) => {
      app.get('/r', guardOfBoth() as never, (_request, response) => {
        response.json('never');
      });
    });
    const response = await ask(port, '/r', BEARER);
    expect(response.status).toBe(500);
    expect(response.body).not.toContain('"never"');
  });
});

describe('several guards in the way of one request', () => {
  async function twice(): Promise<number> {
    const guard = guardOfBoth();
    return listen((app) => {
      app.use(guard());
      app.get('/r', guard({ scopes: ['notes:read'] }), ({ auth }, response) => {
        response.json(auth);
      });
      app.get('/admin', guard({ scopes: ['admin'] }), (_request, response) => {
        response.json('never');
      });
    });
  }

  it('of the application and of a route → the proof is spent once [DPOP-11.1-P2]', async () => {
    const port = await twice();
    const fields = dpopFields(`${RESOURCE}/r`);
    expect((await ask(port, '/r', ...fields)).status).toBe(200);
    expect((await ask(port, '/r', ...fields)).status).toBe(401);
  });

  it('the scope of the route is missing → 403 in the challenge of the scheme [BEARER-3.1-04]', async () => {
    const response = await ask(await twice(), '/admin', ...dpopFields(`${RESOURCE}/admin`));
    expect(response.status).toBe(403);
    const [bearer, dpop] = fieldValues(response, 'www-authenticate');
    expect(bearer).toBe('Bearer realm="api", scope="admin"');
    expect(dpop).toMatch(/^DPoP .*error="insufficient_scope".*scope="admin"$/);
  });

  it('a route that does not exist, behind a guard of the application → 401, and 404 with a token', async () => {
    const port = await twice();
    expect((await ask(port, '/nothing')).status).toBe(401);
    expect((await ask(port, '/nothing', BEARER)).status).toBe(404);
  });
});

describe('forms', () => {
  it('one guard before the parser and one behind it → the proof is spent once, a token in the form is 400 [BEARER-2-02]', async () => {
    const guard = guardOfBoth();
    const parsed: unknown[] = [];
    const port = await listen((app) => {
      const watch: express.RequestHandler = ({ body }, _response, next) => {
        parsed.push(body);
        next();
      };
      app.post('/notes', guard(), express.urlencoded(), watch, guard(), ({ body }, response) => {
        response.json(body.text);
      });
    });
    const post = (body: string, ...credentials: string[]) =>
      sendRaw(
        port,
        [
          'POST /notes HTTP/1.1',
          'Host: rs.example',
          'Connection: close',
          'Content-Type: application/x-www-form-urlencoded',
          `Content-Length: ${body.length}`,
          ...credentials,
        ],
        body,
      );
    const proven = () => dpopFields(`${RESOURCE}/notes`, { htm: 'POST' });
    expect((await post('text=hello')).status).toBe(401);
    expect(parsed).toEqual([]); // no body of somebody unknown was read
    expect((await post('text=hello', ...proven())).body).toBe('"hello"');
    const refused = await post(`text=hello&access_token=${token}`, ...proven());
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.body).error).toBe('invalid_request');
  });
});

describe('options and requirements', () => {
  it.each<[string, unknown]>([
    ['a misspelt member', { scope: ['admin'] }],
    ['a text for a list', { scopes: 'admin' }],
    ['two values in one entry', { scopes: ['notes:read notes:write'] }],
    ['a scheme that is not offered', { schemes: ['DPoP'] }],
    ['null', null],
  ])('a requirement with %s → TypeError where the route is set up', (_name, requirement) => {
    const guard = createExpressGuard({ authenticators: [createSchemes().bearer] });
    expect(() => guard(requirement as object)).toThrow(TypeError);
  });

  it('forwardAuth that is no function → TypeError', () => {
    const { bearer } = createSchemes();
    const forwardAuth = {} as never;
    expect(() => createExpressGuard({ authenticators: [bearer], forwardAuth })).toThrow(
      new TypeError('forwardAuth: give what createForwardAuth returns'),
    );
  });

  it('options of the guard → passed on: realm and metadata in challenges, every decision told', async () => {
    const told: Decision[] = [];
    const resourceMetadata = `${RESOURCE}/.well-known/oauth-protected-resource`;
    const guard = createExpressGuard({
      authenticators: [createSchemes().bearer],
      realm: 'notes',
      resourceMetadata,
      onDecision: (decision) => told.push(decision),
    });
    const port = await listen((app) => {
      app.use(guard());
    });
    const response = await ask(port, '/r');
    expect(fieldValues(response, 'www-authenticate')).toEqual([
      `Bearer realm="notes", resource_metadata="${resourceMetadata}"`,
    ]);
    expect(fieldValues(response, 'content-type')).toEqual(['application/json; charset=utf-8']);
    expect(told).toMatchObject([{ outcome: 'refused', reason: 'credentials_missing' }]);
  });
});

describe('field lines', () => {
  const padding = (count: number): string[] => Array.from({ length: count }, (_, i) => `X${i}: 1`);

  // `ask` itself sends three lines.
  it.each([
    ['as many as Node keeps', 47, 400],
    ['fewer than that', 46, 200],
  ])(
    '%s → $2, as a second token could have been dropped [BEARER-2-02, DPOP-4.3-01]',
    async (_name, count, status) => {
      const { server } = await serve(
        (app) => {
          app.get('/r', guardOfBoth()(), ({ auth }, response) => {
            response.json(auth.scheme);
          });
        },
        { host: '127.0.0.1', port: 0 },
      );
      server.maxHeadersCount = 50;
      const { port } = server.address() as AddressInfo;
      const response = await ask(port, '/r', BEARER, ...padding(count));
      expect(response.status).toBe(status);
      if (status === 200) return;
      expect(JSON.parse(response.body).error_description).toBe(
        'The request has too many header fields',
      );
      expect(fieldValues(response, 'www-authenticate')).toHaveLength(2);
    },
  );

  it('each challenge → a line of its own', async () => {
    const port = await listen((app) => {
      app.use(guardOfBoth()());
    });
    const challenges = fieldValues(await ask(port, '/r'), 'www-authenticate');
    expect(challenges.map((challenge) => challenge.split(' ')[0])).toEqual(['Bearer', 'DPoP']);
  });
});

describe('the target', () => {
  it('a router and a rewritten URL → the proof is for what was sent [URI-13]', async () => {
    const port = await listen((app) => {
      const router = Router();
      router.use((request, _response, next) => {
        request.url = '/r';
        next();
      });
      router.get('/r', guardOfBoth()(), ({ auth }, response) => {
        response.json(auth.scheme);
      });
      app.use('/v1', router);
    });
    expect((await ask(port, '/v1/old', ...dpopFields(`${RESOURCE}/v1/old`))).status).toBe(200);
    expect((await ask(port, '/v1/old', ...dpopFields(`${RESOURCE}/r`))).status).toBe(401);
  });

  it('absolute-form with our own origin → compared like origin-form [URI-09]', async () => {
    const port = await listen((app) => {
      app.get('/r', guardOfBoth()(), ({ auth }, response) => {
        response.json(auth.scheme);
      });
    });
    const target = `${RESOURCE}/r`;
    expect((await ask(port, target, ...dpopFields(target))).status).toBe(200);
    expect((await ask(port, target, ...dpopFields(`${RESOURCE}/other`))).status).toBe(401);
  });

  it('protectedRequest for a token endpoint → method, target and lines as they were sent', async () => {
    const port = await listen((app) => {
      app.use('/oauth', (request, response) => {
        const { method, target, headers, peerAddress } = protectedRequest(request);
        response.json({ method, target, proofs: headers('dpop'), peerAddress });
      });
    });
    const response = await ask(port, '/oauth/token?x=1', 'DPoP: a', 'DPOP: b');
    expect(JSON.parse(response.body)).toEqual({
      method: 'GET',
      target: '/oauth/token?x=1',
      proofs: ['a', 'b'],
      peerAddress: '127.0.0.1',
    });
  });
});

describe('fields that were set before the guard', () => {
  it('those that a refusal sets as well → only those of the refusal', async () => {
    const port = await listen((app) => {
      app.use((_request, response, next) => {
        response.set({ 'cache-control': 'public', 'www-authenticate': 'Basic', 'x-kept': 'yes' });
        next();
      });
      app.use(guardOfBoth()());
    });
    const response = await ask(port, '/r');
    expect(response.status).toBe(401);
    expect(fieldValues(response, 'cache-control')).toEqual(['no-store']);
    expect(fieldValues(response, 'www-authenticate').join()).not.toContain('Basic');
    expect(fieldValues(response, 'x-kept')).toEqual(['yes']);
  });
});

describe('the peer', () => {
  const API = 'https://api.example';

  function protectBehind(peer: string): (app: Express) => void {
    const { dpop } = createSchemes({
      furtherOrigins: [API],
      proxies: { trusts: (address) => address === peer, fields: 'x-forwarded' },
    });
    const guard = createExpressGuard({ authenticators: [dpop] });
    return (app) => {
      app.set('trust proxy', true);
      app.get('/r', guard(), ({ auth }, response) => {
        response.json(auth.scheme);
      });
    };
  }

  it.each([
    ['the other end of the connection is the proxy', '127.0.0.1', 200],
    ['a field says it is, and trust proxy believes it', '10.1.2.3', 401],
  ])('%s → $2 [URI-08]', async (_name, peer, status) => {
    const port = await listen(protectBehind(peer));
    const forwarded = ['X-Forwarded-Host: api.example', 'X-Forwarded-For: 10.1.2.3'];
    const response = await ask(port, '/r', ...forwarded, ...dpopFields(`${API}/r`));
    expect(response.status).toBe(status);
  });

  it('over a unix socket → `unix:`', async () => {
    const folder = temporaryFolder();
    onTestFinished(folder.remove);
    const path = `${folder.path}/socket`;
    await serve(protectBehind('unix:'), { path });
    const dpop = mintProof({ token, claims: { htu: `${API}/r` } });
    const headers = {
      host: 'internal',
      'x-forwarded-host': 'api.example',
      authorization: `DPoP ${token}`,
      dpop,
    };
    const status = await new Promise((resolve, reject) => {
      get({ socketPath: path, path: '/r', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(200);
  });
});

describe('forward auth', () => {
  async function answering(trusted: string): Promise<number> {
    const { bearer, dpop } = createSchemes();
    const guard = createExpressGuard({
      authenticators: [bearer, dpop],
      forwardAuth: createForwardAuth({
        trusts: (address) => address === trusted,
        fields: 'x-original',
      }),
    });
    return listen((app) => {
      app.get('/forward-auth', guard(), (_request, response) => {
        response.status(204).end();
      });
    });
  }
  const asked = ['X-Original-Method: POST', 'X-Original-URI: /notes'];

  it.each([
    ['the question of the proxy, a proof for what it asks about', '127.0.0.1', '/notes', 204],
    ['the question of the proxy, a proof for something else', '127.0.0.1', '/other', 401],
    ['the question of somebody else', '10.0.0.1', '/notes', 400],
  ])('%s → $3 [BCP-4.13-01]', async (_name, trusted, path, status) => {
    const port = await answering(trusted);
    const fields = dpopFields(`${RESOURCE}${path}`, { htm: 'POST' });
    const response = await ask(port, '/forward-auth', ...asked, ...fields);
    expect(response.status).toBe(status);
    expect(fieldValues(response, 'www-authenticate').length).toBe(status === 204 ? 0 : 2);
  });
});

describe('errors', () => {
  it('what is neither a refusal nor an outage → the error handler of the application', async () => {
    const failing = {
      scheme: 'Bearer',
      challenge: [],
      authenticate: () => Promise.reject(new Error('a bug')),
    } as const;
    const guard = createExpressGuard({ authenticators: [failing] });
    const port = await listen((app) => {
      app.use(guard());
      app.use(
        (
          error: Error,
          _request: unknown,
          response: express.Response,
          _next: express.NextFunction,
        ) => {
          response.status(500).json(error.message);
        },
      );
    });
    const response = await ask(port, '/r', 'Authorization: Bearer x');
    expect([response.status, response.body]).toEqual([500, '"a bug"']);
    expect((await ask(port, '/r')).status).toBe(401); // a refusal is none
  });
});
