import { and, eq, isNull } from 'drizzle-orm';
import type { Queryable } from '../database/database.ts';
import { toInstant } from '../database/instant.ts';
import { grants, refreshTokens } from '../database/schema.ts';
import { hashSecret } from '../secrets.ts';
import type { Grant } from './grants.ts';

/** A refresh token as it is stored. */
export type StoredRefreshToken = typeof refreshTokens.$inferSelect;

/** A refresh token with the grant it belongs to. */
export interface GrantedRefreshToken {
  readonly token: StoredRefreshToken;
  readonly grant: Grant;
}

/** A refresh token to be stored. */
export interface NewRefreshToken {
  readonly grantId: string;
  readonly jkt: string | undefined;
  /** Seconds since 1970-01-01T00:00:00Z; see {@link refreshTokenExpiry}. */
  readonly expiresAt: number;
}

/** When a refresh token ends that nobody uses; none outlives its grant (RFC 10017 §6.3.2.3). */
export function refreshTokenExpiry(
  now: number,
  refreshTokenSeconds: number,
  grantExpiresAt: number,
): number {
  return Math.min(now + refreshTokenSeconds, grantExpiresAt);
}

/** Stores a refresh token. */
export async function addRefreshToken(
  tx: Queryable,
  token: string,
  { grantId, jkt, expiresAt }: NewRefreshToken,
): Promise<void> {
  await tx.insert(refreshTokens).values({
    tokenHash: hashSecret(token),
    grantId,
    jkt: jkt ?? null,
    expiresAt: toInstant(expiresAt),
  });
}

/** A refresh token whether or not it was spent. */
export async function findRefreshToken(
  db: Queryable,
  tokenHash: string,
): Promise<GrantedRefreshToken | undefined> {
  const [found] = await db
    .select({ token: refreshTokens, grant: grants })
    .from(refreshTokens)
    .innerJoin(grants, eq(grants.id, refreshTokens.grantId))
    .where(eq(refreshTokens.tokenHash, tokenHash));
  return found;
}

/** What is kept of a spent token for the case that its response was lost. */
export interface SpentFor {
  readonly successorHash: string;
  /** See sealed-response.ts; null for a token without a key, whose response is never repeated. */
  readonly sealedResponse: string | null;
}

/**
 * Spends a refresh token.
 *
 * @returns whether this call did it; of any number of parallel ones, exactly one
 */
export async function spendRefreshToken(
  tx: Queryable,
  tokenHash: string,
  now: number,
  spentFor: SpentFor,
): Promise<boolean> {
  const spent = await tx
    .update(refreshTokens)
    .set({ spentAt: toInstant(now), ...spentFor })
    .where(and(eq(refreshTokens.tokenHash, tokenHash), isNull(refreshTokens.spentAt)))
    .returning({ tokenHash: refreshTokens.tokenHash });
  return spent.length > 0;
}

/**
 * Forgets the response that brought a token, now that the client has used it: from an old token and a
 * copy of the database no later one can be had.
 */
export async function forgetResponse(tx: Queryable, successorHash: string): Promise<void> {
  await tx
    .update(refreshTokens)
    .set({ sealedResponse: null })
    .where(eq(refreshTokens.successorHash, successorHash));
}

/** Lets a token that is used again and again live on, as long as its grant does. */
export async function prolongRefreshToken(
  tx: Queryable,
  tokenHash: string,
  expiresAt: number,
): Promise<void> {
  await tx
    .update(refreshTokens)
    .set({ expiresAt: toInstant(expiresAt) })
    .where(eq(refreshTokens.tokenHash, tokenHash));
}
