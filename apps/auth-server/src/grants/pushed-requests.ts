import { and, eq, gt, sql } from 'drizzle-orm';
import type { AuthorizationRequest } from '../authorization/authorization-request.ts';
import type { Queryable } from '../database/database.ts';
import { toInstant } from '../database/instant.ts';
import { pushedRequests } from '../database/schema.ts';
import { hashSecret, newSecret } from '../secrets.ts';

/** How long a pushed request may be used (RFC 9126 §2.2). */
export const PUSHED_REQUEST_SECONDS = 90;

const URI_PREFIX = 'urn:ietf:params:oauth:request_uri:';

/** Keeps a request and names it. */
export async function pushRequest(
  db: Queryable,
  request: AuthorizationRequest,
  now: number,
): Promise<string> {
  const uri = `${URI_PREFIX}${newSecret()}`;
  await db.insert(pushedRequests).values({
    uriHash: hashSecret(uri),
    request,
    expiresAt: toInstant(now + PUSHED_REQUEST_SECONDS),
  });
  return uri;
}

/** Takes out the request a client has pushed; once, and for that client alone (RFC 9126 §4). */
export async function takePushedRequest(
  db: Queryable,
  uri: string,
  clientId: string,
  now: number,
): Promise<AuthorizationRequest | undefined> {
  const [taken] = await db
    .delete(pushedRequests)
    .where(
      and(
        eq(pushedRequests.uriHash, hashSecret(uri)),
        gt(pushedRequests.expiresAt, toInstant(now)),
        sql`${pushedRequests.request}->>'clientId' = ${clientId}`,
      ),
    )
    .returning({ request: pushedRequests.request });
  return taken?.request;
}
