import { type CacheBounds, createCache } from '../cache.ts';
import { type Clock, systemClock } from '../clock.ts';
import { basicCredentials } from '../encoding/basic-credentials.ts';
import { bytesOfJson, type JsonObject } from '../encoding/json.ts';
import { sha256Base64url } from '../encoding/sha256.ts';
import { AuthError } from '../errors/auth-error.ts';
import { UnavailableError } from '../errors/unavailable-error.ts';
import { type FetchJsonOptions, fetchJson, requireFetchOptions } from '../keys/fetch-json.ts';
import { fetchIssuerMetadata, metadataEndpoint, metadataUrls } from '../keys/issuer-metadata.ts';
import type { Observation } from '../observation.ts';
import { requireCount, requireLeeway, requireSeconds, requireText } from '../options.ts';
import {
  createVerifiedToken,
  freezeToken,
  type TokenVerifier,
  type VerifiedToken,
} from './verified-token.ts';

/** Options of {@link createIntrospectionVerifier}. */
export interface IntrospectionVerifierOptions extends FetchJsonOptions {
  /** The issuer identifier; its metadata names the introspection endpoint. */
  readonly issuer: string;
  /** What `aud` of the answer must contain: the identifier of this resource. */
  readonly audience: string;
  /** The identifier with which this resource server authenticates (RFC 6749 §2.3.1, Basic). */
  readonly clientId: string;
  /** The secret with which this resource server authenticates, sent to the issuer alone. */
  readonly clientSecret: string;
  /**
   * How long an active answer may be used again. A revoked token is honoured no longer than this; 0
   * asks for every request. An answer never outlives its `exp`. @defaultValue 10
   */
  readonly cacheSeconds?: number;
  /**
   * Bounds of the memory of answers, or `'off'`, which is the same as no `cacheSeconds`.
   * @defaultValue at most 10 000 answers and 32 MiB
   */
  readonly tokenCache?: CacheBounds | 'off';
  /** How far clocks may differ when `exp` and `nbf` are compared. @defaultValue 5 */
  readonly leewaySeconds?: number;
  /** The longest token that is asked about, in characters. @defaultValue 8192 */
  readonly maxTokenChars?: number;
  /** What time it is; pass your own in tests. @defaultValue the system clock */
  readonly clock?: Clock;
}

/** A verifier that can be told of what it would otherwise learn late. */
export interface IntrospectionVerifier extends TokenVerifier {
  /**
   * Forgets the answer about a token, and one that is on its way, so that the next request asks anew:
   * for a token that was revoked, as far as you have heard.
   */
  forget(token: string): Promise<void>;
}

interface CachedAnswer {
  readonly claims: JsonObject;
  /** When it was given, by the clock; one that is set back must not make an answer younger. */
  readonly from: number;
  readonly until: number;
}

/** What is remembered of an answer beside its claims. */
const CACHED_ANSWER_BYTES = 200;

/** Guessed tokens must not become a flood at the authorization server. */
const MAX_PARALLEL_QUESTIONS = 256;

/**
 * A verifier for opaque (and any other) access tokens that asks the authorization server
 * (RFC 7662). Acts only on `active: true`, then checks `iss` where given, `aud`, `exp`, `nbf` and `cnf`
 * of the answer. A token with `cnf.jkt` is bound, whatever `token_type` says (RFC 9449 §6.2); a
 * `token_type` of DPoP without a `cnf` is refused, since the key is then not known.
 *
 * Answers are cached under a hash of the token, and only of good tokens, so that guesses fill nothing. At
 * most 256 tokens are asked about at a time; beyond that requests are refused with 503.
 * No proof of the client is sent along: the binding is checked here, not there.
 *
 * @throws TypeError when an option is missing or out of range.
 */
export function createIntrospectionVerifier(
  options: IntrospectionVerifierOptions,
): IntrospectionVerifier {
  const { issuer, audience, clientId, clientSecret, clock = systemClock } = options;
  const { cacheSeconds = 10, tokenCache = {}, leewaySeconds = 5 } = options;
  const { maxTokenChars = 8192 } = options;
  metadataUrls(issuer); // refuses a bad issuer at start-up
  requireText('audience', audience);
  requireLeeway(leewaySeconds);
  requireSeconds('cacheSeconds', cacheSeconds);
  requireCount('maxTokenChars', maxTokenChars);
  requireFetchOptions(options);
  const bounds: FetchJsonOptions = { ...options };

  const authorization = basicCredentials(clientId, clientSecret);
  const cache = createCache<CachedAnswer>({
    option: 'tokenCache',
    bounds: tokenCache,
    defaults: { maxEntries: 10_000, maxBytes: 32 * 2 ** 20 },
    bytesOf: ({ claims }) => CACHED_ANSWER_BYTES + bytesOfJson(claims),
  });
  const pending = new Map<string, Promise<VerifiedToken>>();
  let endpoint: Promise<string> | undefined;

  /** Looks the endpoint up once for all who ask, and again only after a failure. */
  function findEndpoint(): Promise<string> {
    endpoint ??= fetchIssuerMetadata(issuer, bounds)
      .then((metadata) => metadataEndpoint(metadata, 'introspection_endpoint'))
      .catch((error: unknown) => {
        endpoint = undefined;
        throw error;
      });
    return endpoint;
  }

  async function ask(token: string): Promise<JsonObject> {
    const url = await findEndpoint();
    const { status, body } = await fetchJson(
      'introspection',
      url,
      {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
      },
      bounds,
    );
    // Some servers refuse to introspect a token of another kind; that is the fault of the token.
    if (status === 400 && body?.error === 'unsupported_token_type') return { active: false };
    if (status !== 200 || body === undefined) {
      const hint = status === 401 ? '; are clientId and clientSecret right?' : '';
      throw new UnavailableError('introspection', `${url} answered with status ${status}${hint}`);
    }
    return body;
  }

  /** One question for all parallel requests with the same token. */
  function askOnce(key: string, token: string): Promise<VerifiedToken> {
    const asked = pending.get(key);
    if (asked !== undefined) return asked;
    if (pending.size >= MAX_PARALLEL_QUESTIONS) {
      throw new UnavailableError('introspection', 'too many tokens are being asked about', {
        retryAfterSeconds: 1,
      });
    }
    const isPending = (): boolean => pending.get(key) === answer;
    const answer: Promise<VerifiedToken> = ask(token)
      .then((claims) => {
        const verified = check(claims, key);
        // One that is no longer pending was forgotten meanwhile.
        if (isPending()) remember(key, verified);
        return verified;
      })
      .finally(() => {
        if (isPending()) pending.delete(key);
      });
    pending.set(key, answer);
    return answer;
  }

  function check(claims: JsonObject, hash: string): VerifiedToken {
    checkAnswer(claims, issuer);
    const token = createVerifiedToken(claims, () => hash, {
      audience,
      leewaySeconds,
      now: clock(),
    });
    return freezeToken(token);
  }

  function remember(key: string, { claims, expiresAt }: VerifiedToken): void {
    const from = clock();
    const until = Math.min(from + cacheSeconds, expiresAt ?? Number.POSITIVE_INFINITY);
    if (from < until) cache.set(key, { claims, from, until });
  }

  function recall(key: string): JsonObject | undefined {
    const cached = cache.get(key);
    if (cached === undefined) return undefined;
    const now = clock();
    return cached.from <= now && now < cached.until ? cached.claims : undefined;
  }

  return {
    async verify(token: string, observation?: Observation): Promise<VerifiedToken> {
      if (token.length > maxTokenChars) {
        throw new AuthError('token_too_large', { facts: { chars: token.length } });
      }
      const key = await sha256Base64url(token);
      const cached = recall(key);
      if (observation !== undefined) observation.isTokenRemembered = cached !== undefined;
      return cached === undefined ? askOnce(key, token) : check(cached, key);
    },

    async forget(token: string): Promise<void> {
      const key = await sha256Base64url(token);
      pending.delete(key);
      cache.delete(key);
    },
  };
}

function checkAnswer(claims: JsonObject, issuer: string): void {
  if (claims.active !== true) throw new AuthError('token_inactive');
  if (claims.iss !== undefined && claims.iss !== issuer) {
    throw new AuthError('token_issuer_mismatch', { facts: { expected: issuer } });
  }
  const type = claims.token_type;
  if (typeof type === 'string' && type.toLowerCase() === 'dpop' && claims.cnf === undefined) {
    throw new AuthError('confirmation_unsupported');
  }
}
