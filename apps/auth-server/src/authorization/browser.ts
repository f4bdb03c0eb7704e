import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newSecret } from '../secrets.ts';

const SECRET = /^[\w-]{43}$/;

/** The cookies of this server at one browser. */
export interface BrowserCookies {
  /** The secret that tells this browser from others; undefined until it is given one. */
  browser(request: FastifyRequest): string | undefined;
  /** The same, and gives the browser one where it has none. */
  requireBrowser(request: FastifyRequest, reply: FastifyReply): string;
  session(request: FastifyRequest): string | undefined;
  /** Sets the session, or takes it away. */
  setSession(reply: FastifyReply, secret: string | undefined): void;
}

/**
 * Cookies that no script reads and no other site's form brings along. On https they carry the prefix
 * `__Host-`, so that no neighbouring host can set them; plain http, which is for this machine only,
 * knows neither that nor `Secure`.
 */
export function createBrowserCookies(issuer: string): BrowserCookies {
  const secure = issuer.startsWith('https:');
  const prefix = secure ? '__Host-' : '';
  const [browserCookie, sessionCookie] = [`${prefix}browser`, `${prefix}session`];
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  const secretIn = (request: FastifyRequest, name: string): string | undefined => {
    const value = request.cookies[name];
    return value !== undefined && SECRET.test(value) ? value : undefined;
  };

  return {
    browser: (request) => secretIn(request, browserCookie),
    requireBrowser(request, reply): string {
      const known = secretIn(request, browserCookie);
      if (known !== undefined) return known;
      const secret = newSecret();
      reply.setCookie(browserCookie, secret, attributes);
      return secret;
    },
    session: (request) => secretIn(request, sessionCookie),
    setSession(reply, secret): void {
      if (secret === undefined) reply.clearCookie(sessionCookie, attributes);
      else reply.setCookie(sessionCookie, secret, attributes);
    },
  };
}

/** The token that forms of an interaction carry: only this browser's cookie can have made it. */
export function csrfToken(browser: string, interaction: string): string {
  return createHmac('sha256', browser).update(`csrf ${interaction}`).digest('base64url');
}

/** Whether a form carries the token of its interaction. */
export function hasCsrfToken(
  presented: string | undefined,
  browser: string,
  interaction: string,
): boolean {
  const expected = Buffer.from(csrfToken(browser, interaction));
  const given = Buffer.from(presented ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Whether a browser says that a form comes from another site. Old browsers say nothing; for them there
 * is the token.
 */
export function isCrossSite({ headers }: FastifyRequest, issuer: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true; // a neighbouring host is another one
  return headers.origin !== undefined && headers.origin !== issuer;
}
