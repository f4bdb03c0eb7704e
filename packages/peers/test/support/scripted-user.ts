import { DEMO_USERS } from '@keybound/auth-server';
import { createUserAgent, type Form, type Page } from '@keybound/user-agent';

/**
 * Where clients of the tests expect the answer. Nobody listens there, and the system gives nobody this
 * port, so it is never the origin of a server under test.
 */
export const CALLBACK = 'http://127.0.0.1:9/callback';

/** A person with a browser of their own, which has no screen. */
export interface ScriptedUser {
  /**
   * Opens an authorization URL, signs in where that is asked for, and decides.
   *
   * @returns where the browser was sent in the end, which is at the client
   */
  authorize(url: URL, decision?: 'allow' | 'deny'): Promise<URL>;
}

/** Alice, not signed in anywhere. @param send - does the requests of her browser */
export function createScriptedUser(send?: typeof fetch): ScriptedUser {
  const agent = createUserAgent(send);
  const { username, password } = aliceOfTheDemo();
  return {
    async authorize(url, decision = 'allow'): Promise<URL> {
      let page = await agent.open(url.href);
      const login = findForm(page, 'login');
      if (login !== undefined) page = await agent.submit(page, login, { username, password });
      const consent = findForm(page, 'consent');
      if (consent !== undefined) page = await agent.submit(page, consent, { decision });
      const last = new URL(page.url);
      if (last.origin === url.origin) {
        throw new Error(`the browser stays at a page with ${page.status}`);
      }
      return last;
    },
  };
}

/** Alice with the one browser of a test file: a server checks her password once, which is dear. */
export const alice: ScriptedUser = createScriptedUser();

function aliceOfTheDemo(): (typeof DEMO_USERS)[number] {
  const found = DEMO_USERS.find(({ username }) => username === 'alice');
  if (found === undefined) throw new Error('there is no alice');
  return found;
}

function findForm({ forms }: Page, purpose: 'login' | 'consent'): Form | undefined {
  return forms.find(({ action }) => action.endsWith(`/${purpose}`));
}
