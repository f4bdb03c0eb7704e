import { expect } from 'vitest';
import { KEYS } from '../keys.ts';
import { mintProof, mintToken, type ProofOverrides } from '../mint.ts';
import { fieldValues, type RawResponse, sendRaw } from '../raw-http.ts';

/** A bound token of Alice's and one that is not bound, the same for all tests. */
export const BOUND: string = mintToken({ boundTo: KEYS.alice });
export const UNBOUND: string = mintToken();

/** `Authorization` and `DPoP` for the bound token, the proof as told. */
export function dpopFields(overrides: ProofOverrides = {}): readonly string[] {
  return [`Authorization: DPoP ${BOUND}`, `DPoP: ${mintProof({ token: BOUND, ...overrides })}`];
}

export const BEARER_FIELD: string = `Authorization: Bearer ${UNBOUND}`;

/** A request byte by byte, closed by the server after the answer. */
export interface ContractRequest {
  /** @defaultValue 'GET /r' */
  readonly line?: string;
  /** @defaultValue 'rs.example' */
  readonly host?: string;
  readonly fields?: readonly string[];
  readonly body?: string;
}

export function send(port: number, request: ContractRequest): Promise<RawResponse> {
  const { line = 'GET /r', host = 'rs.example', fields = [], body = '' } = request;
  const length = body === '' ? [] : [`Content-Length: ${body.length}`];
  return sendRaw(
    port,
    [`${line} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...fields, ...length],
    body,
  );
}

const PARAMETERS = {
  Bearer: 'Bearer realm="api"',
  DPoP: 'DPoP realm="api", algs="ES256 ES384 ES512 PS256 Ed25519 EdDSA"',
} as const;

/** A refusal, as the client sees it. */
export interface ExpectedRefusal {
  readonly status: number;
  /** Left out where there were no credentials. */
  readonly error?: string;
  readonly description: string;
  /** The scheme whose challenge has the error. @defaultValue all of them */
  readonly by?: 'Bearer' | 'DPoP';
  /** The scope that the challenges tell. @defaultValue none */
  readonly scope?: string;
}

/** No credentials at all. */
export const NO_CREDENTIALS: ExpectedRefusal = {
  status: 401,
  description: 'An access token is required',
};

/**
 * Status, challenges, cacheability and body of a refusal. Challenges are compared as one list, as some
 * servers write them into one line (RFC 9110 §11.6.1).
 */
export function expectRefusal(
  response: RawResponse,
  expected: ExpectedRefusal,
  offered: readonly ('Bearer' | 'DPoP')[] = ['Bearer', 'DPoP'],
): void {
  const { status, error, description, by, scope } = expected;
  const challenges = offered.map((scheme) =>
    [
      PARAMETERS[scheme],
      ...(error !== undefined && (by === undefined || by === scheme)
        ? [`error="${error}"`, `error_description="${description}"`]
        : []),
      ...(scope === undefined ? [] : [`scope="${scope}"`]),
    ].join(', '),
  );
  expect({
    status: response.status,
    challenges: fieldValues(response, 'www-authenticate').join(', '),
    cacheControl: fieldValues(response, 'cache-control'),
    body: JSON.parse(response.body),
  }).toEqual({
    status,
    challenges: challenges.join(', '),
    cacheControl: ['no-store'],
    body: { ...(error !== undefined && { error }), error_description: description },
  });
}
