import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AuthorizationRequest } from '../authorization/authorization-request.ts';
import {
  codeResponseUrl,
  destinationOf,
  errorResponseUrl,
} from '../authorization/authorization-response.ts';
import {
  type BrowserCookies,
  createBrowserCookies,
  csrfToken,
  hasCsrfToken,
  isCrossSite,
} from '../authorization/browser.ts';
import {
  findInteraction,
  type Interaction,
  type InteractionKey,
  isSignedInFor,
  startInteraction,
  takeInteraction,
} from '../authorization/interactions.ts';
import type { Client } from '../clients/client.ts';
import { isRegisteredClientId } from '../clients/registered-clients.ts';
import type { ServerContext } from '../context.ts';
import { type Form, parseForm } from '../form.ts';
import { issueCode } from '../grants/authorization-codes.ts';
import { OauthError } from '../oauth-error.ts';
import { consentPage } from '../pages/consent-page.ts';
import { type LoginPage, loginPage } from '../pages/login-page.ts';
import { sendPage } from '../pages/page.ts';
import { PageError } from '../pages/page-error.ts';
import { STYLE } from '../pages/style.ts';
import { hashSecret } from '../secrets.ts';
import type { Session } from '../users/sessions.ts';
import { normalUsername } from '../users/users.ts';

/** What a request to an interaction is about. */
interface Visit {
  readonly key: InteractionKey;
  readonly interaction: Interaction;
  readonly client: Client;
}

type InteractionRequest = FastifyRequest<{ Params: { id: string } }>;

const MINUTE_MS = 60_000;

const NOT_RIGHT = 'User name or password is not right.';
const TOO_MANY = 'Too many attempts. Wait a minute, then try again.';

/** Keeps an authorization request for this browser and sends it to the page that asks the person. */
export async function beginInteraction(
  { db, clock, issuer }: ServerContext,
  request: AuthorizationRequest,
  httpRequest: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const browser = createBrowserCookies(issuer).requireBrowser(httpRequest, reply);
  const id = await startInteraction(db, request, browser, clock());
  return reply.header('cache-control', 'no-store').redirect(pathOf(id), 303);
}

/** The pages where a person signs in and decides. Each answer to a form is 303 (RFC 9700 §4.12). */
export function interactionRoutes(app: FastifyInstance, context: ServerContext): void {
  const cookies = createBrowserCookies(context.issuer);
  const attempts = { max: context.limits.loginsPerMinute, timeWindow: MINUTE_MS };
  const limitAddress = app.createRateLimit(attempts);
  // A name has its own count, so that many addresses together cannot try out one person's passwords.
  const limitName = app.createRateLimit({
    ...attempts,
    keyGenerator: (request) => {
      const { username } = request.body as { username?: unknown };
      return `name ${hashSecret(normalUsername(String(username)))}`;
    },
  });

  app.get('/style.css', async (_request, reply) =>
    reply
      .headers({ 'content-type': 'text/css; charset=utf-8', 'x-content-type-options': 'nosniff' })
      .send(STYLE),
  );

  app.get('/interaction/:id', async (request: InteractionRequest, reply) => {
    const visit = await findVisit(context, cookies, request);
    const session = await sessionOf(context, cookies, request);
    const username = session?.user.username;
    return isSignedInFor(visit.interaction, session)
      ? sendConsentPage(reply, visit, session)
      : sendLoginPage(reply, visit, { username });
  });

  // Where a browser stands after a form that was refused; people reload and share what it shows.
  app.get('/interaction/:id/:form', async ({ params }: InteractionRequest, reply) =>
    reply.redirect(pathOf(encodeURIComponent(params.id)), 303),
  );

  app.post('/interaction/:id/login', async (request: InteractionRequest, reply) => {
    const { visit, form } = await readForm(context, cookies, request);
    const { username = '', password = '' } = form;
    // In this order: an address that may not try any more uses up nobody's attempts.
    for (const limit of [limitAddress, limitName]) {
      const outcome = await limit(request);
      if (outcome.isAllowed || !outcome.isExceeded) continue;
      context.audit({ event: 'login_limited', address: request.ip });
      reply.header('retry-after', String(outcome.ttlInSeconds));
      return sendLoginPage(reply, visit, { username, status: 429, fault: TOO_MANY });
    }
    const user = await context.users.verifyPassword(username, password);
    if (user === undefined) {
      context.audit({ event: 'login_failed', address: request.ip });
      // 401 would need a challenge that browsers answer with a dialogue of their own.
      return sendLoginPage(reply, visit, { username, status: 403, fault: NOT_RIGHT });
    }
    // A new secret at each login: a session that was planted before is worth nothing.
    const former = cookies.session(request);
    if (former !== undefined) await context.sessions.end(former);
    cookies.setSession(reply, await context.sessions.start(user));
    context.audit({ event: 'login_succeeded', subject: user.id });
    return reply.redirect(pathOf(visit.key.id), 303);
  });

  app.post('/interaction/:id/consent', async (request: InteractionRequest, reply) => {
    const { visit, form } = await readForm(context, cookies, request);
    const session = await sessionOf(context, cookies, request);
    // Somebody else may have signed in in another tab since; they see the page first.
    if (!isSignedInFor(visit.interaction, session) || form.subject !== session.user.id) {
      return reply.redirect(pathOf(visit.key.id), 303);
    }
    if (form.decision !== 'allow' && form.decision !== 'deny') {
      throw new PageError(400, 'The form has no decision.');
    }
    return reply.redirect(await decide(context, visit, session, form.decision), 303);
  });

  app.post('/interaction/:id/logout', async (request: InteractionRequest, reply) => {
    const { visit } = await readForm(context, cookies, request);
    const secret = cookies.session(request);
    if (secret !== undefined) await context.sessions.end(secret);
    cookies.setSession(reply, undefined);
    return reply.redirect(pathOf(visit.key.id), 303);
  });
}

function pathOf(id: string): string {
  return `/interaction/${id}`;
}

/**
 * The interaction of this browser.
 *
 * @throws PageError, also when it is another browser's: the address alone gives nothing away.
 */
async function findVisit(
  { db, clock, clients }: ServerContext,
  cookies: BrowserCookies,
  request: InteractionRequest,
): Promise<Visit> {
  const browser = cookies.browser(request);
  const key = browser === undefined ? undefined : { id: request.params.id, browser };
  const interaction = key && (await findInteraction(db, key, clock()));
  const client = interaction && (await clients.find(interaction.request.clientId));
  if (key === undefined || interaction === undefined || client === undefined) {
    throw new PageError(
      400,
      'This page has expired, was answered before, or belongs to another browser.',
    );
  }
  return { key, interaction, client };
}

/** A form of this browser's own page; forms that another site has made are refused. */
async function readForm(
  context: ServerContext,
  cookies: BrowserCookies,
  request: InteractionRequest,
): Promise<{ visit: Visit; form: Form }> {
  if (isCrossSite(request, context.issuer)) throw crossSite();
  const form = parseForm(request.body);
  const visit = await findVisit(context, cookies, request);
  if (!hasCsrfToken(form.csrf, visit.key.browser, visit.key.id)) throw crossSite();
  return { visit, form };
}

function crossSite(): PageError {
  return new PageError(403, 'This form was not made by this server.');
}

async function sessionOf(
  { sessions }: ServerContext,
  cookies: BrowserCookies,
  request: FastifyRequest,
): Promise<Session | undefined> {
  const secret = cookies.session(request);
  return secret === undefined ? undefined : sessions.find(secret);
}

/** Ends the interaction; only who ends it answers the client, so no decision counts twice. */
async function decide(
  context: ServerContext,
  { key }: Visit,
  session: Session,
  decision: 'allow' | 'deny',
): Promise<string> {
  const { db, clock, issuer, audit } = context;
  const outcome = await db.transaction(async (tx) => {
    const request = await takeInteraction(tx, key, clock());
    if (request === undefined) {
      throw new PageError(400, 'This page was answered before.');
    }
    if (decision === 'deny') return { request };
    return { request, ...(await issueCode(tx, context, request, session)) };
  });
  const { request } = outcome;
  audit({
    event: 'code' in outcome ? 'consent_given' : 'consent_denied',
    clientId: request.clientId,
    subject: session.user.id,
    ...('code' in outcome && { grantId: outcome.grantId }),
    scope: request.scope,
    resources: request.resources,
  });
  return 'code' in outcome
    ? codeResponseUrl(issuer, request, outcome.code)
    : errorResponseUrl(issuer, request, new OauthError('access_denied'));
}

function sendLoginPage(
  reply: FastifyReply,
  { key, client }: Visit,
  { status = 200, ...shown }: { status?: number } & Pick<LoginPage, 'username' | 'fault'>,
): FastifyReply {
  return sendPage(reply, {
    title: 'Sign in',
    status,
    content: loginPage({
      action: `${pathOf(key.id)}/login`,
      csrf: csrfToken(key.browser, key.id),
      clientName: nameOf(client),
      ...shown,
    }),
  });
}

function sendConsentPage(
  reply: FastifyReply,
  { key, client, interaction: { request } }: Visit,
  session: Session,
): FastifyReply {
  const path = pathOf(key.id);
  return sendPage(reply, {
    title: `Allow ${nameOf(client)}?`,
    // Browsers hold the redirect after the form to this, and every redirect that follows at the client.
    // The scheme alone, so that the latter work; also, hosts may contain what a policy cannot.
    formScheme: new URL(request.redirectUri).protocol,
    content: consentPage({
      actions: { consent: `${path}/consent`, logout: `${path}/logout` },
      csrf: csrfToken(key.browser, key.id),
      user: session.user,
      clientName: nameOf(client),
      clientId: client.client_id,
      isVerified: !isRegisteredClientId(client.client_id),
      destination: destinationOf(request.redirectUri),
      scope: request.scope,
      resources: request.resources,
      isBound: request.dpopJkt !== undefined || client.dpop_bound_access_tokens,
    }),
  });
}

function nameOf({ client_name: name, client_id: id }: Client): string {
  return name ?? id;
}
