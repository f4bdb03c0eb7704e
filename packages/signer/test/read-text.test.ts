import { expect, it } from 'vitest';
import { readText } from '../src/fetch/read-text.ts';

it('a body that never ends → given up at the limit, and cancelled', async () => {
  let cancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1000)),
    cancel: () => {
      cancelled = true;
    },
  });
  expect(await readText(new Response(endless), 10_000)).toBeUndefined();
  expect(cancelled).toBe(true);
});

it.each([
  ['no body', new Response(null), ''],
  ['as long as allowed', new Response('é'.repeat(5)), 'é'.repeat(5)],
  ['longer by a byte', new Response(`${'é'.repeat(5)}x`), undefined],
])('%s → %o', async (_name, response, text) => {
  expect(await readText(response, 10)).toBe(text);
});

it('a character in two chunks → whole', async () => {
  const [first = 0, second = 0] = new TextEncoder().encode('é');
  const body = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new Uint8Array([first]));
      controller.enqueue(new Uint8Array([second]));
      controller.close();
    },
  });
  expect(await readText(new Response(body), 10)).toBe('é');
});
