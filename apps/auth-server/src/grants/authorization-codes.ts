import { randomUUID } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import type { AuthorizationRequest } from '../authorization/authorization-request.ts';
import type { ServerContext } from '../context.ts';
import type { Queryable } from '../database/database.ts';
import { toInstant } from '../database/instant.ts';
import { authorizationCodes, grants } from '../database/schema.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import type { Session } from '../users/sessions.ts';
import { createGrant, type Grant } from './grants.ts';

/** How long a code may be redeemed; FAPI 2.0 §5.3.2.1 allows a minute. */
const CODE_SECONDS = 60;

/** A code that was issued, with the grant behind it. */
export interface IssuedCode {
  readonly code: typeof authorizationCodes.$inferSelect;
  readonly grant: Grant;
}

/** Creates the grant a person has consented to, and the code the client redeems for its tokens. */
export async function issueCode(
  tx: Queryable,
  { clock }: Pick<ServerContext, 'clock'>,
  request: AuthorizationRequest,
  session: Session,
): Promise<{ code: string; grantId: string }> {
  const now = clock();
  const code = newSecret();
  const grantId = randomUUID();
  await createGrant(tx, {
    id: grantId,
    clientId: request.clientId,
    userId: session.user.id,
    scope: request.scope,
    resources: request.resources,
    authenticatedAt: toInstant(session.authenticatedAt),
    acr: session.acr,
    createdAt: toInstant(now),
    // Until the code is redeemed; consents that nobody follows up do not stay.
    expiresAt: toInstant(now + CODE_SECONDS),
  });
  await tx.insert(authorizationCodes).values({
    codeHash: hashSecret(code),
    grantId,
    redirectUri: request.redirectUri,
    redirectUriNamed: request.redirectUriNamed,
    codeChallenge: request.codeChallenge,
    dpopJkt: request.dpopJkt ?? null,
    expiresAt: toInstant(now + CODE_SECONDS),
  });
  return { code, grantId };
}

/** A code whether or not it was spent. */
export async function findCode(db: Queryable, code: string): Promise<IssuedCode | undefined> {
  const [found] = await db
    .select({ code: authorizationCodes, grant: grants })
    .from(authorizationCodes)
    .innerJoin(grants, eq(grants.id, authorizationCodes.grantId))
    .where(eq(authorizationCodes.codeHash, hashSecret(code)));
  return found;
}

/**
 * Spends a code.
 *
 * @returns whether this call did it; of any number of parallel ones, exactly one
 */
export async function spendCode(tx: Queryable, codeHash: string, now: number): Promise<boolean> {
  const spent = await tx
    .update(authorizationCodes)
    .set({ spentAt: toInstant(now) })
    .where(and(eq(authorizationCodes.codeHash, codeHash), isNull(authorizationCodes.spentAt)))
    .returning({ codeHash: authorizationCodes.codeHash });
  return spent.length > 0;
}
