import { KEYS, keySet, mintToken, startServer, type TestKey } from '@keybound/test-kit';

/** An authorization server as far as a resource server needs one: metadata, keys, tokens. */
export interface TestIssuer {
  readonly issuer: string;
  /** A token for this audience, good for an hour, bound to a key. */
  tokenFor(audience: string, boundTo?: TestKey): string;
  close(): Promise<void>;
}

export async function startIssuer(): Promise<TestIssuer> {
  const server = await startServer();
  const issuer = server.origin;
  server.routes.set('/.well-known/oauth-authorization-server', {
    body: { issuer, jwks_uri: `${issuer}/jwks`, token_endpoint: `${issuer}/token` },
  });
  server.routes.set('/jwks', { body: keySet(KEYS.issuer) });
  return {
    issuer,
    tokenFor(audience, boundTo): string {
      const iat = Math.floor(Date.now() / 1000);
      return mintToken({
        claims: { iss: issuer, aud: audience, iat, exp: iat + 3600 },
        ...(boundTo && { boundTo }),
      });
    },
    close: () => server.close(),
  };
}
