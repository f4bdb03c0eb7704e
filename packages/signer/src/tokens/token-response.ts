import { isJsonObject, type Scheme } from '@keybound/core';
import { isAccessToken } from '../fetch/access-token.ts';
import { readText } from '../fetch/read-text.ts';
import { oauthErrorOf, parseJson } from '../fetch/rejection.ts';
import { SignerError } from '../signer-error.ts';

/** What a client may know about a token: how to present it and for how long (RFC 6749 §5.1). */
export interface TokenResponse {
  readonly accessToken: string;
  /** Undefined when the server does not say. */
  readonly expiresInSeconds: number | undefined;
  /** Undefined when there is none, or nothing that could be sent back. */
  readonly refreshToken: string | undefined;
}

const MAX_RESPONSE_BYTES = 262_144;

// Of RFC 6749 §5.2, RFC 8707 §2 and RFC 9449 §5, §8. Only these are repeated: a server may put
// anything into other values.
const NEXT_STEPS: ReadonlyMap<string, string> = new Map([
  ['invalid_request', 'check tokenEndpoint and the options'],
  ['invalid_client', 'check clientId and clientSecret'],
  ['invalid_grant', 'check how the client is registered'],
  ['unauthorized_client', 'allow the client_credentials grant for the client'],
  ['unsupported_grant_type', 'allow the client_credentials grant at the server'],
  ['invalid_scope', 'check scope'],
  ['invalid_target', 'check resource'],
  ['invalid_dpop_proof', 'check the algorithm of the signer and the clock'],
  ['use_dpop_nonce', 'the server refuses its own nonce; see its logs'],
]);

/**
 * The token in the answer of a token endpoint. The token itself is not looked into (RFC 9068 §6).
 *
 * @throws SignerError `token_request_failed` for anything but a 200 with a JSON object and a token;
 * `token_type_downgraded` when DPoP was expected and the type is another one, `token_type_unsupported`
 * when Bearer was.
 */
export async function readTokenResponse(
  response: Response,
  expectedType: Scheme,
): Promise<TokenResponse> {
  const { status } = response;
  const body = parseJson(await readText(response, MAX_RESPONSE_BYTES));
  if (status !== 200) throw refusal(status, oauthErrorOf(body));
  if (!isJsonObject(body) || !isAccessToken(body.access_token)) {
    throw new SignerError(
      'token_request_failed',
      'the token endpoint answered without a token response; check tokenEndpoint',
      { status },
    );
  }
  checkType(body.token_type, expectedType);
  return {
    accessToken: body.access_token,
    expiresInSeconds: lifetime(body.expires_in),
    refreshToken: typeof body.refresh_token === 'string' ? body.refresh_token : undefined,
  };
}

function refusal(status: number, error: string | undefined): SignerError {
  const nextStep = NEXT_STEPS.get(error ?? '');
  return nextStep === undefined
    ? new SignerError(
        'token_request_failed',
        `the token endpoint answered with status ${status}; check tokenEndpoint, or try later`,
        { status },
      )
    : new SignerError(
        'token_request_failed',
        `the token endpoint answered with status ${status} and ${error}; ${nextStep}`,
        { status, oauthError: error },
      );
}

function checkType(type: unknown, expected: Scheme): void {
  // Compared without case (RFC 6749 §5.1).
  if (typeof type === 'string' && type.toLowerCase() === expected.toLowerCase()) return;
  if (expected === 'DPoP') {
    // RFC 9449 §5: a token of another type is not bound to the key, so whoever steals it can use it.
    throw new SignerError(
      'token_type_downgraded',
      'the token endpoint ignored the proof; switch DPoP on for this client at the server',
    );
  }
  throw new SignerError(
    'token_type_unsupported',
    'the token endpoint gave another type than Bearer; pass a signer if it demands DPoP',
  );
}

function lifetime(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}
