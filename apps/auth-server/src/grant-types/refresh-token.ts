import { AuthError, isScopeValue } from '@keybound/core';
import { type Client, isPublicClient } from '../clients/client.ts';
import type { ServerContext } from '../context.ts';
import type { Queryable } from '../database/database.ts';
import { toSeconds } from '../database/instant.ts';
import { endGrant, type Grant, lockGrant } from '../grants/grants.ts';
import {
  addRefreshToken,
  findRefreshToken,
  forgetResponse,
  type GrantedRefreshToken,
  prolongRefreshToken,
  refreshTokenExpiry,
  spendRefreshToken,
} from '../grants/refresh-tokens.ts';
import { openResponse, sealResponse } from '../grants/sealed-response.ts';
import { OauthError } from '../oauth-error.ts';
import { hashSecret, newSecret } from '../secrets.ts';
import type { MintedToken } from '../tokens/access-tokens.ts';
import type { GrantType, TokenRequest, TokenResponse } from './grant-type.ts';
import { chooseAudience, mintGranted, type TokenShare, tokenResponse } from './issue-token.ts';

/**
 * How long after a refresh the same request gets the same response once more, for clients that lost
 * the first one on the way.
 */
export const GRACE_SECONDS = 30;

/** A refresh that is right as far as that can be known without the lock on its grant. */
interface Refresh {
  readonly context: ServerContext;
  readonly client: Client;
  readonly token: string;
  readonly found: GrantedRefreshToken;
  readonly share: TokenShare;
  readonly jkt: string | undefined;
}

/** How a refresh ended in the database. */
type Outcome =
  | { readonly kind: 'refreshed' | 'repeated'; readonly response: TokenResponse }
  | { readonly kind: 'reused' | 'refused' };

/**
 * RFC 6749 §6. The refresh token of a public client is bound to its key (RFC 9449 §5) and spent at each
 * use; one that comes again ends the grant (RFC 9700 §4.14.2). That of a confidential client stays, and
 * so survives a new key (FAPI 2.0 §5.3.2.1).
 */
export const refreshToken: GrantType = {
  async prepare(context, request) {
    const { token, found } = await findUsable(context, request);
    const { client, form, resources } = request;
    const share = {
      audience: chooseAudience(resources, found.grant.resources),
      scope: narrowedScope(found.grant, form.scope),
    };
    return {
      async redeem(jkt) {
        requireKey(found.token.jkt, jkt);
        const minted = await mintGranted(context, client, found.grant, share, jkt);
        const refresh: Refresh = { context, client, token, found, share, jkt };
        const outcome = await context.db.transaction((tx) =>
          isPublicClient(client) ? rotate(tx, refresh, minted) : reissue(tx, refresh, minted),
        );
        const names = { clientId: client.client_id, grantId: found.grant.id };
        if (outcome.kind === 'reused') context.audit({ event: 'refresh_reuse_detected', ...names });
        if (!('response' in outcome)) throw new OauthError('invalid_grant');
        if (outcome.kind === 'refreshed') {
          context.audit({
            event: 'token_refreshed',
            ...names,
            subject: found.grant.userId,
            ...share,
            jti: minted.claims.jti,
            jkt,
          });
        }
        return outcome.response;
      },
    };
  },
};

async function findUsable(
  { db, clock, users }: ServerContext,
  { client, form }: TokenRequest,
): Promise<{ token: string; found: GrantedRefreshToken }> {
  const token = form.refresh_token;
  if (token === undefined) throw new OauthError('invalid_request', 'refresh_token is missing');
  const found = await findRefreshToken(db, hashSecret(token));
  if (
    found === undefined ||
    found.grant.clientId !== client.client_id ||
    found.grant.endedAt !== null ||
    toSeconds(found.token.expiresAt) <= clock() ||
    (await users.find(found.grant.userId)) === undefined
  ) {
    throw new OauthError('invalid_grant');
  }
  return { token, found };
}

/** RFC 9449 §5. Compared before reuse is looked at: without the key nobody can end the grant either. */
function requireKey(bound: string | null, jkt: string | undefined): void {
  if (bound === null || bound === jkt) return;
  if (jkt === undefined) throw new AuthError('proof_missing');
  throw new OauthError('invalid_grant', 'The refresh token is bound to another key');
}

/** RFC 6749 §6: never more than the grant; all of it where nothing is named. */
function narrowedScope({ scope: granted }: Grant, asked: string | undefined): readonly string[] {
  if (asked === undefined) return granted;
  const scope = [...new Set(asked.split(' '))];
  if (!scope.every((value) => isScopeValue(value) && granted.includes(value))) {
    throw new OauthError('invalid_scope', 'The scope exceeds the grant');
  }
  return scope;
}

async function rotate(tx: Queryable, refresh: Refresh, minted: MintedToken): Promise<Outcome> {
  const { context, found, token, share, jkt } = refresh;
  const now = context.clock();
  const grant = await lockGrant(tx, found.grant.id);
  if (grant === undefined || grant.endedAt !== null) return { kind: 'refused' };

  const successor = newSecret();
  const response = tokenResponse(context, minted, share, jkt, successor);
  const isFirst = await spendRefreshToken(tx, found.token.tokenHash, now, {
    successorHash: hashSecret(successor),
    sealedResponse:
      found.token.jkt === null ? null : sealResponse(token, requestOf(share), response),
  });
  if (!isFirst) return repeat(tx, refresh, now);
  await forgetResponse(tx, found.token.tokenHash);
  await context.tokens.store(tx, minted, grant.id);
  await addRefreshToken(tx, successor, {
    grantId: grant.id,
    // A client that shows its first key now is bound from here on.
    jkt: found.token.jkt ?? jkt,
    expiresAt: expiryOf(context, grant),
  });
  return { kind: 'refreshed', response };
}

/**
 * A spent token comes again. Its key is the same (see {@link requireKey}), so within the grace the
 * response may have been lost: the very same one is sent, and nothing is issued twice. Without a key,
 * too late, or once the successor was used, one of the two holders is a thief: the grant ends.
 */
async function repeat(tx: Queryable, refresh: Refresh, now: number): Promise<Outcome> {
  const { token, share, found } = refresh;
  const spent = (await findRefreshToken(tx, found.token.tokenHash))?.token;
  const spentAt = spent?.spentAt ?? null;
  if (spent === undefined || spentAt === null) return { kind: 'refused' };
  const successor = await findRefreshToken(tx, spent.successorHash ?? '');
  const elapsed = now - toSeconds(spentAt);
  if (spent.jkt === null || elapsed > GRACE_SECONDS || successor?.token.spentAt !== null) {
    await endGrant(tx, spent.grantId, now);
    return { kind: 'reused' };
  }
  const response = openResponse(token, requestOf(share), spent.sealedResponse ?? '');
  // Another scope or resource than the first time: no lost response, and no theft.
  if (response === undefined) return { kind: 'refused' };
  const first = response as TokenResponse;
  const left = Math.max(0, first.expires_in - Math.max(0, Math.floor(elapsed)));
  return { kind: 'repeated', response: { ...first, expires_in: left } };
}

async function reissue(tx: Queryable, refresh: Refresh, minted: MintedToken): Promise<Outcome> {
  const { context, found, share, jkt } = refresh;
  const grant = await lockGrant(tx, found.grant.id);
  if (grant === undefined || grant.endedAt !== null) return { kind: 'refused' };
  // Spent while the client was still a public one.
  if (found.token.spentAt !== null) return { kind: 'refused' };
  await context.tokens.store(tx, minted, grant.id);
  await prolongRefreshToken(tx, found.token.tokenHash, expiryOf(context, grant));
  return { kind: 'refreshed', response: tokenResponse(context, minted, share, jkt) };
}

function expiryOf({ clock, lifetimes }: ServerContext, grant: Grant): number {
  return refreshTokenExpiry(clock(), lifetimes.refreshTokenSeconds, toSeconds(grant.expiresAt));
}

/** What a refresh asked for, as one text. */
function requestOf({ audience, scope }: TokenShare): string {
  return JSON.stringify([audience, scope]);
}
