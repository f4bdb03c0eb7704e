import type { FastifyReply } from 'fastify';
import { formatHtml, type Html, html } from './html.ts';

/** A page and what goes with it. */
export interface Page {
  readonly title: string;
  readonly content: Html;
  readonly status?: number;
  /** The scheme that its forms may lead to beside this server, such as `https:`. */
  readonly formScheme?: string;
}

/** Sends a page. No script runs on it, no other page may frame it, nothing keeps it. */
export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  const { title, content, status = 200, formScheme } = page;
  const formAction = ["'self'", ...(formScheme === undefined ? [] : [formScheme])].join(' ');
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src 'self'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`,
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      // no-referrer would make browsers send `Origin: null` with our own forms, and they are refused.
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    .send(
      formatHtml(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`),
    );
}
