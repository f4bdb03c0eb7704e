/** The error codes this server answers with (RFC 6749 §5.2, RFC 8707 §2). */
export type OauthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target';

const ROWS: Readonly<Record<OauthErrorCode, { status: number; description: string }>> = {
  invalid_request: { status: 400, description: 'The request is malformed' },
  invalid_client: { status: 401, description: 'The client could not be authenticated' },
  unauthorized_client: { status: 400, description: 'The client may not use this grant' },
  unsupported_grant_type: { status: 400, description: 'The grant type is not supported' },
  invalid_scope: { status: 400, description: 'The client may not ask for this scope' },
  invalid_target: { status: 400, description: 'No token is issued for this resource' },
};

/** A request to an OAuth endpoint that is refused; answered as JSON with a constant sentence. */
export class OauthError extends Error {
  override readonly name: string = 'OauthError';
  readonly code: OauthErrorCode;
  readonly status: number;

  constructor(code: OauthErrorCode) {
    super(ROWS[code].description);
    this.code = code;
    this.status = ROWS[code].status;
  }
}
