/** The error codes this server answers with. */
export type OauthErrorCode = keyof typeof ROWS;

// RFC 6749 §4.1.2.1 and §5.2, RFC 7009 §2.2.1, RFC 7591 §3.2.2, RFC 8707 §2, RFC 9470 §5,
// OpenID Connect Core §3.1.2.6.
const ROWS = {
  invalid_request: { status: 400, description: 'The request is malformed' },
  invalid_client: { status: 401, description: 'The client could not be authenticated' },
  invalid_grant: { status: 400, description: 'The grant is not valid, has ended or was used' },
  unauthorized_client: { status: 400, description: 'The client may not use this grant' },
  unsupported_grant_type: { status: 400, description: 'The grant type is not supported' },
  unsupported_response_type: { status: 400, description: 'The response type must be code' },
  invalid_scope: { status: 400, description: 'The client may not ask for this scope' },
  invalid_target: { status: 400, description: 'No token is issued for this resource' },
  access_denied: { status: 400, description: 'The request was declined' },
  login_required: { status: 400, description: 'The person must sign in' },
  interaction_required: { status: 400, description: 'The person must be asked' },
  unmet_authentication_requirements: {
    status: 400,
    description: 'The person cannot sign in as the request demands',
  },
  request_not_supported: { status: 400, description: 'Request objects are not supported' },
  invalid_redirect_uri: { status: 400, description: 'A redirect URI is not allowed' },
  invalid_client_metadata: { status: 400, description: 'The client metadata is not allowed' },
} as const;

/** A request that is refused. The sentence goes to the client and is constant: nothing received is in it. */
export class OauthError extends Error {
  override readonly name: string = 'OauthError';
  readonly code: OauthErrorCode;
  readonly status: number;

  /** @param description - a more exact sentence than the usual one of the code */
  constructor(code: OauthErrorCode, description: string = ROWS[code].description) {
    super(description);
    this.code = code;
    this.status = ROWS[code].status;
  }
}
