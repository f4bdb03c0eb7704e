import { fetchIssuerMetadata } from '@keybound/core';
import {
  createAuthorizationCodeTokens,
  createMemoryStore,
  createProof,
  createSigner,
  type Signer,
} from '@keybound/signer';
import { ALICES_CLIENTS, CALLBACKS } from './clients.ts';
import type { Person } from './person.ts';

/** Which token Alice gets. */
export interface TokenWanted {
  /** Whether it is bound to a key. @defaultValue true */
  readonly bound?: boolean;
  /** @defaultValue jwt */
  readonly format?: 'jwt' | 'opaque';
  /** @defaultValue notes:read notes:write */
  readonly scope?: string;
  /** The audience. @defaultValue the API of the documents */
  readonly resource?: string;
}

/** A token of Alice, and the key it is bound to, if it is. */
export interface AlicesToken {
  readonly token: string;
  readonly signer: Signer | undefined;
  /** A request that presents it, with a new proof where there is a key. */
  request(
    url: string,
    more?: { method?: string; nonce?: string | undefined; scheme?: string },
  ): Promise<Request>;
}

/** Gives tokens of Alice. The same wish gets the same token: what is used up are proofs. */
export type TokenSource = (wanted?: TokenWanted) => Promise<AlicesToken>;

/** Tokens that the authorization server gives, after Alice has signed in and allowed it. */
export function createTokenSource(issuer: string, api: string, alice: Person): TokenSource {
  const given = new Map<string, Promise<AlicesToken>>();

  async function signIn(wanted: TokenWanted): Promise<AlicesToken> {
    const { bound = true, format = 'jwt' } = wanted;
    const { scope = 'notes:read notes:write', resource = api } = wanted;
    const signer = bound ? await createSigner() : undefined;
    const tokens = createAuthorizationCodeTokens({
      metadata: await fetchIssuerMetadata(issuer),
      clientId: ALICES_CLIENTS[format],
      redirectUri: CALLBACKS.native,
      store: createMemoryStore(),
      scope,
      resource,
      ...(signer && { signer }),
    });
    await tokens.complete(await alice.authorize(await tokens.begin()));
    const token = await tokens.accessToken();
    return {
      token,
      signer,
      async request(url, { method = 'GET', nonce, scheme = signer ? 'DPoP' : 'Bearer' } = {}) {
        const headers = new Headers({ authorization: `${scheme} ${token}` });
        if (signer && scheme === 'DPoP') {
          headers.set(
            'dpop',
            await createProof(signer, { method, uri: url, accessToken: token, nonce }),
          );
        }
        return new Request(url, { method, headers });
      },
    };
  }

  return (wanted = {}) => {
    const { bound = true, format = 'jwt', scope = '', resource = '' } = wanted;
    const wish = [bound, format, scope, resource].join('|');
    const token = given.get(wish) ?? signIn(wanted);
    given.set(wish, token);
    return token;
  };
}
