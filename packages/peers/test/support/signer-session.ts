import { fetchIssuerMetadata } from '@keybound/core';
import {
  type AuthorizationCodeOptions,
  type AuthorizationCodeTokens,
  createAuthorizationCodeTokens,
  createDpopFetch,
  createMemoryStore,
  createSigner,
  type Signer,
} from '@keybound/signer';
import { createRecorder, type Recorder } from './recorder.ts';

/** What passed between a session of our signer and its authorization server. */
export interface SessionTraffic {
  /** `METHOD path → status`, in order. */
  readonly exchanges: readonly string[];
  /** The forms that were sent to a path, in order. */
  formsTo(path: string): readonly Readonly<Record<string, string>>[];
  /** The refresh tokens that the token endpoint gave, in order. */
  readonly refreshTokens: readonly string[];
}

/** A session of our signer, and what a test needs beside it. */
export interface SignerSession {
  readonly session: AuthorizationCodeTokens;
  /** Another page: other objects over the same store. */
  anotherPage(signer?: Signer): AuthorizationCodeTokens;
  readonly signer: Signer;
  readonly traffic: SessionTraffic;
  /** Requests with the token of the session and a proof, to one origin. */
  fetchAt(origin: string): typeof fetch;
  /** Sends a refresh token to the token endpoint with a proof by the key of the session. */
  refreshWith(refreshToken: string): Promise<Response>;
}

/** Makes a session by our signer at an issuer, which nobody has signed in to. */
export async function newSignerSession(
  issuer: string,
  options: Pick<AuthorizationCodeOptions, 'clientId' | 'redirectUri' | 'scope' | 'resource'>,
): Promise<SignerSession> {
  const metadata = await fetchIssuerMetadata(issuer);
  const signer = await createSigner();
  const store = createMemoryStore();
  const recorder: Recorder = createRecorder();
  const sent: { readonly path: string; readonly form: Record<string, string> }[] = [];
  const refreshTokens: string[] = [];

  const watched: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const form = Object.fromEntries(new URLSearchParams(await request.text()));
    sent.push({ path: new URL(request.url).pathname, form });
    const response = await recorder.fetch(input, init);
    if (request.url === metadata.token_endpoint && response.ok) {
      const { refresh_token: given } = (await response.clone().json()) as {
        refresh_token?: string;
      };
      if (given !== undefined) refreshTokens.push(given);
    }
    return response;
  };

  const complete = { ...options, metadata, signer, store, fetch: watched };
  const session = createAuthorizationCodeTokens(complete);
  return {
    session,
    anotherPage: (key = signer) => createAuthorizationCodeTokens({ ...complete, signer: key }),
    signer,
    traffic: {
      exchanges: recorder.exchanges,
      formsTo: (path) => sent.filter((one) => one.path === path).map(({ form }) => form),
      refreshTokens,
    },
    fetchAt: (origin) =>
      createDpopFetch({ signer, accessToken: session.accessToken, origins: [origin] }),
    refreshWith(refreshToken): Promise<Response> {
      const endpoint = String(metadata.token_endpoint);
      const send = createDpopFetch({ signer, origins: [new URL(endpoint).origin] });
      return send(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
          client_id: options.clientId,
        }).toString(),
      });
    },
  };
}
