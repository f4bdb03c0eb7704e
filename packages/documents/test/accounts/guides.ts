import { AUTH_REASONS, createGuard, createJwtVerifier } from '@keybound/core';
import { createDpopAuthenticator, createMemoryReplayStore } from '@keybound/dpop';
import { createClientCredentialsTokens, createSigner, type Signer } from '@keybound/signer';
import { decodeJws, temporaryFolder, testRequest, thumbprint } from '@keybound/test-kit';
import { expect, vi } from 'vitest';
import { type Accounts, isFile, leads, runs } from '../support/account.ts';
import { type Block, blocksOf } from '../support/blocks.ts';
import { expectProtected } from '../support/expect-protected.ts';
import { readPages } from '../support/pages.ts';
import { CLIENT_SECRET } from '../world/clients.ts';
import { openTab } from '../world/tab.ts';
import { API, ISSUER, type World } from '../world/world.ts';

const BOTH = { schemes: ['Bearer', 'DPoP'] } as const;
const START = 'docs/guides/protect-a-fastify-api.md #';

/** A client that shows what the API said of it. */
const asks =
  (scheme: 'Bearer' | 'DPoP') =>
  ({ api, printed }: World) => {
    expect(printed.join()).toContain(`scheme: '${scheme}'`);
    expect(api.answers.at(-1)).toBe('GET /notes 200');
  };

/** The blocks of docs/guides. */
export const GUIDES: Accounts = {
  'docs/guides/accept-both.md # Accept bearer and DPoP: ts 1': runs(async (world) => {
    const body = await expectProtected(world, BOTH);
    expect(JSON.parse(body)).toEqual({ owner: 'user-alice', scheme: 'DPoP' });
    // The line is written after the answer, which may be here before it.
    await expect
      .poll(() => world.logged())
      .toContain('"client":"jwt-client","scheme":"Bearer","route":"/notes","msg":"let in"');
  }),

  'docs/guides/bearer-to-dpop.md # The API: diff 1': leads(
    (world) => expectProtected(world, { schemes: ['Bearer'] }),
    (world) => expectProtected(world, { schemes: ['DPoP'] }),
  ),
  'docs/guides/bearer-to-dpop.md # A client: diff 1': leads(asks('Bearer'), asks('DPoP')),

  'docs/guides/call-from-a-browser.md # Call from a browser: ts 1': runs(
    async (world, { connect }) => {
      const tab = openTab(world, 'https://app.example/');
      const told: string[] = [];
      const tell = (sentence: string) => told.push(sentence);
      expect(await connect(tell)).toBeUndefined();
      tab.href = await world.alice.authorize(tab.href);
      const dpopFetch = await connect(tell);
      expect(tab.href).toBe('https://app.example/');
      expect((await dpopFetch(`${API}/notes`)).status).toBe(200);
      // The next visit finds her signed in.
      expect(await connect(tell)).toBeTypeOf('function');
      expect(told).toEqual([]);
    },
  ),
  'docs/guides/call-from-a-browser.md # The API has to let it: ts 1': runs(async (world) => {
    await expectProtected(world);
    const origin = 'https://app.example';
    const asking = { origin, 'access-control-request-method': 'GET' };
    const preflight = await fetch(`${API}/notes`, { method: 'OPTIONS', headers: asking });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/dpop/i);
    const refused = await fetch(`${API}/notes`, { headers: { origin } });
    expect(refused.headers.get('access-control-expose-headers')).toMatch(/dpop-nonce/i);
  }),

  'docs/guides/call-from-a-cli.md # Call from a command line: ts 1': runs(
    async ({ alice, api }, { connect }) => {
      const open = vi.fn(async (url: string) => fetch(await alice.authorize(url)));
      const first = await connect('a passphrase of the documents', open);
      expect((await first(`${API}/notes`)).status).toBe(200);
      const second = await connect('a passphrase of the documents', open);
      expect((await second(`${API}/notes`)).status).toBe(200);
      expect(open).toHaveBeenCalledTimes(1);
      expect(api.answers.at(-1)).toBe('GET /notes 200');
    },
    { before: useTemporaryHome },
  ),

  'docs/guides/call-from-a-service.md # Call from a service: ts 1': runs(
    async ({ api }, { readNotes }) => {
      expect(await readNotes()).toMatchObject({ scheme: 'DPoP' });
      expect(api.answers).toEqual(['GET /notes 401', 'GET /notes 200']);
    },
  ),

  'docs/guides/errors.md # For developers of clients: ts 1': runs(
    async ({ tokenOf }, { describeRefusal }) => {
      const bound = await tokenOf();
      expect(describeRefusal(await fetch(`${API}/notes`))).toBe('401; offered: Bearer, DPoP');
      const asBearer = await fetch(await bound.request(`${API}/notes`, { scheme: 'Bearer' }));
      expect(describeRefusal(asBearer)).toMatch(/^401 Bearer: invalid_token, \w/);
      const busy = new Response('', { status: 503, headers: { 'retry-after': '7' } });
      expect(describeRefusal(busy)).toContain('again in 7 s');
    },
  ),
  'docs/guides/errors.md # For operators: json 1': ({ text }) => {
    const { reason, code, msg } = JSON.parse(text);
    const known = AUTH_REASONS[reason as keyof typeof AUTH_REASONS];
    expect(known.code).toBe(code);
    expect(msg).toContain(known.description);
  },
  'docs/guides/errors.md # In your own code: ts 1': runs(async ({ tokenOf }, { senderOf }) => {
    expect(await senderOf((await tokenOf()).token)).toBe('user-alice');
    expect(await senderOf('no.good.token')).toBeUndefined();
  }),

  'docs/guides/express-and-web.md # Express 5: ts 1': runs(async (world) => {
    expect(JSON.parse(await expectProtected(world))).toEqual({
      owner: 'user-alice',
      scheme: 'DPoP',
    });
    expect((await fetch(`${API}/status`)).status).toBe(200);
  }),
  'docs/guides/express-and-web.md # Whatever has Request and Response: ts 1': runs(
    async (world, { GET }) => {
      expect(JSON.parse(await expectProtected(world, { send: GET }))).toEqual({
        owner: 'user-alice',
      });
    },
  ),

  "docs/guides/keys-and-rotation.md # The issuer's keys: ts 1": runs(
    async ({ tokenOf }, { notes, admin }) => {
      const { token } = await tokenOf();
      expect((await notes.verify(token)).claims.sub).toBe('user-alice');
      await expect(admin.verify(token)).rejects.toMatchObject({
        reason: 'token_audience_mismatch',
      });
    },
  ),
  'docs/guides/keys-and-rotation.md # Your own signing keys: ts 1': runs(
    async (_, { tokens, jwks, rotate }) => {
      const contents = { subject: 'a', clientId: 'b', audience: API, scope: [] };
      const kid = async () => decodeJws((await tokens.issue(contents)).token).header.kid;
      const first = await kid();
      const known = jwks().keys.map((key: { kid: string }) => key.kid);
      await rotate();
      expect(known, 'the next key was known before it signs').toContain(await kid());
      expect(await kid()).not.toBe(first);
      expect(jwks().keys.map((key: { kid: string }) => key.kid)).toContain(first);
      expect(JSON.stringify(jwks())).not.toContain('"d"');
    },
  ),
  'docs/guides/keys-and-rotation.md # Secrets of nonces: ts 1': runs(
    async (_, { nonces, replaceSecrets }) => {
      const nonce = await nonces.current();
      const [older, newest] = [process.env.NONCE_SECRETS?.split(',')[0] ?? '', 'n'.repeat(43)];
      replaceSecrets([newest, older]);
      expect(await nonces.judge(nonce)).toBeDefined();
      replaceSecrets([newest]);
      expect(await nonces.judge(nonce)).toBeUndefined();
    },
  ),

  'docs/guides/observability.md # OpenTelemetry: ts 1': isFile(
    'packages/peers/examples/observability/telemetry.ts',
    'packages/peers/test/telemetry.test.ts',
  ),
  'docs/guides/observability.md # OpenTelemetry: ts 2': runs(async (world, { app, counts }) => {
    await app.listen({ port: 3000 });
    await expectProtected(world, { scope: undefined });
    expect(Object.fromEntries(counts)).toMatchObject({
      'granted none': 1,
      'refused proof_replayed': 1,
    });
  }),

  'docs/guides/opaque-tokens.md # Opaque tokens: ts 1': runs(async (world) => {
    expect(await expectProtected(world, { ...BOTH, format: 'opaque' })).toBe('user-alice');
  }),

  [`${START} 2. The API as it is: ts 1`]: runs(async () => {
    expect(await (await fetch(`${API}/notes`)).json()).toEqual(['Buy milk']);
  }),
  [`${START} 3. Protect it: ts 1`]: runs(async (world) => {
    expect(JSON.parse(await expectProtected(world))).toEqual(['Buy milk, user-alice']);
    expect((await fetch(`${API}/status`)).status).toBe(200);
  }),
  [`${START} 3. Protect it: http 1`]: (block, stage) => {
    const isShown = runs(async () => {
      const { status, statusText, headers, body } = await readAnswer(await fetch(`${API}/notes`));
      const [first, ...lines] = block.text.trimEnd().split('\n');
      expect(first).toBe(`HTTP/1.1 ${status} ${statusText}`);
      expect(lines.at(-1)).toBe(body);
      for (const line of lines.slice(0, lines.indexOf(''))) expect(headers).toContain(line);
    });
    return isShown(onceMore(`${START} 3. Protect it: ts 1`), stage);
  },
  [`${START} 4. A stand-in for the authorization server: ts 1`]: runs(
    async () => {
      const signer = await createSigner();
      const accessToken = createClientCredentialsTokens({
        tokenEndpoint: `${ISSUER}/token`,
        clientId: 'backup',
        clientSecret: CLIENT_SECRET,
        signer,
      });
      const token = await accessToken();
      expect(decodeJws(token).payload).toMatchObject({ cnf: { jkt: jktOf(signer) } });
      const verified = await createJwtVerifier({ issuer: ISSUER, audience: API }).verify(token);
      expect(verified.claims.sub).toBe('backup');
    },
    { serves: ISSUER },
  ),
  [`${START} 5. Call it: ts 1`]: runs(({ printed, api }) => {
    expect(printed[0]).toMatch(/^200 .*"scheme":"DPoP"/);
    expect(api.answers.at(-1)).toBe('GET /notes 200');
  }),
  [`${START} 6. Demand nonces: ts 1`]: runs(async (world) => {
    await expectProtected(world);
    const withoutNonce = await fetch(await (await world.tokenOf()).request(`${API}/notes`));
    expect(withoutNonce.status).toBe(401);
    expect(withoutNonce.headers.get('www-authenticate')).toContain('use_dpop_nonce');
  }),

  'docs/guides/require-dpop.md # Require DPoP: ts 1': runs(async (world) => {
    await expectProtected(world, BOTH);
    await expectProtected(world, { method: 'POST', scope: 'notes:write' });
  }),
  'docs/guides/require-dpop.md # Tell clients: ts 1': runs(async () => {
    const metadata = await (await fetch(`${API}/.well-known/oauth-protected-resource`)).json();
    expect(metadata).toMatchObject({ resource: API, authorization_servers: [ISSUER] });
  }),

  'docs/guides/rollout.md # 2. Report: ts 1': runs(async ({ tokenOf, printed }, { app }) => {
    await app.listen({ port: 3000 });
    const request = await (await tokenOf()).request(`${API}/notes`);
    expect((await fetch(request.clone())).status).toBe(200);
    expect(printed).toEqual([]);
    expect((await fetch(request)).status).toBe(200);
    expect(printed.join()).toContain('would be refused: proof_replayed');
  }),
  'docs/guides/rollout.md # 5. Demand DPoP where it matters: ts 1': runs(async (world, { app }) => {
    await app.listen({ port: 3000 });
    await expectProtected(world, { ...BOTH, scope: undefined });
    const plain = await world.tokenOf({ bound: false });
    const deleting = await fetch(await plain.request(`${API}/notes`, { method: 'DELETE' }));
    expect(deleting.status).toBe(401);
  }),

  'docs/guides/testing-your-api.md # Test your API: ts 1': runs(async (world, { buildApi }) => {
    const app = await buildApi({ issuer: ISSUER, publicOrigin: API });
    await app.listen({ port: 3000 });
    expect(await expectProtected(world)).toBe('user-alice');
  }),
  'docs/guides/testing-your-api.md # Test your API: ts 2': runs(async (_, helpers) => {
    const { issuer, publicOrigin, keys, clock, advance, fieldsFor } = helpers;
    const tokens = createJwtVerifier({ issuer, audience: publicOrigin, keys, clock });
    const replay = createMemoryReplayStore({ clock });
    const dpop = createDpopAuthenticator({ tokens, publicOrigin, replay, clock });
    const guard = createGuard({ authenticators: [dpop] });
    const decide = async (fields: Record<string, string>) =>
      guard.decide(testRequest(fields, { target: '/notes' }), { scopes: ['notes:read'] });
    const good = await fieldsFor('GET', '/notes');
    expect(await decide(good)).toMatchObject({ granted: true });
    expect(await decide(good)).toMatchObject({ error: { reason: 'proof_replayed' } });
    const poor = await decide(await fieldsFor('GET', '/notes', ['notes:write']));
    expect(poor).toMatchObject({ denial: { status: 403 } });
    const late = await fieldsFor('GET', '/notes');
    advance(120);
    expect(await decide(late)).toMatchObject({ error: { reason: 'proof_expired' } });
  }),
};

const jktOf = ({ publicJwk }: Signer): string => thumbprint({ ...publicJwk });

/** A block under another name, so that its module runs once more. */
function onceMore(key: string): Block {
  const block = readPages()
    .flatMap(blocksOf)
    .find((one) => one.key === key);
  if (block === undefined) throw new Error(`there is no block ${key}`);
  return { ...block, key: `${key} once more` };
}

async function readAnswer(response: Response) {
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`);
  return {
    status: response.status,
    statusText: response.statusText,
    headers,
    body: await response.text(),
  };
}

/** The file of a command-line client goes where nobody lives. */
function useTemporaryHome({ onEnd }: World): void {
  const folder = temporaryFolder();
  process.env.HOME = folder.path;
  onEnd(() => folder.remove());
}
