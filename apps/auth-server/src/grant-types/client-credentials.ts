import { requestedScope } from '../authorization/parse-authorization-request.ts';
import type { GrantType } from './grant-type.ts';
import { chooseAudience, tokenResponse } from './issue-token.ts';

/** RFC 6749 §4.4: a client asks for itself. */
export const clientCredentials: GrantType = {
  async prepare(context, { client, form, resources }) {
    const { tokens, db, audit } = context;
    // Where none is named, the first resource is meant (RFC 9068 §3).
    const named = resources.length > 0 ? resources : context.resources.slice(0, 1);
    const share = {
      audience: chooseAudience(named, context.resources),
      scope: requestedScope(client, form),
    };
    return {
      async redeem(jkt) {
        const minted = await tokens.mint(client.access_token_format, {
          // No user is involved, so the client is the subject (RFC 9068 §2.2).
          subject: client.client_id,
          clientId: client.client_id,
          ...share,
          ...(jkt !== undefined && { jkt }),
        });
        await tokens.store(db, minted);
        audit({
          event: 'token_issued',
          clientId: client.client_id,
          subject: client.client_id,
          ...share,
          jti: minted.claims.jti,
          jkt,
        });
        return tokenResponse(context, minted, share, jkt);
      },
    };
  },
};
