import type {
  FieldLine,
  ScriptedResponse,
  SignerAssertion,
  SignerCall,
  SignerTest,
} from '../src/format.ts';
import { ISSUER, ORIGIN } from './deployment.ts';
import { type Draft, valid } from './draft.ts';
import { KEYS, type Key } from './keys/keys.ts';
import { accessToken } from './messages.ts';

/** The access token of a scenario unless it says otherwise. */
export const TOKEN = accessToken();
export const URL_R = `${ORIGIN}/r`;
const OK_ONCE: readonly ScriptedResponse[] = [{ status: 200, fields: [] }];

type Fetch = Extract<SignerCall, { readonly kind: 'fetch' }>;

/** A GET of the resource, unless told otherwise. */
export function fetched(changes: Partial<Fetch> = {}): Fetch {
  return { kind: 'fetch', method: 'GET', url: URL_R, responses: OK_ONCE, ...changes };
}

/** An answer with a nonce. */
export function withNonce(
  nonce: string,
  status = 200,
  further: readonly FieldLine[] = [],
): ScriptedResponse {
  return { status, fields: [['DPoP-Nonce', nonce], ...further] };
}

/** The demand for a nonce of a resource server (RFC 9449 §9). */
export function nonceWanted(nonce?: string): ScriptedResponse {
  const challenge: FieldLine = ['WWW-Authenticate', 'DPoP error="use_dpop_nonce"'];
  return {
    status: 401,
    fields: nonce === undefined ? [challenge] : [challenge, ['DPoP-Nonce', nonce]],
  };
}

/** A token request at the issuer, with what it answers. */
export function tokenRequest(...responses: readonly ScriptedResponse[]): SignerCall {
  return {
    kind: 'token-request',
    issuer: ISSUER,
    tokenEndpoint: `${ISSUER}/token`,
    clientId: 'machine',
    clientSecret: 'secret-of-machine-0123456789abcdef',
    responses,
  };
}

/** A good token response of a type. */
export function tokenAnswer(type: string, fields: readonly FieldLine[] = []): ScriptedResponse {
  return {
    status: 200,
    fields: [['Content-Type', 'application/json'], ...fields],
    body: JSON.stringify({ access_token: 'fresh-token', token_type: type, expires_in: 300 }),
  };
}

/** The value at a path of a request. */
export function equals(request: number, path: string, value: unknown): SignerAssertion {
  return { kind: 'equals', request, path, value };
}

/** A path of a request that leads nowhere. */
export function absent(request: number, path: string): SignerAssertion {
  return { kind: 'absent', request, path };
}

/** So many requests went out. */
export function count(number: number): SignerAssertion {
  return { kind: 'request-count', count: number };
}

/** The proof of a request is one that a server must take. */
export function good(request: number): SignerAssertion {
  return { kind: 'good-proof', request };
}

/** What is particular to a scenario. */
interface Scenario {
  readonly calls: readonly SignerCall[];
  readonly assertions: readonly SignerAssertion[];
  readonly key?: Key;
  readonly jwk?: Readonly<Record<string, unknown>>;
  readonly token?: string | null;
}

/** A case of the group Signer. */
export function scenario(
  id: string,
  comment: string,
  requirements: string,
  { calls, assertions, key = KEYS.ec1, jwk = key.privateJwk, token = TOKEN }: Scenario,
): Draft<SignerTest> {
  return valid<SignerTest>(
    id,
    comment,
    requirements,
    { scenario: { key: jwk, accessToken: token, calls }, assertions },
    { base: null },
  );
}
