import { and, eq, inArray, lt, notExists, sql } from 'drizzle-orm';
import type { Queryable } from '../database/database.ts';
import { toInstant } from '../database/instant.ts';
import { grants, registeredClients } from '../database/schema.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import type { Client, ClientMetadata } from './client.ts';

/** A client that was just registered; its secret is known now and never again. */
export interface NewClient {
  readonly clientId: string;
  readonly secret: string | undefined;
}

/**
 * Begins the identifiers of registered clients, so that none is that of a configured client or of a
 * person: it may stand in `sub` (RFC 9068 §5).
 */
const PREFIX = 'dcr-';
const REGISTERED_ID = /^dcr-[A-Za-z0-9_-]{43}$/;

const DAY_SECONDS = 86_400;
/** Small enough that nobody waits for a batch. */
const BATCH_CLIENTS = 500;

/** Whether an identifier has the form that registered clients alone have. */
export function isRegisteredClientId(clientId: string): boolean {
  return REGISTERED_ID.test(clientId);
}

/** Keeps a client under an identifier of its own, with a secret where its method needs one. */
export async function registerClient(
  db: Queryable,
  metadata: ClientMetadata,
  now: number,
): Promise<NewClient> {
  const method = metadata.token_endpoint_auth_method;
  const hasSecret = method === 'client_secret_basic' || method === 'client_secret_post';
  const clientId = `${PREFIX}${newSecret()}`;
  const secret = hasSecret ? newSecret() : undefined;
  await db.insert(registeredClients).values({
    clientId,
    secretHash: secret === undefined ? null : hashSecret(secret),
    metadata,
    createdAt: toInstant(now),
  });
  return { clientId, secret };
}

/** The registered client of that identifier. */
export async function findRegisteredClient(
  db: Queryable,
  clientId: string,
): Promise<Client | undefined> {
  // Spares the database what strangers invent, and text that it cannot hold, such as U+0000.
  if (!isRegisteredClientId(clientId)) return undefined;
  const [row] = await db
    .select()
    .from(registeredClients)
    .where(eq(registeredClients.clientId, clientId));
  if (row === undefined) return undefined;
  return { ...row.metadata, client_id: row.clientId, secretHash: row.secretHash ?? undefined };
}

/**
 * Deletes clients that registered more than a day ago and to whom nobody has granted anything, or no
 * longer: anybody may register, so what is not used must go. In batches, until none is left.
 *
 * @returns how many went
 */
export async function deleteUnusedClients(db: Queryable, now: number): Promise<number> {
  const { clientId, createdAt } = registeredClients;
  const itsGrants = db.select({ one: sql`1` }).from(grants).where(eq(grants.clientId, clientId));
  let deleted = 0;
  for (;;) {
    const batch = db
      .select({ clientId })
      .from(registeredClients)
      .where(and(lt(createdAt, toInstant(now - DAY_SECONDS)), notExists(itsGrants)))
      .limit(BATCH_CLIENTS)
      .for('update', { skipLocked: true });
    const gone = await db
      .delete(registeredClients)
      .where(inArray(clientId, batch))
      .returning({ clientId });
    deleted += gone.length;
    if (gone.length < BATCH_CLIENTS) return deleted;
  }
}
