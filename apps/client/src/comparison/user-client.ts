import {
  basicCredentials,
  encodeBase64url,
  type IssuerMetadata,
  sha256Base64url,
  systemClock,
} from '@keybound/core';
import { createDpopFetch, readAuthorizationResponse, type Signer } from '@keybound/signer';
import type { Person } from './person.ts';
import { readResponse, TIMEOUT_MS, type WireResponse } from './wire.ts';

/** Who a client is; public ones have no secret. */
export interface ClientIdentity {
  readonly id: string;
  readonly secret?: string;
}

/** What a client got for a grant. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** When the access token has surely ended, in seconds; undefined when the server does not say. */
  readonly endsAt: number | undefined;
}

/** An answer of the token endpoint. */
export interface TokenAnswer {
  readonly response: WireResponse;
  /** Undefined when it is a refusal. */
  readonly tokens: Tokens | undefined;
}

/** What stands in the redirect, and what the client kept to itself (RFC 7636). */
export interface ReceivedCode {
  readonly redirectUri: string;
  readonly code: string;
  readonly verifier: string;
}

/** What a token request asks with. */
export type GrantForm = Readonly<Record<string, string>>;

/** Who sends a token request, and with which key. */
export interface Requester {
  readonly fetch: typeof fetch;
  readonly signer: Signer | undefined;
}

/** A client through which a person signs in. */
export interface UserClient {
  /**
   * Has the person sign in and consent; the code is not redeemed yet.
   *
   * @throws SignerError when the browser brings an answer that is not the server's to this request
   */
  authorize(): Promise<ReceivedCode>;
  /**
   * Asks for tokens as this client: for a public one that is nothing but to name it.
   *
   * @param by - who asks in its name; left out, the client itself
   */
  requestTokens(form: GrantForm, by?: Requester): Promise<TokenAnswer>;
  /** The whole way to the first tokens. */
  signIn(): Promise<Tokens>;
  /** Gives up a token and with it the grant (RFC 7009). */
  revoke(token: string): Promise<void>;
}

/** What a client for people is made of. */
export interface UserClientOptions {
  readonly metadata: IssuerMetadata;
  readonly identity: ClientIdentity;
  /** The API its tokens are for. */
  readonly resource: string;
  readonly redirectUri: string;
  /** The client's own key, in the lanes that have one, and its way to the network. */
  readonly self: Requester;
  readonly person: Person;
}

/**
 * A client that does what RFC 9700 asks for in every lane: a pushed request (RFC 9126), PKCE, and a look
 * at `state` and `iss` (RFC 9207). With a key the pushed request carries a proof, so that the code is
 * bound as well (RFC 9449 §10.1).
 */
export function createUserClient(options: UserClientOptions): UserClient {
  const { metadata, identity, resource, redirectUri, self, person } = options;
  const { id, secret } = identity;

  function endpoint(name: string): string {
    const url = metadata[`${name}_endpoint`];
    if (typeof url === 'string') return url;
    throw new Error(`${metadata.issuer} names no ${name}_endpoint`);
  }

  async function post(url: string, form: GrantForm, by: Requester): Promise<Response> {
    const { signer, fetch: plain } = by;
    const origins = [new URL(url).origin];
    const send = signer ? createDpopFetch({ signer, origins, fetch: plain }) : plain;
    return send(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(secret !== undefined && { authorization: basicCredentials(id, secret) }),
      },
      body: new URLSearchParams({ ...form, ...(secret === undefined && { client_id: id }) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }

  async function authorize(): Promise<ReceivedCode> {
    const verifier = randomText();
    const state = randomText();
    const request = {
      response_type: 'code',
      redirect_uri: redirectUri,
      resource,
      state,
      code_challenge: await sha256Base64url(verifier),
      code_challenge_method: 'S256',
    };
    const parEndpoint = endpoint('pushed_authorization_request');
    const pushed = await post(parEndpoint, request, self);
    const { request_uri: uri } = await requireOk(pushed);
    const query = new URLSearchParams({ client_id: id, request_uri: String(uri) });
    const answer = await person.approve(`${endpoint('authorization')}?${query}`);
    const code = readAuthorizationResponse(answer, {
      issuer: metadata.issuer,
      issParameterSupported: metadata.authorization_response_iss_parameter_supported === true,
      state,
    });
    return { redirectUri, code, verifier };
  }

  async function requestTokens(form: GrantForm, by = self): Promise<TokenAnswer> {
    const answer = await post(endpoint('token'), form, by);
    const body = answer.clone();
    const response = await readResponse(answer);
    return { response, tokens: answer.ok ? readTokens(await body.json()) : undefined };
  }

  /** @throws Error when the server refuses what an honest client may do */
  async function requireOk(response: Response): Promise<Readonly<Record<string, unknown>>> {
    const { ok, status } = response;
    const text = await response.text();
    if (!ok) throw new Error(`${id} was refused with status ${status}: ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }

  return {
    authorize,
    requestTokens,
    async signIn(): Promise<Tokens> {
      const { response, tokens } = await requestTokens(codeGrant(await authorize()));
      if (tokens !== undefined) return tokens;
      throw new Error(`${id} got no tokens: status ${response.status}, ${response.sentence}`);
    },
    async revoke(token): Promise<void> {
      await requireOk(
        await post(endpoint('revocation'), { token }, { ...self, signer: undefined }),
      );
    },
  };
}

/** RFC 6749 §4.1.3, RFC 7636 §4.5. */
export function codeGrant({ redirectUri, code, verifier }: ReceivedCode): GrantForm {
  return {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
}

/** RFC 6749 §6. */
export function refreshGrant({ refreshToken }: Tokens): GrantForm {
  return { grant_type: 'refresh_token', refresh_token: refreshToken ?? '' };
}

/** 256 random bits: a verifier (RFC 7636 §4.1) or a state. */
export function randomText(): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(32)));
}

function readTokens(body: Readonly<Record<string, unknown>>): Tokens {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: life } = body;
  return {
    accessToken: String(accessToken),
    refreshToken: typeof refreshToken === 'string' ? refreshToken : undefined,
    endsAt: typeof life === 'number' ? systemClock() + life : undefined,
  };
}
