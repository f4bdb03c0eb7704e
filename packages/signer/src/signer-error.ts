/** Which rule stopped a request, so that a `switch` over all of them is checked by the compiler. */
export type SignerErrorCode =
  /** The request goes to an origin that is not in `origins`; nothing was sent. */
  | 'origin_not_allowed'
  /** A proof was asked for a URI that is neither https nor http to this machine (RFC 9449 §2). */
  | 'uri_not_secure'
  /** The URL carries an `access_token` query parameter (RFC 9700 §4.3.2); nothing was sent to it. */
  | 'token_in_query'
  /** The caller set a header field that is ours to set; nothing was sent. */
  | 'header_not_allowed'
  /** The token source gave something that cannot stand in an `Authorization` field. */
  | 'access_token_malformed'
  /** The request has to be sent again, but its body was a stream and is spent. */
  | 'body_not_replayable'
  /** A browser hides where a redirect leads. */
  | 'redirect_not_readable'
  /** A redirect leads to something that is not a plain http or https URL. */
  | 'redirect_not_allowed'
  /** More redirects than are followed. */
  | 'too_many_redirects'
  /** DPoP was asked for and the token endpoint gave another type of token (RFC 9449 §5). */
  | 'token_type_downgraded'
  /** The token endpoint gave a type of token that was not asked for (RFC 6749 §7.1). */
  | 'token_type_unsupported'
  /** The token endpoint gave no token. */
  | 'token_request_failed'
  /** A browser brought an answer that is none: a parameter twice, or neither code nor error. */
  | 'authorization_response_malformed'
  /** A browser brought an answer of another issuer (RFC 9207 §2.4) or to another request. */
  | 'authorization_response_mismatch'
  /** The authorization server gave an error in place of a code (RFC 6749 §4.1.2.1). */
  | 'authorization_denied'
  /** No algorithm is accepted by all servers (RFC 9449 §5.1); nothing was sent. */
  | 'algorithm_unsupported'
  /** The server did not take a pushed authorization request (RFC 9126 §2.3). */
  | 'authorization_request_failed'
  /** Nobody is signed in, or no more: signed out in another page. */
  | 'signed_out'
  /** The server takes the refresh token no more; the tokens are forgotten. */
  | 'grant_ended'
  /** The server could not be told that the tokens are given up; they are forgotten. */
  | 'revocation_failed'
  /** A file is not this store's, was changed, or the passphrase is another one. */
  | 'store_unreadable';

/** What is known about a failure beside its code. */
export interface SignerErrorOptions {
  /** What was caught, if anything. */
  readonly cause?: unknown;
  /** The response that could not be acted upon; its body is unread. */
  readonly response?: Response;
  /** The HTTP status of a token endpoint that gave no token. */
  readonly status?: number;
  /** The OAuth error code of a server that gave no token, or no code. */
  readonly oauthError?: string | undefined;
  /** What an authorization server that gave no code says to developers. */
  readonly oauthErrorDescription?: string | undefined;
}

/**
 * A request that was not sent, could not be sent again, or brought no usable token or code. `code` names
 * the rule, `message` says what to do next. Neither holds a token, a proof or a secret.
 *
 * Network failures and aborts are not wrapped: they reach the caller as `fetch` reports them.
 */
export class SignerError extends Error {
  /** Always `'SignerError'`. */
  override readonly name: string = 'SignerError';
  /** The rule that stopped the request or the answer. */
  readonly code: SignerErrorCode;
  /** With `body_not_replayable` and the redirect codes: the response in question, body unread. */
  readonly response: Response | undefined;
  /** With `token_request_failed`: the status, where there was an answer. */
  readonly status: number | undefined;
  /**
   * With `token_request_failed`: the `error` of RFC 6749 §5.2, where it is a registered one. With
   * `authorization_denied`: the `error` of RFC 6749 §4.1.2.1, whatever it is.
   */
  readonly oauthError: string | undefined;
  /**
   * With `authorization_denied`: `error_description`, where it has only characters that RFC 6749
   * §4.1.2.1 allows. The server's words, for a log; escape them before they get into a page.
   */
  readonly oauthErrorDescription: string | undefined;

  constructor(code: SignerErrorCode, message: string, options: SignerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.response = options.response;
    this.status = options.status;
    this.oauthError = options.oauthError;
    this.oauthErrorDescription = options.oauthErrorDescription;
  }
}
