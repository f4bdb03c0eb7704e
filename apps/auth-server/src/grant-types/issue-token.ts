import type { Client } from '../clients/client.ts';
import type { ServerContext } from '../context.ts';
import { toSeconds } from '../database/instant.ts';
import type { Grant } from '../grants/grants.ts';
import { OauthError } from '../oauth-error.ts';
import type { MintedToken } from '../tokens/access-tokens.ts';
import type { TokenResponse } from './grant-type.ts';

/** What of a grant one access token is to carry. */
export interface TokenShare {
  readonly audience: string;
  readonly scope: readonly string[];
}

/**
 * The one resource a token is for (RFC 8707 §2.2): the named one, which must be among those that are
 * open to the request, or the only one.
 *
 * @throws OauthError `invalid_target`
 */
export function chooseAudience(named: readonly string[], open: readonly string[]): string {
  const [audience, ...others] = named.length > 0 ? named : open;
  if (audience === undefined || others.length > 0) {
    throw new OauthError('invalid_target', 'Name one resource');
  }
  if (!open.includes(audience)) throw new OauthError('invalid_target');
  return audience;
}

/** Makes the access token of a grant. */
export function mintGranted(
  { tokens }: Pick<ServerContext, 'tokens'>,
  client: Client,
  grant: Grant,
  share: TokenShare,
  jkt: string | undefined,
): Promise<MintedToken> {
  return tokens.mint(client.access_token_format, {
    subject: grant.userId,
    clientId: client.client_id,
    ...share,
    authTime: toSeconds(grant.authenticatedAt),
    acr: grant.acr,
    ...(jkt !== undefined && { jkt }),
  });
}

/** The response that carries a minted token. */
export function tokenResponse(
  { tokens }: Pick<ServerContext, 'tokens'>,
  minted: MintedToken,
  { scope }: TokenShare,
  jkt: string | undefined,
  refreshToken?: string,
): TokenResponse {
  return {
    access_token: minted.token,
    token_type: jkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: tokens.lifetimeSeconds,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    ...(scope.length > 0 && { scope: scope.join(' ') }),
  };
}
