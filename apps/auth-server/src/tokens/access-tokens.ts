import {
  type Clock,
  createJwtVerifier,
  createTokenIssuer,
  isAuthError,
  type JsonObject,
  type TokenContents,
} from '@keybound/core';
import type { Client } from '../clients/client.ts';
import type { SigningKeys } from '../keys/signing-keys.ts';
import { createOpaqueTokens } from './opaque-tokens.ts';

/** The access tokens of this server in both forms. */
export interface AccessTokens {
  readonly lifetimeSeconds: number;
  issue(format: Client['access_token_format'], contents: TokenContents): Promise<string>;
  /** The claims of a token that is good now and made for one of the audiences; else undefined. */
  inspect(token: string, audiences: readonly string[]): Promise<JsonObject | undefined>;
}

/** What the tokens are made with. */
export interface AccessTokensOptions {
  readonly issuer: string;
  readonly keys: SigningKeys;
  readonly lifetimeSeconds: number;
  readonly clock: Clock;
}

/** Issues JWT tokens (RFC 9068) and opaque ones that stand for the same claims. */
export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { issuer, keys, lifetimeSeconds, clock } = options;
  const jwtTokens = createTokenIssuer({
    issuer,
    signingKey: keys.current,
    lifetimeSeconds,
    clock,
  });
  const opaqueTokens = createOpaqueTokens(clock);

  async function inspectJwt(token: string, audience: string): Promise<JsonObject | undefined> {
    // No leeway: this server's clock made the times in the token.
    const verifier = createJwtVerifier({
      issuer,
      audience,
      keys: keys.source,
      leewaySeconds: 0,
      clock,
    });
    try {
      return (await verifier.verify(token)).claims;
    } catch (error) {
      if (isAuthError(error)) return undefined;
      throw error;
    }
  }

  return {
    lifetimeSeconds,
    async issue(format, contents): Promise<string> {
      const { token, claims } = await jwtTokens.issue(contents);
      if (format === 'jwt') return token;
      return opaqueTokens.issue({ claims, expiresAt: claims.exp });
    },
    async inspect(token, audiences): Promise<JsonObject | undefined> {
      const record = opaqueTokens.find(token);
      if (record !== undefined) {
        return audiences.includes(String(record.claims.aud)) ? record.claims : undefined;
      }
      for (const audience of audiences) {
        const claims = await inspectJwt(token, audience);
        if (claims !== undefined) return claims;
      }
      return undefined;
    },
  };
}
