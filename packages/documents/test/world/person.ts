import { DEMO_USERS } from '@keybound/auth-server';
import { createUserAgent, type Page } from '@keybound/user-agent';

/** Somebody at a browser. */
export interface Person {
  /** Opens an authorization URL, signs in where that is asked for, allows, and tells where it ended. */
  authorize(url: string | URL): Promise<string>;
}

/** Alice of the demonstration. Her browser remembers her, because checking a password is dear. */
export function createAlice(): Person {
  const agent = createUserAgent((...request) => fetch(...request));
  const alice = DEMO_USERS.find(({ username }) => username === 'alice');
  if (alice === undefined) throw new Error('there is no alice');
  const { username, password } = alice;
  const formOf = ({ forms }: Page, purpose: string) =>
    forms.find(({ action }) => action.endsWith(`/${purpose}`));
  return {
    async authorize(url): Promise<string> {
      let page = await agent.open(String(url));
      const login = formOf(page, 'login');
      if (login) page = await agent.submit(page, login, { username, password });
      const consent = formOf(page, 'consent');
      if (consent) page = await agent.submit(page, consent, { decision: 'allow' });
      if (new URL(page.url).origin === new URL(url).origin) {
        throw new Error(`the authorization server does not let Alice go: ${page.status}`);
      }
      return page.url;
    },
  };
}
