import { readFileSync } from 'node:fs';
import { KEYS, keySet, mintToken, startServer, type TestServer } from '@keybound/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHandler } from './readme-example.ts';

const AUDIENCE = 'https://api.example';

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
  server.routes.set('/.well-known/oauth-authorization-server', {
    body: { issuer: server.origin, jwks_uri: `${server.origin}/jwks` },
  });
  server.routes.set('/jwks', { body: keySet(KEYS.issuer) });
});
afterEach(() => server.close());

/** The answer of the example to a request with these Authorization fields. */
function answer(...authorization: string[]): Promise<Response> {
  const request = new Request(`${AUDIENCE}/notes`);
  for (const value of authorization) request.headers.append('authorization', value);
  return createHandler(server.origin, AUDIENCE)(request);
}

function token(claims: object = {}): string {
  // The example runs on the clock of the machine.
  const iat = Math.floor(Date.now() / 1000);
  const times = { iat, exp: iat + 300 };
  return mintToken({ claims: { iss: server.origin, aud: AUDIENCE, ...times, ...claims } });
}

describe('README.md', () => {
  it('its example → printed as it runs, in 20 lines at most', () => {
    const example = read('readme-example.ts');
    expect(read('../README.md')).toContain(`\`\`\`ts\n${example}\`\`\``);
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  });

  it('a good token → 200', async () => {
    const response = await answer(`Bearer ${token()}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ owner: 'alice' });
  });

  it('no token → 401 and the challenge [BEARER-3-01]', async () => {
    const response = await answer();
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="api", scope="notes:read"');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('two Authorization fields, which Headers joins → 400 [BEARER-2-02]', async () => {
    const response = await answer(`Bearer ${token()}`, `Bearer ${token()}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  });

  it('too little scope → 403 [BEARER-3.1-04]', async () => {
    const response = await answer(`Bearer ${token({ scope: 'notes:write' })}`);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: 'insufficient_scope' });
  });
});
