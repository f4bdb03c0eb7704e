import { type Form, parseForms } from './forms.ts';

/** Where a browser has come to. */
export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  readonly forms: readonly Form[];
}

/**
 * A browser without a screen: it keeps cookies, follows redirects and submits forms. It stops before it
 * leaves the origin it was sent to, as a client's redirect URI is where the client itself looks.
 */
export interface UserAgent {
  /** Opens a page. A redirect to another origin is not followed and ends as a page without content. */
  open(url: string): Promise<Page>;
  /**
   * Submits a form of a page.
   *
   * @param fields - what the person has filled in, or the button that was pressed
   */
  submit(page: Page, form: Form, fields: Readonly<Record<string, string>>): Promise<Page>;
}

const MAX_REDIRECTS = 10;

/** @param send - does one request and follows no redirect */
export function createUserAgent(send: typeof fetch = fetch): UserAgent {
  const jars = new Map<string, Map<string, string>>();

  async function visit(start: string, init: RequestInit): Promise<Page> {
    const { origin } = new URL(start);
    let url = start;
    let next = init;
    for (let hops = 0; hops < MAX_REDIRECTS; hops++) {
      const response = await request(url, next);
      const location = response.headers.get('location');
      const { status, headers } = response;
      const html = await response.text();
      if (location === null) return { url, status, headers, html, forms: parseForms(html) };
      const target = new URL(location, url);
      url = target.href;
      if (target.origin !== origin) return { url, status, headers, html: '', forms: [] };
      if (status === 303) next = {};
    }
    throw new Error('too many redirects');
  }

  async function request(url: string, init: RequestInit): Promise<Response> {
    const { origin } = new URL(url);
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    const headers = new Headers(init.headers);
    if (jar.size > 0) {
      headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    const response = await send(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keepCookie(jar, line);
    return response;
  }

  return {
    open: (url) => visit(url, {}),
    submit(page, form, fields) {
      const { origin } = new URL(page.url);
      return visit(new URL(form.action, page.url).href, {
        method: form.method,
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin },
        body: new URLSearchParams({ ...form.fields, ...fields }).toString(),
      });
    },
  };
}

function keepCookie(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const name = pair.slice(0, at);
  const isOver = attributes.some((attribute) => /^max-age=(?:0|-\d+)$/i.test(attribute));
  if (isOver) jar.delete(name);
  else jar.set(name, pair.slice(at + 1));
}
