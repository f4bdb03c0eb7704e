import { createService, type ServiceOptions, sendFault } from '@keybound/app-kit';
import type { FastifyInstance } from 'fastify';
import type { Report } from './comparison/compare.ts';
import { type LabOptions, labRoutes } from './node/lab-routes.ts';
import { formatPage, STYLE } from './report/page.ts';

/** What the client app is made of. */
export interface ClientOptions extends ServiceOptions {
  /** Plays the comparison. */
  readonly play: () => Promise<Report>;
  /** A report that is there already. */
  readonly report?: Report;
  /** The lab, and what it is served with. */
  readonly lab: LabOptions;
}

const UNREACHABLE = 'The servers could not be reached. Are they running? The log says more.';

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Builds the app that serves the lab, and the comparison as a page and as JSON, without listening. */
export async function buildClient(options: ClientOptions): Promise<FastifyInstance> {
  const app = createService(options);
  // A form without fields has nothing to parse.
  app.addContentTypeParser('application/x-www-form-urlencoded', (_request, payload, done) => {
    payload.resume();
    done(null);
  });
  let { report } = options;
  let playing: Promise<Report> | undefined;

  labRoutes(app, options.lab);
  app.get('/report', async (_request, reply) =>
    reply.headers(PAGE_HEADERS).send(formatPage(report)),
  );
  app.get('/style.css', async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(STYLE),
  );
  app.get('/report.json', async (_request, reply) =>
    report === undefined ? reply.callNotFound() : report,
  );
  app.post('/runs', async (request, reply) => {
    // Browsers say where a request comes from; other sites have no business starting runs.
    const site = request.headers['sec-fetch-site'] ?? 'same-origin';
    if (site !== 'same-origin') return sendFault(reply, 403);
    // However often the button is pressed, one run at a time.
    playing ??= options.play().finally(() => {
      playing = undefined;
    });
    try {
      report = await playing;
    } catch (error) {
      request.log.error({ err: error }, 'the comparison could not be played');
      return reply.code(502).headers(PAGE_HEADERS).send(formatPage(undefined, UNREACHABLE));
    }
    return reply.redirect('/report', 303);
  });
  return app;
}
