import { AuthError } from '@keybound/core';
import { matchesChallenge } from '../authorization/pkce.ts';
import { isPublicClient } from '../clients/client.ts';
import type { ServerContext } from '../context.ts';
import { toSeconds } from '../database/instant.ts';
import { findCode, type IssuedCode, spendCode } from '../grants/authorization-codes.ts';
import { endGrant, lockGrant, prolongGrant } from '../grants/grants.ts';
import { addRefreshToken, refreshTokenExpiry } from '../grants/refresh-tokens.ts';
import { OauthError } from '../oauth-error.ts';
import { newSecret } from '../secrets.ts';
import type { GrantType, TokenRequest } from './grant-type.ts';
import { chooseAudience, mintGranted, tokenResponse } from './issue-token.ts';

/** RFC 6749 §4.1.3: a client redeems the code a person's browser has brought. */
export const authorizationCode: GrantType = {
  async prepare(context, request) {
    const issued = await findRedeemable(context, request);
    const { client, resources } = request;
    const { code, grant } = issued;
    const share = {
      audience: chooseAudience(resources, grant.resources),
      scope: grant.scope,
    };
    return {
      async redeem(jkt) {
        requireKey(code.dpopJkt, jkt);
        const { db, clock, audit, tokens, lifetimes } = context;
        const refreshToken = client.grant_types.includes('refresh_token') ? newSecret() : undefined;
        const minted = await mintGranted(context, client, grant, share, jkt);
        const now = clock();
        const outcome = await db.transaction(async (tx) => {
          const locked = await lockGrant(tx, grant.id);
          if (!(await spendCode(tx, code.codeHash, now))) {
            // RFC 6749 §4.1.2: somebody redeemed it before, and one of the two has stolen it. Only a
            // request that is right in everything else gets here, so nobody else can end the grant.
            return (await endGrant(tx, grant.id, now)) ? 'reused' : 'ended';
          }
          if (locked === undefined || locked.endedAt !== null) return 'ended';
          await tokens.store(tx, minted, grant.id);
          if (refreshToken === undefined) {
            await prolongGrant(tx, grant.id, minted.claims.exp);
            return 'issued';
          }
          const grantExpiresAt = now + lifetimes.grantSeconds;
          await prolongGrant(tx, grant.id, grantExpiresAt);
          await addRefreshToken(tx, refreshToken, {
            grantId: grant.id,
            // RFC 9449 §5: a public client's is bound; a confidential one's must survive a new key.
            jkt: isPublicClient(client) ? jkt : undefined,
            expiresAt: refreshTokenExpiry(now, lifetimes.refreshTokenSeconds, grantExpiresAt),
          });
          return 'issued';
        });
        const names = { clientId: client.client_id, grantId: grant.id };
        if (outcome === 'reused') audit({ event: 'code_reuse_detected', ...names });
        if (outcome !== 'issued') throw new OauthError('invalid_grant');
        audit({
          event: 'token_issued',
          ...names,
          subject: grant.userId,
          ...share,
          jti: minted.claims.jti,
          jkt,
        });
        return tokenResponse(context, minted, share, jkt, refreshToken);
      },
    };
  },
};

/** The code of a request that is right in everything but, perhaps, that it comes for the first time. */
async function findRedeemable(
  { db, clock, users }: ServerContext,
  { client, form }: TokenRequest,
): Promise<IssuedCode> {
  if (form.code === undefined) throw new OauthError('invalid_request', 'code is missing');
  const issued = await findCode(db, form.code);
  if (issued === undefined || issued.grant.clientId !== client.client_id) {
    throw new OauthError('invalid_grant');
  }
  const { code, grant } = issued;
  if (toSeconds(code.expiresAt) <= clock()) throw new OauthError('invalid_grant');
  // RFC 6749 §4.1.3; OAuth 2.1 §10.2: clients that leave it out at both places are right as well.
  const mustName = code.redirectUriNamed && form.redirect_uri === undefined;
  if (mustName || (form.redirect_uri ?? code.redirectUri) !== code.redirectUri) {
    throw new OauthError(
      'invalid_grant',
      'redirect_uri is not the one of the authorization request',
    );
  }
  // RFC 9700 §2.1.1: there is no code without a challenge here, so none is redeemed without a verifier.
  if (!matchesChallenge(form.code_verifier ?? '', code.codeChallenge)) {
    throw new OauthError('invalid_grant', 'code_verifier does not fit the code_challenge');
  }
  if ((await users.find(grant.userId)) === undefined) throw new OauthError('invalid_grant');
  return issued;
}

/** RFC 9449 §10: a code bound to a key is of no use without it. */
function requireKey(bound: string | null, jkt: string | undefined): void {
  if (bound === null || bound === jkt) return;
  if (jkt === undefined) throw new AuthError('proof_missing');
  throw new OauthError('invalid_grant', 'The code is bound to another key');
}
