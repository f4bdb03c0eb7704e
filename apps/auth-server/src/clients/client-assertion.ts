import {
  addReplayRecord,
  type Clock,
  type CompactJws,
  createKeySet,
  hasUnsupportedHeader,
  isMediaType,
  type JsonObject,
  type JwsLimits,
  parseCompactJws,
  type ReplayStore,
  sha256Base64url,
  UnavailableError,
  verifySignature,
} from '@keybound/core';
import { OauthError } from '../oauth-error.ts';
import type { Policy } from '../policy.ts';
import type { Client } from './client.ts';
import type { ClientRegistry } from './client-registry.ts';

/** What client assertions are checked with. */
export interface ClientAssertionOptions {
  readonly clients: Pick<ClientRegistry, 'find'>;
  readonly policy: Pick<Policy, 'assertionAlgorithms' | 'acceptsEndpointAudience'>;
  readonly issuer: string;
  /** Whole URLs of endpoints that an assertion may name instead of the issuer, where policy allows. */
  readonly endpointUrls: readonly string[];
  readonly replay: ReplayStore;
  readonly clock: Clock;
}

/** The form parameters of RFC 7521 §4.2, and the `client_id` beside them. */
export interface PresentedAssertion {
  readonly assertion: string | undefined;
  readonly type: string | undefined;
  readonly clientId: string | undefined;
}

/** The one kind of assertion (RFC 7523 §2.2). */
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** What `typ` may be: left out, or one of these. Tokens and proofs have types of their own. */
const TYPES = ['jwt', 'client-authentication+jwt'];
const LIMITS: JwsLimits = { chars: 8192, headerChars: 4096, depth: 8, members: 64, values: 256 };

/** FAPI 2.0 §5.3.2.1: 10 seconds must be accepted for clients with a fast clock, more than 60 not. */
const MAX_FUTURE_SECONDS = 60;
const MAX_LIFE_SECONDS = 600;
const MAX_JTI_CHARS = 256;
/** Covers a store that counts in whole seconds. */
const SAFETY_SECONDS = 1;

/**
 * Finds the client that made an assertion (RFC 7521 §4.2, RFC 7523 §3). In order: type · form and
 * header · `iss` and `sub` · the client and its key · signature · `aud` · times · `jti`, spent last.
 * Sentences that say more than the usual one are for whoever holds the client's key.
 *
 * @throws OauthError `invalid_client`; UnavailableError when the replay store fails.
 */
export function createAssertionCheck(
  options: ClientAssertionOptions,
): (presented: PresentedAssertion) => Promise<Client> {
  const { clients, policy, issuer, endpointUrls, replay, clock } = options;
  const audiences = policy.acceptsEndpointAudience ? [issuer, ...endpointUrls] : [issuer];

  return async ({ assertion, type, clientId }) => {
    if (type !== JWT_BEARER || assertion === undefined) throw new OauthError('invalid_client');
    const jws = parseAssertion(assertion);
    const id = clientIdOf(jws.payload);
    if (clientId !== undefined && clientId !== id) throw new OauthError('invalid_client');
    const client = await clients.find(id);
    if (client === undefined) throw new OauthError('invalid_client');
    await checkSignature(jws, client, policy);
    checkAudience(jws.payload.aud, audiences, policy);
    const expiresAt = checkTimes(jws.payload, clock());
    await spend(replay, id, jws.payload.jti, expiresAt);
    // Once more: a store that answered late may have forgotten an earlier copy by then.
    checkTimes(jws.payload, clock());
    return client;
  };
}

function parseAssertion(assertion: string): CompactJws {
  const jws = parseCompactJws(assertion, LIMITS);
  if (typeof jws === 'string' || hasUnsupportedHeader(jws.header)) {
    throw new OauthError('invalid_client');
  }
  const { typ } = jws.header;
  // RFC 8725 §3.12: a proof or a token that the same key signed is no assertion.
  if (typ !== undefined && !TYPES.some((type) => isMediaType(typ, type))) {
    throw new OauthError('invalid_client');
  }
  return jws;
}

/** RFC 7523 §3: the client is issuer and subject. */
function clientIdOf({ iss, sub }: JsonObject): string {
  if (typeof iss !== 'string' || iss !== sub) throw new OauthError('invalid_client');
  return iss;
}

async function checkSignature(
  { header, signature, signingInput }: CompactJws,
  { token_endpoint_auth_method: method, jwks }: Client,
  policy: Pick<Policy, 'assertionAlgorithms'>,
): Promise<void> {
  // The server decides which algorithms there are (RFC 8725 §3.1).
  const algorithm = policy.assertionAlgorithms.find((one) => one === header.alg);
  if (method !== 'private_key_jwt' || jwks === undefined || algorithm === undefined) {
    throw new OauthError('invalid_client');
  }
  const kid = typeof header.kid === 'string' ? header.kid : undefined;
  const key = await createKeySet(jwks).find({ kid, algorithm });
  if (key === undefined || !(await verifySignature(key, signature, signingInput))) {
    throw new OauthError('invalid_client');
  }
}

/**
 * RFC 7523 §3 (3). One audience alone: a hostile server that a client also uses could name this one
 * beside itself and pass the assertion on (audience injection, draft-ietf-oauth-rfc7523bis). Where
 * only the issuer may be named, it is a text and no list, as that draft and FAPI 2.0 demand.
 */
function checkAudience(
  aud: unknown,
  audiences: readonly string[],
  { acceptsEndpointAudience }: Pick<Policy, 'acceptsEndpointAudience'>,
): void {
  const only = acceptsEndpointAudience && Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  if (!audiences.some((audience) => audience === only)) {
    throw new OauthError('invalid_client', 'The client assertion is not for this server alone');
  }
}

/** @returns when the assertion expires */
function checkTimes({ exp, iat, nbf }: JsonObject, now: number): number {
  if (typeof exp !== 'number') {
    throw new OauthError('invalid_client', 'The client assertion has no usable exp');
  }
  if (!(now < exp)) throw new OauthError('invalid_client', 'The client assertion has expired');
  // Bounds how long its jti must be remembered. Seen from a slow clock, ten minutes end later.
  if (exp - now > MAX_LIFE_SECONDS + MAX_FUTURE_SECONDS) {
    throw new OauthError('invalid_client', 'The client assertion lives too long');
  }
  for (const instant of [iat, nbf]) {
    if (instant === undefined) continue;
    if (typeof instant !== 'number' || instant - now > MAX_FUTURE_SECONDS) {
      throw new OauthError('invalid_client', 'The client assertion is from the future');
    }
  }
  return exp;
}

/**
 * Spends the assertion (RFC 7523 §3 (7)). The name of the record begins with a bracket, which no
 * thumbprint has: it is never that of a proof, and client and `jti` cannot run into each other.
 */
async function spend(
  replay: ReplayStore,
  clientId: string,
  jti: unknown,
  expiresAt: number,
): Promise<void> {
  if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_CHARS) {
    throw new OauthError('invalid_client', 'The client assertion has no usable jti');
  }
  const id = await sha256Base64url(JSON.stringify(['client_assertion', clientId, jti]));
  const usableFrom = expiresAt - MAX_LIFE_SECONDS - MAX_FUTURE_SECONDS;
  const { isNew, completeSince } = await addReplayRecord(replay, {
    id,
    owner: await sha256Base64url(JSON.stringify(['client', clientId])),
    usableFrom,
    rememberUntil: Math.ceil(expiresAt) + SAFETY_SECONDS,
  });
  if (!isNew) throw new OauthError('invalid_client', 'The client assertion was used before');
  if (usableFrom < completeSince) {
    throw new UnavailableError('replay_store', 'the store of used assertions has lost its records');
  }
}
