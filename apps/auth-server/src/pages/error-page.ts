import type { FastifyReply } from 'fastify';
import { html } from './html.ts';
import { sendPage } from './page.ts';

/** A fault that is told to the person at the browser, because no client can be trusted with it. */
export function sendErrorPage(reply: FastifyReply, status: number, sentence: string): FastifyReply {
  return sendPage(reply, {
    title: 'This did not work',
    status,
    content: html`<h1>This did not work</h1>
<p role="alert">${sentence.replace(/\.?$/, '.')}</p>
<p>Go back to the application you came from and start again.</p>`,
  });
}
