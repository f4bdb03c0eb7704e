import { SignerError } from '../signer-error.ts';

/** What the client recorded when it sent the user away: the answer has to agree with it. */
export interface ExpectedAuthorizationResponse {
  /** The issuer the user was sent to, as its metadata spells it. */
  readonly issuer: string;
  /**
   * `authorization_response_iss_parameter_supported` of its metadata, where left out means false. True:
   * an answer without `iss` is refused. False: an `iss` is compared all the same, when there is one.
   */
  readonly issParameterSupported: boolean;
  /** The `state` that was sent; left out, none was, and an answer with one is refused. */
  readonly state?: string;
}

/** Others may stand in the query of the redirect URI, as often as they like (RFC 6749 §3.1.2). */
const PARAMETERS = ['iss', 'state', 'code', 'error', 'error_description'] as const;

type Answer = Readonly<Partial<Record<(typeof PARAMETERS)[number], string>>>;

/** RFC 6749 §4.1.2.1, for `error` and `error_description` alike. */
const ERROR_TEXT = /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/;

/**
 * The code in the answer that a browser brings back from the authorization server, to be redeemed there
 * and nowhere else. Checked, in order: no parameter is there twice (RFC 6749 §3.1) · `iss` is the very
 * text of the recorded issuer, which defends against mix-up (RFC 9207 §2.4) · `state` is the one that was
 * sent (RFC 9700 §2.1) · it is no error. An error is told only when `iss` and `state` are right.
 *
 * Not checked: that the answer came to this client's redirect URI, and that it came once. Keep what is
 * expected with the session of this browser, and use it once. `iss` and `state` do not replace PKCE.
 *
 * @param url - where the browser was sent, whole; only the query is read
 * @throws TypeError when an argument is missing or malformed.
 * @throws SignerError `authorization_response_malformed`, `authorization_response_mismatch` or
 * `authorization_denied`, the last with `oauthError` and `oauthErrorDescription`.
 *
 * @example
 * ```ts
 * const code = readAuthorizationResponse(location.href, { issuer, issParameterSupported: true, state });
 * ```
 */
export function readAuthorizationResponse(
  url: string | URL,
  expected: ExpectedAuthorizationResponse,
): string {
  const { issuer, issParameterSupported, state } = expected;
  requireText('issuer', issuer);
  if (state !== undefined) requireText('state', state);
  if (typeof issParameterSupported !== 'boolean') {
    throw new TypeError('issParameterSupported: must be true or false');
  }
  const answer = parse(url);

  // RFC 9207 §2.4: compared as a plain string; nothing is normalized.
  if (answer.iss === undefined ? issParameterSupported : answer.iss !== issuer) {
    throw mismatch('does not come from the recorded issuer');
  }
  // RFC 9700 §2.1: an answer to somebody else's request brings somebody else's code.
  if (answer.state !== state) throw mismatch('does not belong to the request of this browser');
  if (answer.error !== undefined) throw denial(answer.error, answer.error_description);
  // RFC 6749 §3.1: one without a value counts as left out.
  if (!answer.code) throw malformed('has neither code nor error');
  return answer.code;
}

function requireText(option: string, value: string): void {
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(`${option}: must be a non-empty text`);
  }
}

function parse(url: string | URL): Answer {
  if (!URL.canParse(url)) throw new TypeError('url: must be an absolute URL');
  const { searchParams } = new URL(url);
  const found = PARAMETERS.flatMap((name) =>
    searchParams.getAll(name).map((value) => [name, value] as const),
  );
  const answer: Answer = Object.fromEntries(found);
  if (Object.keys(answer).length < found.length) throw malformed('has a parameter twice');
  return answer;
}

function malformed(fault: string): SignerError {
  return new SignerError(
    'authorization_response_malformed',
    `the authorization response ${fault}; start again, and see what the server sends`,
  );
}

function mismatch(fault: string): SignerError {
  return new SignerError(
    'authorization_response_mismatch',
    `the authorization response ${fault}; use nothing of it and start again`,
  );
}

function denial(error: string, description = ''): SignerError {
  if (!ERROR_TEXT.test(error)) return malformed('has an error that is none');
  return new SignerError(
    'authorization_denied',
    'the authorization server gave an error and no code; oauthError says why',
    {
      oauthError: error,
      oauthErrorDescription: ERROR_TEXT.test(description) ? description : undefined,
    },
  );
}
