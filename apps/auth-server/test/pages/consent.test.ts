import { count } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import type { Client } from '../../src/clients/client.ts';
import { registerClient } from '../../src/clients/registered-clients.ts';
import { authorizationCodes, grants, interactions } from '../../src/database/schema.ts';
import { useDatabase } from '../support/database.ts';
import { CALLBACK, redeem } from '../support/grants.ts';
import { demoClient, ISSUER, OTHER_RESOURCE, RESOURCE, startServer } from '../support/server.ts';
import { type Browser, begin, createBrowser, fieldsOf, giveSession } from './browser.ts';

const database = useDatabase();

/** A browser in which Alice has signed in and is asked. */
async function asked(
  request: Record<string, string | string[]> = {},
  members: Partial<Client> = {},
) {
  const server = await startServer(database, { clients: [demoClient('notes-app', members)] });
  const browser = createBrowser(server.app);
  await giveSession(server, database.db, browser);
  const path = await begin(browser, request);
  const page = await browser.get(path);
  return { ...server, browser, path, page, fields: fieldsOf(page) };
}

async function rows(table: typeof grants | typeof authorizationCodes | typeof interactions) {
  const [row] = await database.db.select({ rows: count() }).from(table);
  return row?.rows ?? 0;
}

describe('consent', () => {
  it('allowed → 303 to the client with a code that can be redeemed, state and iss [ISS-2-01]', async () => {
    const { app, browser, path, fields, events } = await asked();
    const response = await browser.post(`${path}/consent`, { ...fields, decision: 'allow' });
    expect(response.statusCode).toBe(303);
    const location = new URL(String(response.headers.location));
    expect(location.origin + location.pathname).toBe(CALLBACK);
    const { code = '', ...rest } = Object.fromEntries(location.searchParams);
    expect(rest).toEqual({ state: 'a state', iss: ISSUER });
    expect(await rows(interactions)).toBe(0);
    const [grant] = await database.db.select().from(grants);
    expect(events).toEqual([
      {
        event: 'consent_given',
        clientId: 'notes-app',
        subject: 'user-alice',
        grantId: grant?.id,
        scope: ['notes:read', 'notes:write'],
        resources: [RESOURCE],
      },
    ]);
    expect((await redeem(app, code)).statusCode).toBe(200);
  });

  it('denied → 303 with access_denied, state and iss; no grant [ISS-2-01]', async () => {
    const { browser, path, fields, events } = await asked();
    const response = await browser.post(`${path}/consent`, { ...fields, decision: 'deny' });
    expect(response.statusCode).toBe(303);
    const { searchParams } = new URL(String(response.headers.location));
    expect(Object.fromEntries(searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'The request was declined',
      state: 'a state',
      iss: ISSUER,
    });
    expect([await rows(interactions), await rows(grants)]).toEqual([0, 0]);
    expect(events.map(({ event }) => event)).toEqual(['consent_denied']);
  });

  it('allowed 20 times at once → one code, and a page for the others', async () => {
    const { browser, path, fields, events } = await asked();
    const responses = await Promise.all(
      Array.from({ length: 20 }, () =>
        browser.post(`${path}/consent`, { ...fields, decision: 'allow' }),
      ),
    );
    const statuses = responses.map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([303, ...Array.from({ length: 19 }, () => 400)]);
    expect([await rows(authorizationCodes), await rows(grants)]).toEqual([1, 1]);
    expect(events.filter(({ event }) => event === 'consent_given')).toHaveLength(1);
  });

  it.each(['allow', 'deny'])('denied, then the browser goes back: %s → 400', async (decision) => {
    const { browser, path, fields } = await asked();
    await browser.post(`${path}/consent`, { ...fields, decision: 'deny' });
    const again = await browser.post(`${path}/consent`, { ...fields, decision });
    expect(again.statusCode).toBe(400);
    expect(again.headers).not.toHaveProperty('location');
    expect(await rows(grants)).toBe(0);
  });

  it.each([[undefined], ['maybe'], ['toString']])(
    'decision %s → 400, still open',
    async (decision) => {
      const { browser, path, fields } = await asked();
      const response = await browser.post(`${path}/consent`, { ...fields, decision });
      expect(response.statusCode).toBe(400);
      expect(await rows(interactions)).toBe(1);
    },
  );

  it('signed out in another tab → back to the page, no code', async () => {
    const { browser, path, fields } = await asked();
    await browser.post(`${path}/logout`, fields);
    const response = await browser.post(`${path}/consent`, { ...fields, decision: 'allow' });
    expect(response.headers.location).toBe(path);
    expect([await rows(interactions), await rows(grants)]).toEqual([1, 0]);
  });

  it('somebody else signed in in another tab → they are asked first, no code', async () => {
    const server = await asked();
    const { browser, path, fields } = server;
    await giveSession(server, database.db, browser, { id: 'user-bob', username: 'bob' });
    const response = await browser.post(`${path}/consent`, { ...fields, decision: 'allow' });
    expect(response.headers.location).toBe(path);
    expect(await rows(grants)).toBe(0);
    const page = await browser.get(path);
    expect(page.body).toContain('<strong>bob</strong>');
    const bobs = await browser.post(`${path}/consent`, { ...fieldsOf(page), decision: 'allow' });
    expect(bobs.statusCode).toBe(303);
    const [grant] = await database.db.select().from(grants);
    expect(grant?.userId).toBe('user-bob');
  });
});

describe('the page that asks', () => {
  it('shows who is asked, by whom, for what, where, and where it leads', async () => {
    const { page } = await asked(
      {
        scope: 'notes:read custom:one',
        resource: [RESOURCE, OTHER_RESOURCE],
        redirect_uri: 'http://127.0.0.1:51004/callback',
      },
      { scope: 'notes:read custom:one' },
    );
    for (const text of [
      '<h1>Allow <bdi>Notes app</bdi>?</h1>',
      '<strong>alice</strong>',
      '<li>Read your notes</li>',
      '<li>custom:one</li>',
      `<dd>${RESOURCE}</dd>`,
      `<dd>${OTHER_RESOURCE}</dd>`,
      '<dd>http://127.0.0.1:51004</dd>',
      '<dd>notes-app</dd>',
      'Access is bound to a key that the application holds.',
    ]) {
      expect(page.body).toContain(text);
    }
    expect(page.body).not.toContain('Add notes');
    expect(page.body).not.toContain('registered itself');
  });

  it('a client that takes Bearer tokens → says so, unless the request names a key', async () => {
    const bearer = { dpop_bound_access_tokens: false };
    expect((await asked({}, bearer)).page.body).toContain(
      'Whoever holds the access token can use it.',
    );
    const jkt = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
    expect((await asked({ dpop_jkt: jkt }, bearer)).page.body).toContain(
      'Access is bound to a key',
    );
  });

  it('a client that registered itself under the name of another → the page warns', async () => {
    const { client_id: _id, secretHash: _hash, ...metadata } = demoClient('notes-app');
    const { clientId } = await registerClient(database.db, metadata, 0);
    const server = await startServer(database);
    const browser = createBrowser(server.app);
    await giveSession(server, database.db, browser);
    const { body } = await browser.get(await begin(browser, { client_id: clientId }));
    expect(body).toContain('This application registered itself.');
    expect(body).toContain(`<dd>${clientId}</dd>`);
  });

  it('markup in name, scope and state → text, or nothing', async () => {
    const evil = '<img/src=x/onerror=alert(1)>';
    const { page, browser, path, fields } = await asked(
      { scope: evil, state: evil },
      { client_name: `"${evil}'`, scope: evil },
    );
    expect(page.body).not.toContain('<img');
    expect(page.body).toContain('<li>&lt;img/src=x/onerror=alert(1)&gt;</li>');
    expect(page.body).toContain('<bdi>&quot;&lt;img');
    const response = await browser.post(`${path}/consent`, { ...fields, decision: 'deny' });
    expect(new URL(String(response.headers.location)).searchParams.get('state')).toBe(evil);
  });

  it.each([
    ['https://app.example/callback', 'https:'],
    ['https://app.example:8443/callback?x=1', 'https:'],
    ["https://a;script-src'unsafe-inline'.example/", 'https:'],
    ['https://*/', 'https:'],
    ['http://127.0.0.1:4711/callback', 'http:'],
    ['http://[::1]:4711/callback', 'http:'],
    ['com.example.app:/callback', 'com.example.app:'],
  ])('%s as redirect URI → forms may lead to %s, and the policy is whole', async (uri, scheme) => {
    const { page } = await asked({ redirect_uri: uri }, { redirect_uris: [uri] });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'self'; form-action 'self' ${scheme}; frame-ancestors 'none'; base-uri 'none'`,
    );
  });
});

describe('forms that this page did not make', () => {
  type Forge = (own: Record<string, string>, browser: Browser) => Promise<Record<string, string>>;
  const FORGED: readonly [string, Forge][] = [
    ['no token', async ({ csrf: _, ...rest }) => rest],
    ['a wrong token', async (own) => ({ ...own, csrf: 'A'.repeat(43) })],
    ['a token of other characters', async (own) => ({ ...own, csrf: 'é'.repeat(43) })],
    [
      'the token of another interaction',
      async (own, browser) => {
        const { csrf = '' } = fieldsOf(await browser.get(await begin(browser)));
        return { ...own, csrf };
      },
    ],
  ];
  const STEPS = ['login', 'consent', 'logout'];

  it.each(STEPS.flatMap((step) => FORGED.map(([name, forge]) => [step, name, forge] as const)))(
    '%s with %s → 403, and nothing changes',
    async (step, _name, forge) => {
      const { browser, path, fields, events } = await asked();
      const session = browser.cookies.get('__Host-session');
      const form = await forge(
        { ...fields, decision: 'allow', username: 'a', password: 'b' },
        browser,
      );
      const response = await browser.post(`${path}/${step}`, form);
      expect(response.statusCode).toBe(403);
      expect(response.body).toContain('This form was not made by this server.');
      expect(events).toEqual([]);
      expect(await rows(grants)).toBe(0);
      expect(browser.cookies.get('__Host-session')).toBe(session);
      expect((await browser.get(path)).body).toContain('<strong>alice</strong>');
    },
  );

  it.each([
    ['Origin of another site', { origin: 'https://evil.example' }],
    ['Origin with another port', { origin: `${ISSUER}:8443` }],
    ['Origin null', { origin: 'null' }],
    ['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['Sec-Fetch-Site: same-site, a neighbouring host', { 'sec-fetch-site': 'same-site' }],
  ])('%s, with the right token → 403', async (_name, headers) => {
    const { browser, path, fields } = await asked();
    for (const step of STEPS) {
      const form = { ...fields, decision: 'allow' };
      expect((await browser.post(`${path}/${step}`, form, headers)).statusCode).toBe(403);
    }
    expect([await rows(interactions), await rows(grants)]).toEqual([1, 0]);
  });

  it('an old browser that says nothing of its origin → the token is enough', async () => {
    const { app, browser, path, fields } = await asked();
    const response = await app.inject({
      method: 'POST',
      url: `${path}/consent`,
      cookies: Object.fromEntries(browser.cookies),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ ...fields, decision: 'allow' }).toString(),
    });
    expect(response.statusCode).toBe(303);
  });
});

describe('an interaction in another browser', () => {
  const THIEVES: readonly [string, (browser: Browser, own: Browser) => Promise<unknown>][] = [
    ['without cookies', async () => {}],
    ['with a cookie of its own', (browser) => begin(browser)],
    [
      'with a malformed cookie',
      async (browser) => browser.cookies.set('__Host-browser', "'; drop table users; --"),
    ],
    [
      'with the session of its person',
      async (browser, own) =>
        browser.cookies.set('__Host-session', own.cookies.get('__Host-session') ?? ''),
    ],
  ];

  it.each(THIEVES)('%s → neither seen nor decided', async (_name, prepare) => {
    const { app, browser: own, path, fields } = await asked();
    const thief = createBrowser(app);
    await prepare(thief, own);
    const responses = [
      await thief.get(path),
      await thief.post(`${path}/login`, { ...fields, username: 'bob', password: 'x' }),
      await thief.post(`${path}/consent`, { ...fields, decision: 'allow' }),
      await thief.post(`${path}/logout`, fields),
    ];
    for (const { statusCode, body, headers } of responses) {
      expect(statusCode).toBe(400);
      expect(headers).not.toHaveProperty('location');
      expect(body).not.toContain('Notes app');
    }
    expect(await rows(grants)).toBe(0);
    expect((await own.get(path)).statusCode).toBe(200);
  });
});
