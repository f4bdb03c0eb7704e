import type {
  AsRequestVector,
  AsState,
  AsTest,
  CodeState,
  Expect,
  FieldLine,
  RefreshTokenState,
} from '../src/format.ts';
import { basic, ORIGIN, REDIRECT_URI } from './deployment.ts';
import { asRefused, type Draft, invalid } from './draft.ts';
import { base64url } from './encode/base64url.ts';
import { hash } from './encode/bytes.ts';
import { KEYS, type Key } from './keys/keys.ts';
import { asRequest } from './messages.ts';

/** A code verifier and its challenge (RFC 7636 §4). */
export const VERIFIER = 'a-code-verifier-of-the-vectors-0123456789._~';
export const CHALLENGE: string = base64url(hash('sha256', VERIFIER));

const SCOPE = 'notes:read notes:write';

/** A token response whose access token is a JWT bound to a key. */
export function boundTo(key: Key, claims: Readonly<Record<string, unknown>> = {}): Expect {
  return { ...DPOP_TOKEN, claims: { cnf: { jkt: key.jkt }, ...claims } };
}

/** A token response whose access token is bound, whatever its form. */
export const DPOP_TOKEN: Expect = {
  status: [200],
  body: { token_type: 'DPoP' },
  fieldsPresent: ['Cache-Control'],
};

/** A token response whose access token is not bound. */
export const BEARER_TOKEN: Expect = { ...DPOP_TOKEN, body: { token_type: 'Bearer' } };

/** A token response, whatever its type. */
export const ANY_TOKEN: Expect = { status: [200], fieldsPresent: ['Cache-Control'] };

/** A pushed request was taken. */
export const PUSHED: Expect = { status: [201, 200], fieldsPresent: ['Cache-Control'] };

export const AS_BAD_PROOF: Expect = asRefused('invalid_dpop_proof');
export const BAD_GRANT: Expect = asRefused('invalid_grant');
export const AS_BAD_REQUEST: Expect = asRefused('invalid_request');
/** The key is not the one that a code or a refresh token belongs to. */
export const OTHER_KEY: Expect = asRefused('invalid_grant', 'invalid_dpop_proof');
/** A code or a refresh token needs a proof. */
export const PROOF_WANTED: Expect = asRefused('invalid_dpop_proof', 'invalid_grant');
/** The client is not authenticated; without an Authorization field RFC 6749 §5.2 leaves the status open. */
export const BAD_CLIENT: Expect = { status: [401, 400], errors: ['invalid_client'] };

/** Parameters; undefined leaves one out. */
export type Form = Readonly<Record<string, string | undefined>>;

/** What a token request is sent with. */
export interface Sent {
  /** The `DPoP` fields. */
  readonly dpop?: readonly string[];
  readonly form?: Form;
  /** Who authenticates by `client_secret_basic`, in the place of `client_id`. */
  readonly as?: string;
}

/** The token request of a client for itself. */
export function forItself(
  dpop: readonly string[],
  form: Form = {},
  as = 'machine',
): AsRequestVector {
  const grant = present({ grant_type: 'client_credentials', ...form });
  return asRequest('token', grant, { dpop, authorization: basic(as) });
}

/** Redeems the code `{{code}}`, as the public client `app` unless said otherwise. */
export function redemption({ dpop = [], form = {}, as }: Sent): AsRequestVector {
  return asRequest(
    'token',
    present({
      grant_type: 'authorization_code',
      ...(as === undefined && { client_id: 'app' }),
      code: '{{code}}',
      redirect_uri: REDIRECT_URI,
      code_verifier: VERIFIER,
      ...form,
    }),
    { dpop, ...(as !== undefined && { authorization: basic(as) }) },
  );
}

/** Uses the refresh token `{{token}}`, as the public client `app` unless said otherwise. */
export function refresh({ dpop = [], form = {}, as }: Sent): AsRequestVector {
  return asRequest(
    'token',
    present({
      grant_type: 'refresh_token',
      ...(as === undefined && { client_id: 'app' }),
      refresh_token: '{{token}}',
      ...form,
    }),
    { dpop, ...(as !== undefined && { authorization: basic(as) }) },
  );
}

/** The parameters of an authorization request of the client `app`. */
export const AUTHORIZATION_REQUEST: Form = {
  client_id: 'app',
  response_type: 'code',
  redirect_uri: REDIRECT_URI,
  scope: SCOPE,
  resource: ORIGIN,
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
};

/** What is pushed. */
export interface Pushed extends Sent {
  /** Parameters behind the others. */
  readonly more?: readonly FieldLine[];
}

/** Pushes a request, as the public client `app` unless somebody authenticates. */
export function push({ dpop = [], form = {}, as, more = [] }: Pushed): AsRequestVector {
  const { client_id, ...others } = AUTHORIZATION_REQUEST;
  const parameters = present({ ...(as === undefined && { client_id }), ...others, ...form });
  return asRequest('pushed_authorization_request', [...Object.entries(parameters), ...more], {
    dpop,
    ...(as !== undefined && { authorization: basic(as) }),
  });
}

/** The form without what is left out. */
export function present(form: Form): Readonly<Record<string, string>> {
  const entries = Object.entries(form).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Readonly<Record<string, string>>;
}

/** There is a code for the client `app`, by the name `code`. */
export function withCode(changes: Partial<CodeState> = {}): AsState {
  return {
    codes: {
      code: {
        client: 'app',
        redirectUri: REDIRECT_URI,
        scope: SCOPE,
        resource: ORIGIN,
        codeChallenge: CHALLENGE,
        ...changes,
      },
    },
  };
}

/** There is a refresh token for the client `app`, by the name `token`, which belongs to `ec1`. */
export function withRefreshToken(changes: Partial<RefreshTokenState> = {}): AsState {
  return {
    refreshTokens: {
      token: { client: 'app', scope: SCOPE, resource: ORIGIN, jkt: KEYS.ec1.jkt, ...changes },
    },
  };
}

/** A refused request: what is said of it, what is sent, how it is answered, what there was before. */
export type RefusedRow = readonly [
  id: string,
  comment: string,
  requirements: string,
  request: AsTest['request'],
  expect: Expect,
  state?: AsState,
  base?: string | null,
];

/** Refused requests; `usual` is what there was before, unless a row has a state of its own. */
export function refusals(rows: readonly RefusedRow[], usual: AsState): readonly Draft<AsTest>[] {
  return rows.map(([id, comment, requirements, request, expect, state = usual, base]) =>
    invalid<AsTest>(
      id,
      comment,
      requirements,
      { state, request, expect },
      base === undefined ? {} : { base },
    ),
  );
}
