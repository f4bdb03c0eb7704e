import { NOW } from '@keybound/test-kit';
import { count } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { interactions, sessions, users } from '../../src/database/schema.ts';
import { hashSecret } from '../../src/secrets.ts';
import { useDatabase } from '../support/database.ts';
import { startServer } from '../support/server.ts';
import { addCarol, begin, CAROL, createBrowser, fieldsOf, giveSession, signIn } from './browser.ts';

const database = useDatabase();

async function sessionCount(): Promise<number> {
  const [row] = await database.db.select({ rows: count() }).from(sessions);
  return row?.rows ?? 0;
}

describe('login', () => {
  it('name and password are right → 303 to the question whether the client may [BCP-4.12-01]', async () => {
    const { app, events } = await startServer(database);
    await addCarol(database.db);
    const browser = createBrowser(app);
    const path = await begin(browser);
    expect((await browser.get(path)).body).toContain('<h1>Sign in</h1>');
    const response = await signIn(browser, path, { ...CAROL, username: 'CAROL' });
    expect(response.statusCode).toBe(303);
    expect(response.headers.location).toBe(path);
    const page = await browser.get(path);
    expect(page.body).toContain('<strong>carol</strong>');
    expect(page.body).toContain('value="allow"');
    expect(events).toEqual([
      { event: 'login_succeeded', subject: expect.stringMatching(/^user-/) },
    ]);
  });

  it('a published user of the demonstration → signs in, and the database has nothing of it', async () => {
    const { app } = await startServer(database);
    const browser = createBrowser(app);
    const path = await begin(browser);
    const alice = { username: 'alice', password: 'demo-password-of-alice' };
    expect((await signIn(browser, path, alice)).statusCode).toBe(303);
    expect(await database.db.select().from(users)).toEqual([]);
  });

  it('an unknown name and a wrong password → the same page, byte by byte, and 403', async () => {
    const { app, events } = await startServer(database);
    const browser = createBrowser(app);
    const path = await begin(browser);
    const wrong = { username: 'carol', password: 'wrong <password>' };
    const unknown = await signIn(browser, path, wrong);
    await addCarol(database.db);
    const known = await signIn(browser, path, wrong);
    expect([unknown.statusCode, known.statusCode]).toEqual([403, 403]);
    expect(known.body).toBe(unknown.body);
    expect(known.headers).toEqual({ ...unknown.headers, date: known.headers.date });
    expect(known.body).toContain('<p class="alert" id="fault" role="alert" tabindex="-1">');
    expect(fieldsOf(known).username).toBe('carol');
    expect(fieldsOf(known).password).toBe('');
    expect(known.body).not.toContain('wrong');
    expect(events.map(({ event }) => event)).toEqual(['login_failed', 'login_failed']);
    expect(await sessionCount()).toBe(0);
  });

  it.each([
    ['markup', '"><script>alert(1)</script>'],
    ['an attribute', "' onfocus='alert(1)"],
    ['an entity', '&quot;'],
  ])('%s for a name → text on the page', async (_name, username) => {
    const { app } = await startServer(database);
    const browser = createBrowser(app);
    const response = await signIn(browser, await begin(browser), { username, password: 'x' });
    expect(fieldsOf(response).username).toBe(username);
    expect(response.body).not.toContain(username);
    expect(response.body).not.toContain('<script');
  });

  it.each([
    ['U+0000', 'carol\0'],
    ['a lone surrogate', 'carol\ud800'],
    ['a name of 10 000 characters', 'c'.repeat(10_000)],
    ['no name', ''],
  ])('%s for a name → 403 like every wrong name', async (_name, username) => {
    const { app } = await startServer(database);
    await addCarol(database.db);
    const browser = createBrowser(app);
    const response = await signIn(browser, await begin(browser), { ...CAROL, username });
    expect(response.statusCode).toBe(403);
    expect(response.body).toContain('User name or password is not right.');
  });

  it('two passwords → 400 [OAUTH-3.1-01]', async () => {
    const { app } = await startServer(database);
    await addCarol(database.db);
    const browser = createBrowser(app);
    const twice = { ...CAROL, password: [CAROL.password, CAROL.password] };
    expect((await signIn(browser, await begin(browser), twice)).statusCode).toBe(400);
    expect(await sessionCount()).toBe(0);
  });

  it('whatever is typed → no password and no name in the log', async () => {
    const logs: string[] = [];
    const { app } = await startServer(database, { logs });
    await addCarol(database.db);
    const browser = createBrowser(app);
    const path = await begin(browser);
    await signIn(browser, path, { username: 'typed-as-name', password: 'typed-as-password' });
    await signIn(browser, path);
    expect(logs.length).toBeGreaterThan(0);
    const log = logs.join('');
    const secrets = ['typed-as', CAROL.password, path.slice(-43), ...browser.cookies.values()];
    for (const secret of secrets) expect(log).not.toContain(secret);
  });

  it('a session that was planted before → ended; the new one has another secret', async () => {
    const server = await startServer(database);
    await addCarol(database.db);
    const browser = createBrowser(server.app);
    const planted = await giveSession(server, database.db, browser);
    await signIn(browser, await begin(browser, { prompt: 'login' }));
    expect(browser.cookies.get('__Host-session')).not.toBe(planted);
    const left = await database.db.select().from(sessions);
    const secret = browser.cookies.get('__Host-session') ?? '';
    expect(left.map(({ idHash }) => idHash)).toEqual([hashSecret(secret)]);
  });

  it.each([
    ['https', 'https://as.example', '__Host-', '; HttpOnly; Secure; SameSite=Lax'],
    ['http on this machine', 'http://localhost:4000', '', '; HttpOnly; SameSite=Lax'],
  ])('an issuer with %s → cookies %s%s', async (_name, issuer, prefix, attributes) => {
    const { app } = await startServer(database, { issuer });
    await addCarol(database.db);
    const browser = createBrowser(app, issuer);
    const begun = await browser.get(
      '/authorize?client_id=notes-app&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
    const cookie = (name: string) =>
      new RegExp(`^${prefix}${name}=[\\w-]{43}; Path=/${attributes}$`);
    expect(begun.headers['set-cookie']).toMatch(cookie('browser'));
    const done = await signIn(browser, String(begun.headers.location));
    expect(done.headers['set-cookie']).toMatch(cookie('session'));
  });

  it('"use another account" → the session ends, here and in the database', async () => {
    const server = await startServer(database);
    const browser = createBrowser(server.app);
    await giveSession(server, database.db, browser);
    const path = await begin(browser);
    const { csrf } = fieldsOf(await browser.get(path));
    const response = await browser.post(`${path}/logout`, { csrf });
    expect(response.statusCode).toBe(303);
    expect(response.headers.location).toBe(path);
    expect(browser.cookies.has('__Host-session')).toBe(false);
    expect(await sessionCount()).toBe(0);
    expect((await browser.get(path)).body).toContain('<h1>Sign in</h1>');
  });

  it('the address of a form, opened → 303 to its page', async () => {
    const { app } = await startServer(database);
    const browser = createBrowser(app);
    const path = await begin(browser);
    const response = await browser.get(`${path}/login`);
    expect(response.statusCode).toBe(303);
    expect(response.headers.location).toBe(path);
    const elsewhere = await browser.get('/interaction/%2F%2Fevil.example%0d%0ax:y/login');
    expect(elsewhere.headers.location).toBe('/interaction/%2F%2Fevil.example%0D%0Ax%3Ay');
  });
});

describe('who must sign in again [STEPUP-5-01]', () => {
  it.each([
    ['a request without wishes', 'not asked', 7 * 3600, {}],
    ['prompt=login', 'asked', 1, { prompt: 'login' }],
    ['prompt=login in the same second', 'asked', 0.2, { prompt: 'login' }],
    ['prompt=login consent', 'asked', 1, { prompt: 'login consent' }],
    ['max_age=0', 'asked', 1, { max_age: '0' }],
    ['max_age=60 after 60 s', 'not asked', 60, { max_age: '60' }],
    ['max_age=60 after 61 s', 'asked', 61, { max_age: '60' }],
    ['a session that has ended', 'asked', 8 * 3600, {}],
  ])('%s → %s, and once at most', async (_name, outcome, age, wish) => {
    const server = await startServer(database);
    await addCarol(database.db);
    const browser = createBrowser(server.app);
    await giveSession(server, database.db, browser, { id: 'user-alice', username: 'alice' });
    server.clock.advance(age);
    const path = await begin(browser, wish);
    const asked = (await browser.get(path)).body.includes('<h1>Sign in</h1>');
    expect(asked).toBe(outcome === 'asked');
    if (!asked) return;
    server.clock.advance(5);
    await signIn(browser, path);
    expect((await browser.get(path)).body).toContain('value="allow"');
  });

  it('a decision without the sign-in that was asked for → back to the page, no code', async () => {
    const server = await startServer(database);
    const browser = createBrowser(server.app);
    await giveSession(server, database.db, browser);
    server.clock.advance(1);
    const path = await begin(browser, { max_age: '0' });
    const { csrf } = fieldsOf(await browser.get(path));
    const form = { csrf, subject: 'user-alice', decision: 'allow' };
    const response = await browser.post(`${path}/consent`, form);
    expect(response.headers.location).toBe(path);
    const [row] = await database.db.select({ rows: count() }).from(interactions);
    expect(row?.rows).toBe(1);
  });

  it('a session whose person is gone → the login page', async () => {
    const server = await startServer(database);
    const browser = createBrowser(server.app);
    await giveSession(server, database.db, browser, { id: 'user-gone', username: 'gone' });
    expect((await browser.get(await begin(browser))).body).toContain('<h1>Sign in</h1>');
  });
});

describe('limits on login', () => {
  const limits = { loginsPerMinute: 2, requestsPerMinute: 1000 };

  it('one address, many names → 429 with Retry-After, even with the right password', async () => {
    const { app, events } = await startServer(database, { limits });
    await addCarol(database.db);
    const browser = createBrowser(app);
    const path = await begin(browser);
    for (const username of ['one', 'two']) await signIn(browser, path, { username, password: 'x' });
    const refused = await signIn(browser, path);
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(refused.body).toContain('Too many attempts. Wait a minute, then try again.');
    expect(fieldsOf(refused).username).toBe('carol');
    expect(events.at(-1)).toEqual({ event: 'login_limited', address: '127.0.0.1' });
    expect(await sessionCount()).toBe(0);
  });

  it('one name in many spellings from many addresses → 429; other names are served', async () => {
    const { app, events } = await startServer(database, {
      limits,
      trustedProxies: ['127.0.0.1'],
    });
    await addCarol(database.db);
    const browser = createBrowser(app);
    const path = await begin(browser);
    const attempt = async (username: string, address: string): Promise<number> => {
      const form = { ...fieldsOf(await browser.get(path)), ...CAROL, username };
      const headers = { 'x-forwarded-for': address };
      return (await browser.post(`${path}/login`, { ...form, password: 'x' }, headers)).statusCode;
    };
    expect(await attempt('carol', '203.0.113.1')).toBe(403);
    expect(await attempt('Carol', '203.0.113.2')).toBe(403);
    expect(await attempt('ｃａｒｏｌ', '203.0.113.3')).toBe(429);
    expect(events.at(-1)).toEqual({ event: 'login_limited', address: '203.0.113.3' });
    expect(await attempt('dave', '203.0.113.4')).toBe(403);
  });

  it('an address beyond its limit → uses up the attempts of no name', async () => {
    const { app } = await startServer(database, { limits, trustedProxies: ['127.0.0.1'] });
    await addCarol(database.db);
    const browser = createBrowser(app);
    const path = await begin(browser);
    const { csrf } = fieldsOf(await browser.get(path));
    const attempt = (form: Record<string, string>, address: string) =>
      browser.post(`${path}/login`, { csrf, ...form }, { 'x-forwarded-for': address });
    for (const username of ['one', 'two', 'carol', 'carol', 'carol']) {
      await attempt({ username, password: 'x' }, '203.0.113.1');
    }
    expect((await attempt(CAROL, '203.0.113.2')).statusCode).toBe(303);
  });
});

describe('an interaction', () => {
  it('is over after ten minutes → 400', async () => {
    const { app, clock } = await startServer(database);
    const browser = createBrowser(app);
    const path = await begin(browser);
    clock.set(NOW + 599);
    expect((await browser.get(path)).statusCode).toBe(200);
    clock.set(NOW + 600);
    const response = await browser.get(path);
    expect(response.statusCode).toBe(400);
    expect(response.body).toContain('This page has expired');
  });

  it('in one browser, another request → both can be answered', async () => {
    const { app } = await startServer(database);
    const browser = createBrowser(app);
    const [first, second] = [await begin(browser), await begin(browser)];
    expect((await browser.get(first)).statusCode).toBe(200);
    expect((await browser.get(second)).statusCode).toBe(200);
  });

  it('a client that is no longer known → 400', async () => {
    const { app } = await startServer(database);
    const browser = createBrowser(app);
    const path = await begin(browser);
    const { app: other } = await startServer(database, { clients: [] });
    const later = createBrowser(other);
    for (const [name, value] of browser.cookies) later.cookies.set(name, value);
    expect((await later.get(path)).statusCode).toBe(400);
  });
});
