import type { Client } from '../clients/client.ts';
import type { ServerContext } from '../context.ts';
import type { Form } from '../form.ts';

/** A token response (RFC 6749 §5.1, RFC 9449 §5). */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: 'Bearer' | 'DPoP';
  readonly expires_in: number;
  readonly refresh_token?: string;
  readonly scope?: string;
}

/** A token request of a known client. */
export interface TokenRequest {
  readonly client: Client;
  readonly form: Form;
  /** The resources it names (RFC 8707). */
  readonly resources: readonly string[];
}

/** A request that may be served, as far as that can be known without spending anything. */
export interface PreparedRequest {
  /**
   * Spends what there is to spend and issues the tokens, in one transaction.
   *
   * @param jkt - the key of the proof; undefined when none was sent
   */
  redeem(jkt: string | undefined): Promise<TokenResponse>;
}

/** One `grant_type` of the token endpoint. */
export interface GrantType {
  /**
   * Checks a request and spends nothing, so that a proof refused afterwards burns nothing either.
   *
   * @throws OauthError
   */
  prepare(context: ServerContext, request: TokenRequest): Promise<PreparedRequest>;
}
