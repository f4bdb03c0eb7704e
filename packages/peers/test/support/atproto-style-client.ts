import { createHash, randomBytes } from 'node:crypto';
import * as dpop from 'dpop';
import { CALLBACK } from './scripted-user.ts';

/**
 * A public client that works as `@atproto/oauth-client` does (its files `fetch-dpop.ts`,
 * `oauth-server-agent.ts` and `oauth-client.ts`). That package starts from handles and DIDs and wants
 * servers of its own network, so it cannot be pointed at a plain one. What is imitated:
 *
 * - a proof on every request, made by software that is not ours (`dpop`);
 * - one nonce for each origin, taken from any response that has one;
 * - one retry, when a response has a new nonce and says `use_dpop_nonce`: at an authorization server a
 *   400 with it in the body, at an API a 401 whose challenge begins with DPoP;
 * - always PAR, PKCE and a new key for each sign-in; `state` is kept once; `iss` must be the issuer.
 */
export interface AtprotoStyleClient {
  /** Pushes a request. @returns where to send the browser */
  authorize(): Promise<URL>;
  /** Redeems what the browser has brought. */
  callback(url: URL): Promise<Session>;
}

/** What the client has once somebody is signed in. */
export interface Session {
  readonly tokens: TokenSet;
  refresh(): Promise<Session>;
  revoke(): Promise<void>;
  /** A request to an API with the access token. */
  fetch(url: string): Promise<Response>;
}

/** A token response. */
export interface TokenSet {
  readonly access_token: string;
  readonly token_type: string;
  readonly refresh_token: string;
}

/** What a client is made of. */
export interface AtprotoStyleOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly fetch: typeof fetch;
}

/** The parts of the metadata it uses. */
interface Metadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly revocation_endpoint: string;
  readonly pushed_authorization_request_endpoint: string;
}

/** An error answer of an endpoint. */
class AtprotoStyleError extends Error {
  override readonly name = 'AtprotoStyleError';
  readonly status: number;
  readonly error: unknown;

  constructor(status: number, error: unknown) {
    super(`${status} ${error}`);
    this.status = status;
    this.error = error;
  }
}

/** Reads the metadata and makes a client. */
export async function createAtprotoStyleClient(
  options: AtprotoStyleOptions,
): Promise<AtprotoStyleClient> {
  const { issuer, clientId } = options;
  const metadata = await fetchMetadata(options);
  /** By origin, for all sessions of the client. */
  const nonces = new Map<string, string>();
  const pending = new Map<string, { readonly verifier: string; readonly keys: dpop.KeyPair }>();

  async function request(
    keys: dpop.KeyPair,
    url: string,
    payload: Readonly<Record<string, string>>,
  ): Promise<unknown> {
    const response = await fetchWithProof({ ...options, keys, nonces }, url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...payload, client_id: clientId }).toString(),
    });
    const text = await response.text();
    const json = text === '' ? undefined : JSON.parse(text);
    if (!response.ok) throw new AtprotoStyleError(response.status, json?.error);
    return json;
  }

  function createSession(keys: dpop.KeyPair, tokens: TokenSet): Session {
    return {
      tokens,
      refresh: async () => {
        const { refresh_token } = tokens;
        const payload = { grant_type: 'refresh_token', refresh_token };
        const next = await request(keys, metadata.token_endpoint, payload);
        return createSession(keys, next as TokenSet);
      },
      revoke: async () => {
        await request(keys, metadata.revocation_endpoint, { token: tokens.access_token });
      },
      fetch: (url) =>
        fetchWithProof({ ...options, keys, nonces }, url, {
          headers: { authorization: `DPoP ${tokens.access_token}` },
        }),
    };
  }

  return {
    async authorize(): Promise<URL> {
      const keys = await dpop.generateKeyPair('ES256');
      const verifier = randomBytes(32).toString('base64url');
      const state = randomBytes(16).toString('base64url');
      pending.set(state, { verifier, keys });
      const pushed = (await request(keys, metadata.pushed_authorization_request_endpoint, {
        redirect_uri: CALLBACK,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
        state,
        login_hint: 'alice.example',
        response_mode: 'query',
        response_type: 'code',
        display: 'page',
        scope: 'notes:read notes:write',
      })) as { readonly request_uri: string };
      const url = new URL(metadata.authorization_endpoint);
      url.searchParams.set('client_id', clientId);
      url.searchParams.set('request_uri', pushed.request_uri);
      return url;
    },
    async callback({ searchParams }): Promise<Session> {
      const state = searchParams.get('state') ?? '';
      const known = pending.get(state);
      pending.delete(state);
      if (known === undefined) throw new Error('unknown state');
      if (searchParams.get('iss') !== issuer) throw new Error('issuer mismatch');
      const tokens = await request(known.keys, metadata.token_endpoint, {
        grant_type: 'authorization_code',
        redirect_uri: CALLBACK,
        code: searchParams.get('code') ?? '',
        code_verifier: known.verifier,
      });
      return createSession(known.keys, tokens as TokenSet);
    },
  };
}

async function fetchMetadata({ issuer, fetch: send }: AtprotoStyleOptions): Promise<Metadata> {
  const url = `${issuer}/.well-known/oauth-authorization-server`;
  const response = await send(url, { redirect: 'manual' });
  const type = response.headers.get('content-type')?.split(';')[0]?.trim();
  if (response.status !== 200 || type !== 'application/json') throw new Error('no metadata');
  const metadata = (await response.json()) as Metadata;
  if (metadata.issuer !== issuer) throw new Error('issuer mismatch');
  return metadata;
}

/** What proofs are made with. */
interface ProofMaker {
  readonly keys: dpop.KeyPair;
  readonly nonces: Map<string, string>;
  readonly fetch: typeof fetch;
}

/** One request with a proof, and one more if the server wants another nonce. */
async function fetchWithProof(
  { keys, nonces, fetch: send }: ProofMaker,
  url: string,
  init: RequestInit & { readonly headers: Readonly<Record<string, string>> },
): Promise<Response> {
  const { origin } = new URL(url);
  const { method = 'GET', headers } = init;
  const { authorization = '' } = headers;
  const token = authorization.startsWith('DPoP ') ? authorization.slice(5) : undefined;
  const attempt = async (nonce: string | undefined): Promise<Response> => {
    const proof = await dpop.generateProof(keys, url, method, nonce, token);
    return send(url, { ...init, headers: { ...headers, dpop: proof } });
  };

  const known = nonces.get(origin);
  const response = await attempt(known);
  const next = response.headers.get('dpop-nonce');
  if (next === null || next === known) return response;
  nonces.set(origin, next);
  return (await wantsNonce(response)) ? attempt(next) : response;
}

async function wantsNonce(response: Response): Promise<boolean> {
  if (response.status === 401) {
    const challenge = response.headers.get('www-authenticate') ?? '';
    return challenge.startsWith('DPoP') && challenge.includes('error="use_dpop_nonce"');
  }
  if (response.status !== 400) return false;
  const body = (await response.clone().json()) as { readonly error?: unknown };
  return body.error === 'use_dpop_nonce';
}
