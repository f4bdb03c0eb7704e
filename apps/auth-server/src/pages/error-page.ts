import type { FastifyReply } from 'fastify';
import { html } from './html.ts';
import { sendPage } from './page.ts';

/** A fault that is told to the person at the browser. */
export interface ErrorPage {
  readonly status: number;
  readonly sentence: string;
  /** Where the person may go on to, for a client that is not trusted to be sent people unasked. */
  readonly link?: { readonly url: string; readonly name: string };
}

/** A fault that no client is sent: it is not known, or nobody vouches for it. */
export function sendErrorPage(
  reply: FastifyReply,
  { status, sentence, link }: ErrorPage,
): FastifyReply {
  const way =
    link === undefined
      ? html`<p>Go back to the application you came from and start again.</p>`
      : html`<p>You can go on to <a href="${link.url}" rel="noreferrer">${link.name}</a>, if you know it.</p>`;
  return sendPage(reply, {
    title: 'This did not work',
    status,
    content: html`<h1>This did not work</h1>
<p role="alert">${sentence.replace(/\.?$/, '.')}</p>
${way}`,
  });
}
