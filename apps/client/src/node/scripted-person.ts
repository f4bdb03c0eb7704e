import { createUserAgent, type Page } from '@keybound/user-agent';
import type { Person } from '../comparison/person.ts';

/** How a person signs in. */
export interface Account {
  readonly username: string;
  readonly password: string;
}

/** Signing in, consenting, and once more each, should the session end between the two. */
const MAX_PAGES = 4;

/** A person, played by a script, whose one browser stays signed in, and who does one thing after the other. */
export function createScriptedPerson(account: Account): Person {
  const browser = createUserAgent();
  let last: Promise<unknown> = Promise.resolve();

  async function approve(url: string): Promise<URL> {
    const { origin } = new URL(url);
    let page = await browser.open(url);
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const here = new URL(page.url);
      if (here.origin !== origin) return here;
      page = await answer(page);
    }
    throw new Error(`${origin} keeps asking ${account.username}`);
  }

  /** Fills in whichever form the page has: name and password, or the decision. */
  function answer(page: Page): Promise<Page> {
    for (const form of page.forms) {
      if ('password' in form.fields) return browser.submit(page, form, { ...account });
      const consent = form.buttons.find(({ value }) => value === 'allow');
      if (consent !== undefined) {
        return browser.submit(page, form, { [consent.name]: consent.value });
      }
    }
    throw new Error(
      `${account.username} cannot go on at ${page.url}, which answered with status ${page.status}`,
    );
  }

  return {
    approve(url): Promise<URL> {
      const next = last.then(() => approve(url));
      last = next.catch(() => undefined);
      return next;
    },
  };
}
