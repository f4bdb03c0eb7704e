import { parseForms } from '@keybound/user-agent';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { Queryable } from '../../src/database/database.ts';
import { createSessions } from '../../src/users/sessions.ts';
import { addUser } from '../../src/users/users.ts';
import { CALLBACK, CHALLENGE } from '../support/grants.ts';
import { formText, ISSUER, type Parameters, type TestServer } from '../support/server.ts';

type Headers = Readonly<Record<string, string>>;

/** A browser at a server under test. It keeps cookies, and says where its forms come from. */
export interface Browser {
  readonly cookies: Map<string, string>;
  get(path: string): Promise<LightMyRequestResponse>;
  post(path: string, form: Parameters, headers?: Headers): Promise<LightMyRequestResponse>;
}

/** Somebody whose password is checked in no time. */
export const CAROL = { username: 'carol', password: 'a password of carol' };
const CHEAP = { logN: 4, r: 8, p: 1 };

export function createBrowser(app: FastifyInstance, issuer = ISSUER): Browser {
  const cookies = new Map<string, string>();
  async function keep(sent: Promise<LightMyRequestResponse>): Promise<LightMyRequestResponse> {
    const response = await sent;
    for (const { name, value, maxAge } of response.cookies) {
      if (value === '' || maxAge === 0) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }
  return {
    cookies,
    get: (url) => keep(app.inject({ url, cookies: Object.fromEntries(cookies) })),
    post: (url, form, headers = {}) =>
      keep(
        app.inject({
          method: 'POST',
          url,
          cookies: Object.fromEntries(cookies),
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            origin: issuer,
            'sec-fetch-site': 'same-origin',
            ...headers,
          },
          payload: formText(form),
        }),
      ),
  };
}

/** Begins an authorization in a browser. @returns the path of its page */
export async function begin(browser: Browser, request: Parameters = {}): Promise<string> {
  const form = {
    client_id: 'notes-app',
    response_type: 'code',
    redirect_uri: CALLBACK,
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    state: 'a state',
    ...request,
  };
  const response = await browser.get(`/authorize?${formText(form)}`);
  return String(response.headers.location);
}

/** What the first form of a page holds. */
export function fieldsOf({ body }: LightMyRequestResponse): Readonly<Record<string, string>> {
  return parseForms(body)[0]?.fields ?? {};
}

/** Adds {@link CAROL} to a database. */
export async function addCarol(db: Queryable, now = 0): Promise<void> {
  await addUser(db, { ...CAROL, now }, CHEAP);
}

/** Signs in with the form of a page. */
export async function signIn(
  browser: Browser,
  path: string,
  credentials: Parameters = CAROL,
): Promise<LightMyRequestResponse> {
  const fields = fieldsOf(await browser.get(path));
  return browser.post(`${path}/login`, { ...fields, ...credentials });
}

/** Gives a browser the session of Alice, as if she had signed in now. */
export async function giveSession(
  { clock }: TestServer,
  db: Queryable,
  browser: Browser,
  user = { id: 'user-alice', username: 'alice' },
): Promise<string> {
  const users = { find: async () => user, verifyPassword: async () => user };
  const secret = await createSessions({ db, users, clock }).start(user);
  browser.cookies.set('__Host-session', secret);
  return secret;
}
