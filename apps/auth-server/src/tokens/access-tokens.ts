import { type Clock, createTokenIssuer, type TokenContents } from '@keybound/core';
import { and, eq, gt } from 'drizzle-orm';
import type { Client } from '../clients/client.ts';
import type { Queryable } from '../database/database.ts';
import { toInstant } from '../database/instant.ts';
import { accessTokens, grants } from '../database/schema.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';
import { hashSecret, newSecret } from '../secrets.ts';

/** A token that nobody has yet: it counts once it is stored. */
export interface MintedToken {
  readonly token: string;
  readonly clientId: string;
  readonly claims: Readonly<Record<string, unknown>> & {
    readonly exp: number;
    readonly jti: string;
  };
}

/** A stored token that has not expired, whose grant, if it has one, has not ended. */
export interface LiveToken {
  readonly tokenHash: string;
  readonly clientId: string;
  readonly grantId: string | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The access tokens of this server in both forms. */
export interface AccessTokens {
  readonly lifetimeSeconds: number;
  /** Makes a token; signs, and asks the database for keys at most, so it comes before a transaction. */
  mint(format: Client['access_token_format'], contents: TokenContents): Promise<MintedToken>;
  store(db: Queryable, minted: MintedToken, grantId?: string): Promise<void>;
  find(db: Queryable, token: string): Promise<LiveToken | undefined>;
  /** Ends a token that has no grant. */
  remove(db: Queryable, tokenHash: string): Promise<void>;
}

/** What the tokens are made with. */
export interface AccessTokensOptions {
  readonly issuer: string;
  readonly keys: SigningKeys;
  readonly lifetimeSeconds: number;
  readonly clock: Clock;
}

/**
 * JWT tokens (RFC 9068) and opaque ones that stand for the same claims. Both are stored under the hash
 * of their text: a token this server says is active is one that it issued, to the letter.
 */
export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { issuer, keys, lifetimeSeconds, clock } = options;
  const issuance = createTokenIssuer({
    issuer,
    signingKey: () => keys.current(),
    lifetimeSeconds,
    clock,
  });

  return {
    lifetimeSeconds,
    async mint(format, contents): Promise<MintedToken> {
      const { token, claims } = await issuance.issue(contents);
      return {
        token: format === 'jwt' ? token : newSecret(),
        clientId: contents.clientId,
        claims,
      };
    },
    async store(db, { token, clientId, claims }, grantId): Promise<void> {
      await db.insert(accessTokens).values({
        tokenHash: hashSecret(token),
        grantId: grantId ?? null,
        clientId,
        claims,
        expiresAt: toInstant(claims.exp),
      });
    },
    async find(db, token): Promise<LiveToken | undefined> {
      const [row] = await db
        .select({ token: accessTokens, grant: grants })
        .from(accessTokens)
        .leftJoin(grants, eq(grants.id, accessTokens.grantId))
        .where(
          and(
            eq(accessTokens.tokenHash, hashSecret(token)),
            gt(accessTokens.expiresAt, toInstant(clock())),
          ),
        );
      if (row === undefined || (row.grant !== null && row.grant.endedAt !== null)) return undefined;
      const { tokenHash, clientId, claims } = row.token;
      return { tokenHash, clientId, claims, grantId: row.grant?.id };
    },
    async remove(db, tokenHash): Promise<void> {
      await db.delete(accessTokens).where(eq(accessTokens.tokenHash, tokenHash));
    },
  };
}
