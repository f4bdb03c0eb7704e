import * as client from 'openid-client';
import { secretOf } from './deployment.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { alice, CALLBACK, type ScriptedUser } from './scripted-user.ts';

/** A client that has read the metadata. */
export interface DiscoveredClient {
  readonly config: client.Configuration;
  /** What it has sent so far. */
  readonly recorder: Recorder;
}

/** A client that knows nothing but the issuer, its own name and how it authenticates. */
export async function discover(
  issuer: string,
  clientId: string,
  authentication: client.ClientAuth = client.ClientSecretBasic(secretOf(clientId)),
): Promise<DiscoveredClient> {
  const recorder = createRecorder();
  const config = await client.discovery(new URL(issuer), clientId, undefined, authentication, {
    algorithm: 'oauth2',
    // The servers are on this machine, so http is fine.
    execute: [client.allowInsecureRequests],
    [client.customFetch]: (url, options) => recorder.fetch(url, options as RequestInit),
  });
  return { config, recorder };
}

/** A new key with its proofs. */
export async function newHandle(
  config: client.Configuration,
  algorithm = 'ES256',
): Promise<client.DPoPHandle> {
  return client.getDPoPHandle(config, await client.randomDPoPKeyPair(algorithm));
}

/** A request to an API. */
export function call(
  config: client.Configuration,
  token: string,
  url: URL,
  options?: client.DPoPOptions,
): Promise<Response> {
  return client.fetchProtectedResource(config, token, url, 'GET', null, undefined, options);
}

/** How an authorization request is made, and what the person does. */
export interface SignInOptions {
  /** Parameters beside those of every code flow. */
  readonly parameters?: readonly (readonly [string, string])[];
  /** Whether the request is pushed; with a handle, so is a proof. @defaultValue true */
  readonly pushed?: boolean;
  readonly DPoP?: client.DPoPHandle;
  /** @defaultValue alice */
  readonly user?: ScriptedUser;
  /** @defaultValue allow */
  readonly decision?: 'allow' | 'deny';
}

/** What a client has when the browser comes back. */
export interface SignedIn {
  /** The address the browser was sent to at first. */
  readonly url: URL;
  readonly callback: URL;
  readonly checks: client.AuthorizationCodeGrantChecks;
}

/** A code flow up to the point where the browser comes back, with PKCE and `state`. */
export async function signIn(
  config: client.Configuration,
  { parameters = [], pushed = true, DPoP, user = alice, decision }: SignInOptions = {},
): Promise<SignedIn> {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
  };
  const all = new URLSearchParams([
    ['redirect_uri', CALLBACK],
    ['scope', 'notes:read notes:write'],
    ['code_challenge', await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier)],
    ['code_challenge_method', 'S256'],
    ['state', checks.expectedState],
    ...parameters.map(([name, value]) => [name, value]),
  ]);
  const url = pushed
    ? await client.buildAuthorizationUrlWithPAR(config, all, DPoP && { DPoP })
    : client.buildAuthorizationUrl(config, all);
  return { url, callback: await user.authorize(url, decision), checks };
}

/** A whole code flow. */
export async function grant(
  config: client.Configuration,
  options: SignInOptions = {},
): Promise<client.TokenEndpointResponse> {
  const { DPoP } = options;
  const { callback, checks } = await signIn(config, options);
  return client.authorizationCodeGrant(config, callback, checks, undefined, DPoP && { DPoP });
}

/** The refresh token of a response that must have one. */
export function refreshTokenOf({ refresh_token: token }: client.TokenEndpointResponse): string {
  if (token === undefined) throw new Error('the response has no refresh token');
  return token;
}

/** The public client `notes-app` with a key of its own. */
export async function newApp(
  issuer: string,
): Promise<DiscoveredClient & { readonly DPoP: client.DPoPHandle }> {
  const discovered = await discover(issuer, 'notes-app', client.None());
  return { ...discovered, DPoP: await newHandle(discovered.config) };
}
