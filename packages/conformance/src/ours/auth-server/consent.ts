import type { FieldLine, RawResponse } from '@keybound/dpop-vectors';
import { createUserAgent, type Page, type UserAgent } from '@keybound/user-agent';
import type { Send } from './send.ts';

interface Account {
  readonly username: string;
  readonly password: string;
}

/** Signing in, consenting, and once more each. */
const MAX_PAGES = 4;

/**
 * Opens an address of the authorization endpoint in a new browser, in which somebody signs in and allows
 * everything.
 *
 * @returns the last answer: the redirect to the client, or a page on which there is nothing to do
 */
export async function openAndConsent(
  url: string,
  send: Send,
  account: Account,
): Promise<RawResponse> {
  const browser = createUserAgent(asFetch(send));
  let page = await browser.open(url);
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const next = answerPage(browser, page, account);
    if (next === undefined) return responseOf(page);
    page = await next;
  }
  throw new Error('the server keeps asking');
}

/** Fills in whichever form the page has: name and password, or the decision. */
function answerPage(browser: UserAgent, page: Page, account: Account): Promise<Page> | undefined {
  for (const form of page.forms) {
    if ('password' in form.fields) return browser.submit(page, form, { ...account });
    const allow = form.buttons.find(({ value }) => value === 'allow');
    if (allow !== undefined) return browser.submit(page, form, { [allow.name]: allow.value });
  }
  return undefined;
}

function responseOf({ status, headers, html }: Page): RawResponse {
  return { status, fields: [...headers], body: html };
}

function asFetch(send: Send): typeof fetch {
  return async (input, init = {}) => {
    const { pathname, search } = new URL(String(input));
    const fields: FieldLine[] = [...new Headers(init.headers)];
    const { method = 'GET', body } = init;
    const response = await send({
      method,
      path: `${pathname}${search}`,
      fields,
      ...(typeof body === 'string' && { body }),
    });
    const headers = new Headers(
      response.fields.map(([name, value]): [string, string] => [name, value]),
    );
    return new Response(response.body, { status: response.status, headers });
  };
}
