import type { AsEndpoint, AsRequestVector, FieldLine, RequestVector } from '../src/format.ts';
import { asConfig, CLOCK, ISSUER, ORIGIN } from './deployment.ts';
import { base64url } from './encode/base64url.ts';
import { hash } from './encode/bytes.ts';
import { jsonText } from './encode/json.ts';
import { compactJws, type Jws, type Part } from './encode/jws.ts';
import { KEYS, type Key } from './keys/keys.ts';
import type { EcdsaChoice } from './sign/ecdsa.ts';

type Members = Readonly<Record<string, unknown>>;

/** How a JWS differs from the good one. A member set to undefined is left out. */
interface Variation extends Partial<Omit<Jws, 'header' | 'payload'>> {
  readonly key?: Key;
  /** @defaultValue the algorithm of the key */
  readonly alg?: string;
  readonly header?: Members;
  readonly claims?: Members;
  /** In the place of the whole part. */
  readonly headerPart?: Part;
  readonly payloadPart?: Part;
  readonly choice?: EcdsaChoice;
}

/** How a proof differs from the good one. */
export interface ProofVariation extends Variation {
  /** The token whose `ath` the proof carries; null for a proof without. @defaultValue the token of {@link accessToken} */
  readonly token?: string | null;
}

/** A proof of `ec1` for `GET https://rs.example/r` at {@link CLOCK} with the good token's hash. */
export function proof(variation: ProofVariation = {}): string {
  const { key = KEYS.ec1, token = accessToken({ boundTo: key }) } = variation;
  const alg = variation.alg ?? key.alg;
  const header = { typ: 'dpop+jwt', alg, jwk: key.jwk, ...variation.header };
  const claims = {
    htm: 'GET',
    htu: `${ORIGIN}/r`,
    iat: CLOCK,
    ...(token !== null && { ath: ath(token) }),
    ...variation.claims,
  };
  const jti = derivedJti('proof', { header, claims });
  return compactJws({
    ...signing(variation, key, alg),
    header: variation.headerPart ?? header,
    payload: variation.payloadPart ?? { jti, ...claims },
  });
}

/** A proof for an endpoint of the authorization server, without `ath`. */
export function asProof(variation: ProofVariation = {}, endpoint: AsEndpoint = 'token'): string {
  return proof({
    token: null,
    ...variation,
    claims: { htm: 'POST', htu: asConfig().endpoints[endpoint], ...variation.claims },
  });
}

/** How an access token differs from the good one. */
export interface TokenVariation extends Variation {
  /** The key the token is bound to; null for a token that is not bound. @defaultValue ec1 */
  readonly boundTo?: Pick<Key, 'jkt'> | null;
}

/** An RFC 9068 access token of `issuer1`, bound to `ec1`, good for five minutes from {@link CLOCK}. */
export function accessToken(variation: TokenVariation = {}): string {
  const { key = KEYS.issuer1, boundTo = KEYS.ec1 } = variation;
  const alg = variation.alg ?? key.alg;
  const header = { typ: 'at+jwt', alg, kid: key.name, ...variation.header };
  const claims = {
    iss: ISSUER,
    sub: 'alice',
    client_id: 'app',
    aud: ORIGIN,
    iat: CLOCK,
    exp: CLOCK + 300,
    scope: 'notes:read notes:write',
    ...(boundTo && { cnf: { jkt: boundTo.jkt } }),
    ...variation.claims,
  };
  const jti = derivedJti('token', { header, claims });
  return compactJws({
    ...signing(variation, key, alg),
    header: variation.headerPart ?? header,
    payload: variation.payloadPart ?? { jti, ...claims },
  });
}

function signing(variation: Variation, key: Key, alg: string): Omit<Jws, 'header' | 'payload'> {
  const { encodeHeader, encodePayload, encodeSignature, choice } = variation;
  return {
    sign: variation.sign ?? ((input) => key.sign(input, alg, choice)),
    ...(encodeHeader && { encodeHeader }),
    ...(encodePayload && { encodePayload }),
    ...(encodeSignature && { encodeSignature }),
  };
}

/** `ath` of a token (RFC 9449 §4.2). */
export function ath(token: string): string {
  return base64url(hash('sha256', token));
}

/** An identifier that follows from the content, so that a new case changes no other. */
function derivedJti(kind: string, content: unknown): string {
  return base64url(hash('sha256', `${kind} ${jsonText(content)}`)).slice(0, 22);
}

/** What a request to a resource differs in. */
export interface RequestVariation {
  readonly method?: string;
  readonly target?: string;
  /** Null leaves the field out. @defaultValue DPoP with the token of {@link accessToken} */
  readonly authorization?: string | null;
  /** One `DPoP` field each; null for none. @defaultValue {@link proof} */
  readonly proofs?: readonly string[] | null;
  /** Fields behind these. */
  readonly further?: readonly FieldLine[];
  readonly body?: string;
  readonly peerAddress?: string;
}

/** `GET /r` with the good token and the good proof. */
export function request(variation: RequestVariation = {}): RequestVector {
  const { method = 'GET', target = '/r', body, peerAddress } = variation;
  const { authorization = `DPoP ${accessToken()}`, proofs = [proof()], further = [] } = variation;
  const fields: FieldLine[] = [];
  if (authorization !== null) fields.push(['Authorization', authorization]);
  for (const one of proofs ?? []) fields.push(['DPoP', one]);
  return {
    method,
    target,
    fields: [...fields, ...further],
    ...(body !== undefined && { body }),
    ...(peerAddress !== undefined && { peerAddress }),
  };
}

/** The request with one proof in the place of the good one, and the good token of its key. */
export function withProof(variation: ProofVariation): RequestVector {
  const token = variation.token ?? accessToken({ boundTo: variation.key ?? KEYS.ec1 });
  return request({
    authorization: `DPoP ${token}`,
    proofs: [proof({ ...variation, token: variation.token === null ? null : token })],
  });
}

/** The request with another token, and a proof by `ec1` that carries its hash. */
export function withToken(token: string, scheme = 'DPoP', key: Key = KEYS.ec1): RequestVector {
  return request({
    authorization: `${scheme} ${token}`,
    proofs: scheme === 'DPoP' ? [proof({ token, key })] : null,
  });
}

/** A request to the authorization server; `dpop` lists the `DPoP` fields. */
export function asRequest(
  endpoint: AsEndpoint,
  form: Readonly<Record<string, string>> | readonly FieldLine[],
  { dpop = [], authorization, further = [] }: AsFields = {},
): AsRequestVector {
  const fields: FieldLine[] = [];
  if (authorization !== undefined) fields.push(['Authorization', authorization]);
  for (const one of dpop) fields.push(['DPoP', one]);
  return {
    endpoint,
    method: endpoint === 'authorization' || endpoint === 'metadata' ? 'GET' : 'POST',
    fields: [...fields, ...further],
    form: Array.isArray(form) ? form : Object.entries(form),
  };
}

interface AsFields {
  readonly dpop?: readonly string[];
  readonly authorization?: string;
  readonly further?: readonly FieldLine[];
}
