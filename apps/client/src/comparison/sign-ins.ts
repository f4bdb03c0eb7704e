import type { IssuerMetadata } from '@keybound/core';
import type { Signer } from '@keybound/signer';
import type { Environment } from './environment.ts';
import {
  type ClientIdentity,
  createUserClient,
  type Tokens,
  type UserClient,
} from './user-client.ts';

/** What the tokens of a lane are. */
export type TokenKind = 'opaque' | 'jwt' | 'dpop';

/** Through which clients people sign in. */
export interface SignInSettings {
  readonly resource: string;
  /** Public clients by what their tokens are. */
  readonly apps: Readonly<Record<TokenKind, string>>;
  /** A confidential client; a page has none, because it cannot keep a secret. */
  readonly web?: Required<ClientIdentity> | undefined;
}

/** How a person signs in in one lane. */
export interface SignIns {
  /** The public client, in every lane but that of the API key. */
  readonly app: UserClient | undefined;
  /** What the app got when the lane was opened; nothing else uses these. */
  readonly firstTokens: Tokens | undefined;
  /** The confidential client, in the lanes with keys. */
  readonly web: UserClient | undefined;
}

/** Has the person sign in in one lane, by what its tokens are and with the key of the client. */
export async function openSignIns(
  { resource, apps, web }: SignInSettings,
  metadata: IssuerMetadata,
  { person, redirectUri }: Environment,
  kind: TokenKind | undefined,
  self: { readonly signer: Signer | undefined; readonly fetch: typeof fetch },
): Promise<SignIns> {
  const open = (identity: ClientIdentity): UserClient =>
    createUserClient({ metadata, identity, resource, redirectUri, self, person });
  const app = kind === undefined ? undefined : open({ id: apps[kind] });
  return {
    app,
    firstTokens: await app?.signIn(),
    web: self.signer && web && open(web),
  };
}
