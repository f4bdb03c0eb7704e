import type { LightMyRequestResponse } from 'fastify';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { type Browser, begin, createBrowser, giveSession, signIn } from './browser.ts';

const database = useDatabase();

type Visit = (browser: Browser, server: TestServer) => Promise<LightMyRequestResponse>;

const WRONG = { username: 'nobody', password: 'x' };
const JSON_BODY = { 'content-type': 'application/json' };

const PAGES: readonly [string, number, Visit][] = [
  ['login', 200, async (browser) => browser.get(await begin(browser))],
  ['failed login', 403, async (browser) => signIn(browser, await begin(browser), WRONG)],
  [
    'consent',
    200,
    async (browser, server) => {
      await giveSession(server, database.db, browser);
      return browser.get(await begin(browser));
    },
  ],
  [
    'too many logins',
    429,
    async (browser) => {
      const path = await begin(browser);
      await signIn(browser, path, WRONG);
      return signIn(browser, path, WRONG);
    },
  ],
  ['forged form', 403, async (browser) => browser.post(`${await begin(browser)}/logout`, {})],
  ['unknown interaction', 400, async (browser) => browser.get('/interaction/abc')],
  ['unknown client', 400, async (browser) => browser.get('/authorize?client_id=nobody')],
  [
    'a form as JSON',
    415,
    async (browser) => browser.post(`${await begin(browser)}/login`, {}, JSON_BODY),
  ],
];

describe('every page', () => {
  it.each(PAGES)(
    '%s → %i, no script, no frame, no copy, no address for others',
    async (_name, status, visit) => {
      const limits = { loginsPerMinute: 1, requestsPerMinute: 1000 };
      const server = await startServer(database, { limits });
      const response = await visit(createBrowser(server.app), server);
      expect(response.statusCode).toBe(status);
      expect(response.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': expect.stringMatching(
          /^default-src 'none'; style-src 'self'; form-action 'self'(?: http:)?; frame-ancestors 'none'; base-uri 'none'$/,
        ),
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        // Not no-referrer: browsers would send `Origin: null` with the forms of these pages.
        'referrer-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(response.headers).not.toHaveProperty('access-control-allow-origin');
      const { body } = response;
      expect(body).toMatch(/^<!doctype html>\n<html lang="en">/);
      expect(body).toMatch(/<title>[^<]+<\/title>/);
      expect(body).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i);
      for (const [, id] of body.matchAll(/<input id="(\w+)"/g)) {
        expect(body).toContain(`<label for="${id}">`);
      }
    },
  );

  it('the style → text/css for everybody', async () => {
    const { app } = await startServer(database);
    const response = await app.inject('/style.css');
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('text/css; charset=utf-8');
    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });

  it('login → what password managers and screen readers need', async () => {
    const { app } = await startServer(database);
    const browser = createBrowser(app);
    const path = await begin(browser);
    const first = (await browser.get(path)).body;
    expect(first).toMatch(/<input id="username"[^>]* autocomplete="username"[^>]* autofocus>/);
    expect(first).toMatch(/<input id="password"[^>]* autocomplete="current-password"[^>]*>/);
    const again = (await signIn(browser, path, WRONG)).body;
    expect(again).toMatch(/<input id="password"[^>]* aria-describedby="fault" autofocus>/);
  });
});
