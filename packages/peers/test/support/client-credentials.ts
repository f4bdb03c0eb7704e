import { secretOf } from './deployment.ts';

/** What our authorization server answered. */
export interface TokenAnswer {
  readonly status: number;
  readonly nonce: string | null;
  readonly body: {
    readonly access_token: string;
    readonly token_type: string;
    readonly error?: string;
    readonly error_description?: string;
  };
}

/** A client-credentials request with nothing but `fetch`. */
export async function requestToken(
  issuer: string,
  clientId: string,
  proof?: string,
): Promise<TokenAnswer> {
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${clientId}:${secretOf(clientId)}`)}`,
      ...(proof !== undefined && { dpop: proof }),
    },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return {
    status: response.status,
    nonce: response.headers.get('dpop-nonce'),
    body: (await response.json()) as TokenAnswer['body'],
  };
}
