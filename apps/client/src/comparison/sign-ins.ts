import type { IssuerMetadata } from '@keybound/core';
import type { Signer } from '@keybound/signer';
import { type Account, createPerson } from './person.ts';
import { registerOpaqueApp } from './register-client.ts';
import {
  type ClientIdentity,
  createUserClient,
  type Tokens,
  type UserClient,
} from './user-client.ts';

/** What the tokens of a lane are. */
export type TokenKind = 'opaque' | 'jwt' | 'dpop';

/** Who signs in, and through which clients. */
export interface SignInSettings {
  readonly resource: string;
  /** Public clients by what their tokens are; the one with opaque tokens registers itself. */
  readonly apps: Readonly<Record<'jwt' | 'dpop', string>>;
  /** A confidential client. */
  readonly web: Required<ClientIdentity>;
  readonly account: Account;
}

/** How a person signs in in one lane. */
export interface SignIns {
  /** The public client, where the lane and the server have one. */
  readonly app: UserClient | undefined;
  /** What the app got when the lane was opened; nothing else uses these. */
  readonly firstTokens: Tokens | undefined;
  /** The confidential client, in the lanes with keys. */
  readonly web: UserClient | undefined;
}

/** Opens the sign-ins of lanes, by what their tokens are and with the key of the client. */
export type OpenSignIns = (
  kind: TokenKind | undefined,
  signer: Signer | undefined,
) => Promise<SignIns>;

/**
 * One person for all lanes. Where strangers may not register clients (RFC 7591), there is none with
 * opaque tokens.
 */
export async function prepareSignIns(
  { resource, apps, web, account }: SignInSettings,
  metadata: IssuerMetadata,
): Promise<OpenSignIns> {
  const person = createPerson(account);
  const registration = metadata.registration_endpoint;
  const opaque = typeof registration === 'string' ? await registerOpaqueApp(registration) : '';
  const idOf: Readonly<Record<TokenKind, string>> = { ...apps, opaque };

  return async (kind, signer) => {
    const open = (identity: ClientIdentity): UserClient =>
      createUserClient({ metadata, identity, resource, signer, person });
    const id = kind === undefined ? '' : idOf[kind];
    const app = id === '' ? undefined : open({ id });
    return {
      app,
      firstTokens: await app?.signIn(),
      web: signer && open(web),
    };
  };
}
