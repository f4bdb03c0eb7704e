import { type Clock, type IssuerMetadata, metadataEndpoint, systemClock } from '@keybound/core';
import {
  createAuthorizationRequest,
  newPendingAuthorization,
} from '../authorization/authorization-request.ts';
import { readAuthorizationResponse } from '../authorization/read-authorization-response.ts';
import { createMemoryNonces, type NonceStore } from '../fetch/shared-nonces.ts';
import { chooseAlgorithm } from '../keys/choose-algorithm.ts';
import type { Signer } from '../keys/signer.ts';
import { SignerError } from '../signer-error.ts';
import { exclusively } from '../store/exclusively.ts';
import type { Store } from '../store/store.ts';
import { type KeptTokens, openKeptSignIn } from './kept-sign-in.ts';
import { requireResource } from './resource.ts';
import { createEndpoint, type PostForm } from './token-endpoint.ts';
import { readTokenResponse } from './token-response.ts';

/** Options of {@link createAuthorizationCodeTokens}. */
export interface AuthorizationCodeOptions {
  /** The metadata of the authorization server (RFC 8414), as `fetchIssuerMetadata` gives it. */
  readonly metadata: IssuerMetadata;
  /** A public client: it has no secret, and names itself. */
  readonly clientId: string;
  /** Where the browser comes back to, as registered. */
  readonly redirectUri: string;
  /** Scope values with single blanks between them; left out, the server decides. */
  readonly scope?: string;
  /** The API the token is for (RFC 8707 §2); left out, the server decides. */
  readonly resource?: string;
  /**
   * How the server is to treat the person, such as `login` or `consent` (OpenID Connect Core §3.1.2.1). Some
   * servers give refresh tokens for `offline_access` with `consent` only. @defaultValue the server decides
   */
  readonly prompt?: string;
  /** Asks for tokens bound to this key; left out, for bearer tokens. */
  readonly signer?: Signer;
  /** Where tokens and begun sign-ins are kept. */
  readonly store: Store;
  /** Tells several sign-ins in one store apart. @defaultValue 'session' */
  readonly name?: string;
  /** Where nonces are shared with others. @defaultValue the endpoints of this server share them */
  readonly nonces?: NonceStore;
  /** How long one request to the server may take. @defaultValue 10 */
  readonly timeoutSeconds?: number;
  /** What requests are sent with. @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch;
  /** What time it is; pass your own in tests. @defaultValue the system clock */
  readonly clock?: Clock;
}

/** A person's sign-in at one authorization server, shared by all pages that share the store. */
export interface AuthorizationCodeTokens {
  /**
   * Begins a sign-in.
   *
   * @returns the URL to send the browser to, by redirect or in a window of its own
   * @throws SignerError `authorization_request_failed`, `token_request_failed`
   */
  begin(): Promise<string>;
  /**
   * Redeems the code of the URL that the browser was sent back to. Once: what was begun counts for one
   * answer, also for a bad one.
   *
   * @throws SignerError the codes of {@link readAuthorizationResponse}, `authorization_response_mismatch`
   * also when no sign-in was begun with this `state`; `token_request_failed`, `token_type_downgraded`,
   * `token_type_unsupported`.
   */
  complete(url: string | URL): Promise<void>;
  /**
   * The access token, renewed shortly before its end or when it is named as rejected; of any number of
   * callers in any number of pages one asks the server. In the form that {@link createDpopFetch} takes.
   *
   * @throws SignerError `signed_out` when nobody is signed in; `grant_ended` when the server takes the
   * refresh token no more, or there is none; `token_request_failed` when it could not be asked, and then
   * nothing is forgotten.
   */
  accessToken(rejected?: string): Promise<string>;
  /** Whether somebody is signed in, as far as is known here. */
  isSignedIn(): Promise<boolean>;
  /**
   * Signs out: forgets the tokens, here and for all pages, then revokes the grant (RFC 7009).
   *
   * @throws SignerError `revocation_failed` when the server could not be told; forgotten they are.
   */
  end(): Promise<void>;
}

/** How many requests of other pages may come before one of this page. */
const TURNS = 3;

/**
 * The tokens of a person who signs in by the code flow (RFC 6749 §4.1) with PKCE, `state` and `iss`
 * (RFC 9207), pushed where the server takes that, bound to a key where a signer is given.
 *
 * Refresh tokens are rotated as the server does it; the new one is kept before anything else happens.
 * Not done here: opening windows, and keeping script of others out of the page.
 *
 * @throws TypeError when an option is missing or malformed, or the server does not offer PKCE with S256.
 * @throws UnavailableError `issuer_metadata` when an endpoint is missing, or less secure than the issuer.
 * @throws SignerError `algorithm_unsupported` when the server does not accept the signer's algorithm.
 *
 * @example
 * ```ts
 * const tokens = createAuthorizationCodeTokens({ metadata, clientId, redirectUri, signer, store });
 * location.assign(await tokens.begin());
 * // at the redirect URI:
 * await tokens.complete(location.href);
 * const dpopFetch = createDpopFetch({ signer, accessToken: tokens.accessToken, origins: [api] });
 * ```
 */
export function createAuthorizationCodeTokens(
  options: AuthorizationCodeOptions,
): AuthorizationCodeTokens {
  const { metadata, clientId, redirectUri, scope, resource, prompt, signer, store } = options;
  const { name = 'session', timeoutSeconds = 10, clock = systemClock } = options;
  const { nonces = createMemoryNonces() } = options;
  requireOptions(options);
  // Nothing of one server or client may reach another, whatever shares the store.
  const place = `${name} ${metadata.issuer} ${clientId}`;
  const kept = openKeptSignIn(store, place, clock);

  function endpoint(member: string, key: Signer | undefined): PostForm {
    return createEndpoint({
      name: member,
      url: metadataEndpoint(metadata, member),
      signer: key,
      nonces,
      timeoutSeconds,
      fetch: options.fetch ?? fetch,
      clock,
    });
  }
  const pushes = metadata.pushed_authorization_request_endpoint !== undefined;
  const push = pushes ? endpoint('pushed_authorization_request_endpoint', signer) : undefined;
  const ask = endpoint('token_endpoint', signer);
  const revokes = metadata.revocation_endpoint !== undefined;
  const revoke = revokes ? endpoint('revocation_endpoint', undefined) : undefined;
  const authorizationEndpoint = metadataEndpoint(metadata, 'authorization_endpoint');

  /** Runs a task while no page runs another one about this sign-in. */
  async function alone<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await exclusively(`keybound ${place}`, timeoutSeconds * TURNS, task);
    } catch (cause) {
      if (!(cause instanceof DOMException && cause.name === 'TimeoutError')) throw cause;
      const message = 'another page has been renewing the token for too long; try again';
      throw new SignerError('token_request_failed', message, { cause });
    }
  }

  async function usableToken(rejected: string | undefined): Promise<string | undefined> {
    const tokens = await kept.tokens();
    if (tokens === undefined) throw signedOut();
    const { accessToken, renewAt = Number.POSITIVE_INFINITY } = tokens;
    return accessToken !== rejected && clock() < renewAt ? accessToken : undefined;
  }

  /** Alone among all pages, so what another page has got in the meantime is used. */
  async function renew(rejected: string | undefined): Promise<string> {
    const usable = await usableToken(rejected);
    if (usable !== undefined) return usable;
    const refreshToken = (await kept.tokens())?.refreshToken;
    if (refreshToken === undefined) throw await ended();
    const askedAt = clock();
    const form = {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: clientId,
      ...(resource !== undefined && { resource }),
    };
    try {
      const response = await ask(form, readTokenResponse);
      // Signing out does not wait for ever for its turn, and what it forgot must not come back.
      if ((await kept.tokens()) === undefined) throw signedOut();
      await kept.keepTokens(askedAt, response, refreshToken);
      return response.accessToken;
    } catch (cause) {
      const isOver = cause instanceof SignerError && cause.oauthError === 'invalid_grant';
      throw isOver ? await ended(cause) : cause;
    }
  }

  async function ended(cause?: unknown): Promise<SignerError> {
    await kept.forgetTokens();
    return new SignerError(
      'grant_ended',
      'the sign-in has ended, by time, at the server or in another page; sign in again',
      { cause },
    );
  }

  let renewing:
    | { readonly rejected: string | undefined; readonly token: Promise<string> }
    | undefined;

  return {
    async begin(): Promise<string> {
      const { url, pending } = await createAuthorizationRequest({
        authorizationEndpoint,
        push,
        clientId,
        redirectUri,
        scope,
        resource,
        prompt,
        signer,
        begunAt: clock(),
      });
      await alone(() => kept.addPending(pending));
      return url;
    },

    complete(url): Promise<void> {
      // As one with the redemption: a refresh that is under way must not write over what comes of it.
      return alone(async () => {
        // Where nothing was begun, no state is the right one and no verifier fits.
        const begun = (await kept.takePending(url)) ?? newPendingAuthorization(clock());
        const code = readAuthorizationResponse(url, {
          issuer: metadata.issuer,
          issParameterSupported: metadata.authorization_response_iss_parameter_supported === true,
          state: begun.state,
        });
        const askedAt = clock();
        const form = {
          grant_type: 'authorization_code',
          code,
          redirect_uri: redirectUri,
          code_verifier: begun.codeVerifier,
          client_id: clientId,
          ...(resource !== undefined && { resource }),
        };
        await kept.keepTokens(askedAt, await ask(form, readTokenResponse));
      });
    },

    async accessToken(rejected): Promise<string> {
      const usable = await usableToken(rejected);
      if (usable !== undefined) return usable;
      // Of this page, whoever comes while one asks gets the same answer, a failure too.
      if (renewing === undefined || renewing.rejected !== rejected) {
        const token = alone(() => renew(rejected));
        const mine = { rejected, token };
        renewing = mine;
        const over = (): void => {
          if (renewing === mine) renewing = undefined;
        };
        token.then(over, over);
      }
      return renewing.token;
    },

    async isSignedIn(): Promise<boolean> {
      return (await kept.tokens()) !== undefined;
    },

    async end(): Promise<void> {
      let tokens: KeptTokens | undefined;
      try {
        tokens = await alone(async () => {
          const found = await kept.tokens();
          await kept.forgetTokens();
          // Whoever signs out does not expect a window that is still open to sign in again.
          await kept.forgetPending();
          return found;
        });
        if (tokens === undefined || revoke === undefined) return;
        const form = { token: tokens.refreshToken ?? tokens.accessToken, client_id: clientId };
        await revoke(form, requireOk);
      } catch (cause) {
        // When the turn did not come: signing out forgets, whatever another page is doing. Else it is
        // forgotten, and what is there by now is of a new sign-in.
        if (tokens === undefined) await kept.forgetTokens();
        throw new SignerError(
          'revocation_failed',
          'the tokens are forgotten here, but the server could not be told; they end there by themselves',
          { cause },
        );
      }
    },
  };
}

function requireOptions(options: AuthorizationCodeOptions): void {
  const { metadata, clientId, redirectUri, resource, signer, store } = options;
  if (typeof metadata?.issuer !== 'string') {
    throw new TypeError('metadata: give what fetchIssuerMetadata returns');
  }
  // RFC 8414 §2: left out, the server does not do PKCE, and a code could be injected (RFC 9700 §2.1.1).
  if (!listOf(metadata.code_challenge_methods_supported)?.includes('S256')) {
    throw new TypeError(
      'metadata: code_challenge_methods_supported has no S256; use another server',
    );
  }
  if (signer)
    chooseAlgorithm([signer.algorithm], listOf(metadata.dpop_signing_alg_values_supported));
  if (typeof clientId !== 'string' || clientId === '') {
    throw new TypeError('clientId: must be a non-empty text');
  }
  if (!URL.canParse(redirectUri)) throw new TypeError('redirectUri: must be an absolute URI');
  if (resource !== undefined) requireResource(resource);
  if (typeof store?.get !== 'function') {
    throw new TypeError('store: give a store, such as createIndexedDbStore returns');
  }
}

function signedOut(): SignerError {
  return new SignerError('signed_out', 'nobody is signed in; begin a sign-in');
}

function listOf(member: unknown): readonly string[] | undefined {
  return Array.isArray(member) ? member.map(String) : undefined;
}

async function requireOk({ ok, status }: Response): Promise<void> {
  if (!ok) {
    throw new SignerError('token_request_failed', `the server answered with status ${status}`, {
      status,
    });
  }
}
