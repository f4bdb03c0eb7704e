import * as oauth from 'oauth4webapi';
import { INSECURE } from './oauth4webapi.ts';
import { alice, CALLBACK } from './scripted-user.ts';

/** What a client keeps between its steps. */
export interface App {
  readonly as: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly authentication: oauth.ClientAuth;
  /** Tokens are bound to its key; without one they are not bound. */
  readonly DPoP?: oauth.DPoPHandle;
}

/** A client with a key. */
export type BoundApp = App & Required<Pick<App, 'DPoP'>>;

/** An authorization request that was pushed. */
export interface PushedRequest {
  readonly requestUri: string;
  readonly verifier: string;
  readonly state: string;
}

/** Pushes an authorization request once, without any retry. */
export async function push(
  app: App,
  parameters: Readonly<Record<string, string>> = {},
): Promise<PushedRequest> {
  const { as, client, authentication, DPoP } = app;
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const response = await oauth.pushedAuthorizationRequest(
    as,
    client,
    authentication,
    new URLSearchParams({
      response_type: 'code',
      redirect_uri: CALLBACK,
      scope: 'notes:read notes:write',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      ...parameters,
    }),
    { ...INSECURE, ...(DPoP && { DPoP }) },
  );
  const answer = await oauth.processPushedAuthorizationResponse(as, client, response);
  return { requestUri: answer.request_uri, verifier, state };
}

/** Sends alice with a pushed request to the server. @returns where she comes back */
export function visit(app: App, { requestUri }: PushedRequest): Promise<URL> {
  const url = new URL(app.as.authorization_endpoint ?? '');
  url.searchParams.set('client_id', app.client.client_id);
  url.searchParams.set('request_uri', requestUri);
  return alice.authorize(url);
}

/** Validates an answer and redeems its code once, without any retry. */
export async function redeem(
  app: App,
  { verifier, state }: Pick<PushedRequest, 'verifier' | 'state'>,
  callback: URL,
  parameters: Readonly<Record<string, string>> = {},
): Promise<oauth.TokenEndpointResponse> {
  const { as, client, authentication, DPoP } = app;
  const answer = oauth.validateAuthResponse(as, client, callback, state);
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    authentication,
    answer,
    CALLBACK,
    verifier,
    { ...INSECURE, ...(DPoP && { DPoP }), additionalParameters: parameters },
  );
  return oauth.processAuthorizationCodeResponse(as, client, response);
}

/** Refreshes once, without any retry. */
export async function refresh(
  app: App,
  refreshToken: string | undefined,
): Promise<oauth.TokenEndpointResponse> {
  const { as, client, authentication, DPoP } = app;
  const response = await oauth.refreshTokenGrantRequest(
    as,
    client,
    authentication,
    refreshToken ?? '',
    { ...INSECURE, ...(DPoP && { DPoP }) },
  );
  return oauth.processRefreshTokenResponse(as, client, response);
}

/** Revokes a token. */
export async function revoke(
  { as, client, authentication }: App,
  token: string | undefined,
): Promise<void> {
  const response = await oauth.revocationRequest(as, client, authentication, token ?? '', INSECURE);
  await oauth.processRevocationResponse(response);
}
