import { describe, expect, it } from 'vitest';
import { createUserAgent, parseForms } from '../src/index.ts';

const ORIGIN = 'https://as.example';

/** A site of answers by `METHOD path`, and what was asked of it. */
function site(answers: Readonly<Record<string, () => Response>>) {
  const requests: { line: string; cookie: string | null; body: string }[] = [];
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const line = `${request.method} ${new URL(request.url).pathname}`;
    requests.push({ line, cookie: request.headers.get('cookie'), body: await request.text() });
    return answers[line]?.() ?? new Response('nothing', { status: 404 });
  };
  return { send, requests };
}

function redirect(location: string, cookie?: string): Response {
  return new Response(null, {
    status: 303,
    headers: { location, ...(cookie !== undefined && { 'set-cookie': cookie }) },
  });
}

describe('createUserAgent', () => {
  it('a redirect on the same origin → followed, with the cookie it set', async () => {
    const { send, requests } = site({
      'GET /a': () => redirect('/b', 'session=1; HttpOnly; Path=/'),
      'GET /b': () => new Response('<p>here</p>'),
    });
    const page = await createUserAgent(send).open(`${ORIGIN}/a`);
    expect(page).toMatchObject({ url: `${ORIGIN}/b`, status: 200, html: '<p>here</p>' });
    expect(requests[1]?.cookie).toBe('session=1');
  });

  it('a redirect to another origin → not followed, the address is told', async () => {
    const { send, requests } = site({ 'GET /a': () => redirect('https://app.example/cb?code=1') });
    const page = await createUserAgent(send).open(`${ORIGIN}/a`);
    expect(page).toMatchObject({ url: 'https://app.example/cb?code=1', status: 303, forms: [] });
    expect(requests).toHaveLength(1);
  });

  it('a form → submitted with its hidden fields, and the POST becomes a GET after 303', async () => {
    const { send, requests } = site({
      'GET /form': () =>
        new Response(
          '<form method="post" action="/done"><input type="hidden" name="t" value="a&amp;b"></form>',
        ),
      'POST /done': () => redirect('/thanks'),
      'GET /thanks': () => new Response('thanks'),
    });
    const agent = createUserAgent(send);
    const page = await agent.open(`${ORIGIN}/form`);
    const [form] = page.forms;
    if (form === undefined) throw new Error('no form');
    expect((await agent.submit(page, form, { name: 'x' })).html).toBe('thanks');
    expect(requests.map(({ line, body }) => [line, body])).toEqual([
      ['GET /form', ''],
      ['POST /done', 't=a%26b&name=x'],
      ['GET /thanks', ''],
    ]);
  });

  it('a cookie that is taken back → sent no more', async () => {
    const { send, requests } = site({
      'GET /in': () => redirect('/', 'session=1'),
      'GET /out': () => redirect('/', 'session=; Max-Age=0'),
      'GET /': () => new Response(''),
    });
    const agent = createUserAgent(send);
    await agent.open(`${ORIGIN}/in`);
    await agent.open(`${ORIGIN}/out`);
    expect(requests.map(({ cookie }) => cookie)).toEqual([null, 'session=1', 'session=1', null]);
  });

  it('redirects without end → an error', async () => {
    const { send } = site({ 'GET /': () => redirect('/') });
    await expect(createUserAgent(send).open(`${ORIGIN}/`)).rejects.toThrow('too many redirects');
  });
});

it('parseForms reads fields, entities and buttons', () => {
  const html = `<form method="post" action="/x?a=1&amp;b=2">
<input name="user" value="&#39;al&#x69;ce&quot;"><button name="decision" value="allow">Allow</button></form>`;
  expect(parseForms(html)).toEqual([
    {
      method: 'POST',
      action: '/x?a=1&b=2',
      fields: { user: `'alice"` },
      buttons: [{ name: 'decision', value: 'allow' }],
    },
  ]);
});
