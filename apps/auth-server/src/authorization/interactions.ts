import { and, eq, gt } from 'drizzle-orm';
import type { Queryable } from '../database/database.ts';
import { toInstant } from '../database/instant.ts';
import { interactions } from '../database/schema.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import type { Session } from '../users/sessions.ts';
import type { AuthorizationRequest } from './authorization-request.ts';

/** How long a person may take to sign in and decide. */
const INTERACTION_SECONDS = 600;

/** An authorization request that waits for a person. */
export interface Interaction {
  readonly request: AuthorizationRequest;
  readonly startedAt: Date;
}

/** Names one interaction: its secret, and the secret of the browser it belongs to. */
export interface InteractionKey {
  readonly id: string;
  readonly browser: string;
}

/**
 * Keeps a request for a browser.
 *
 * @returns the secret that names the interaction
 */
export async function startInteraction(
  db: Queryable,
  request: AuthorizationRequest,
  browser: string,
  now: number,
): Promise<string> {
  const id = newSecret();
  await db.insert(interactions).values({
    idHash: hashSecret(id),
    browserHash: hashSecret(browser),
    request,
    // With its fraction: who signed in earlier in the same second has not signed in since.
    startedAt: toInstant(now),
    expiresAt: toInstant(now + INTERACTION_SECONDS),
  });
  return id;
}

/** The interaction of a browser; undefined for every other browser. */
export async function findInteraction(
  db: Queryable,
  key: InteractionKey,
  now: number,
): Promise<Interaction | undefined> {
  const [found] = await db.select().from(interactions).where(isOpen(key, now));
  return found;
}

/** Takes the interaction out; of any number of decisions, one can. */
export async function takeInteraction(
  tx: Queryable,
  key: InteractionKey,
  now: number,
): Promise<AuthorizationRequest | undefined> {
  const [taken] = await tx
    .delete(interactions)
    .where(isOpen(key, now))
    .returning({ request: interactions.request });
  return taken?.request;
}

function isOpen({ id, browser }: InteractionKey, now: number) {
  return and(
    eq(interactions.idHash, hashSecret(id)),
    eq(interactions.browserHash, hashSecret(browser)),
    gt(interactions.expiresAt, toInstant(now)),
  );
}

/**
 * Whether the session is good for a request, or the person must sign in (again). Compared with the
 * beginning of the interaction, so that whoever has signed in since is never asked twice.
 */
export function isSignedInFor(
  { request, startedAt }: Interaction,
  session: Session | undefined,
): session is Session {
  if (session === undefined) return false;
  const started = startedAt.getTime() / 1000;
  const { forcesLogin, maxAgeSeconds } = request;
  // OpenID Connect Core §3.1.2.1: prompt=login asks the same as max_age=0.
  const maxAge = forcesLogin ? 0 : maxAgeSeconds;
  return maxAge === undefined || session.authenticatedAt >= started - maxAge;
}
