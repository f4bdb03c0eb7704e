import { type Clock, systemClock } from '../clock.ts';
import type { VerifyKey } from '../crypto/runtime-crypto.ts';
import { UnavailableError } from '../errors/unavailable-error.ts';
import { requireSeconds } from '../options.ts';
import { type FetchJsonOptions, fetchJson, requireFetchOptions } from './fetch-json.ts';
import { fetchIssuerMetadata, metadataEndpoint, metadataUrls } from './issuer-metadata.ts';
import { createKeySet, type KeySelector, type KeySource } from './key-source.ts';

/** Options of {@link createIssuerKeys}. */
export interface IssuerKeysOptions extends FetchJsonOptions {
  /** The issuer identifier, exactly as in its metadata and in the `iss` claim. */
  readonly issuer: string;
  /** How long a fetched key set is used before it is fetched again. @defaultValue 600 */
  readonly cacheSeconds?: number;
  /**
   * How long after a fetch, successful or not, an unknown `kid` does not cause another one.
   * @defaultValue 30
   */
  readonly cooldownSeconds?: number;
  /**
   * How long beyond `cacheSeconds` the old key set stays in use while the issuer cannot be reached.
   * A key the issuer withdraws is honoured no longer than both together. @defaultValue 3600
   */
  readonly staleIfErrorSeconds?: number;
  /** What time it is; pass your own in tests. @defaultValue the system clock */
  readonly clock?: Clock;
}

interface Fetched {
  readonly keys: KeySource;
  /** The set as JSON: one that has not changed keeps its keys, and what they verified stays known. */
  readonly json: string;
  readonly at: number;
}

/**
 * The published keys of an issuer: its metadata names the key set, which is fetched on first use,
 * cached, and fetched again when it is old or a token names a `kid` it does not have. Parallel
 * requests share one fetch; nobody can cause more than one fetch a cooldown.
 *
 * Not followed: redirects, and `jku`, `x5u`, `jwk` or `x5c` of any token (RFC 8725 §3.10).
 *
 * @throws TypeError at once, when the issuer is not an https URL (http is for loopback only) or a
 * duration or another bound is out of range.
 */
export function createIssuerKeys(options: IssuerKeysOptions): KeySource {
  const { issuer, clock = systemClock } = options;
  const { cacheSeconds = 600, cooldownSeconds = 30, staleIfErrorSeconds = 3600 } = options;
  metadataUrls(issuer); // refuses a bad issuer at start-up
  requireSeconds('cacheSeconds', cacheSeconds);
  requireSeconds('cooldownSeconds', cooldownSeconds);
  requireSeconds('staleIfErrorSeconds', staleIfErrorSeconds);
  requireFetchOptions(options);
  const bounds: FetchJsonOptions = { ...options };
  if (cacheSeconds < cooldownSeconds) {
    throw new TypeError('cacheSeconds: must not be shorter than cooldownSeconds');
  }

  let current: Fetched | undefined;
  let failure: unknown;
  let lastAttemptAt = Number.NEGATIVE_INFINITY;
  let pending: Promise<Fetched> | undefined;

  /** Fetches once for all who ask meanwhile. */
  function refresh(): Promise<Fetched> {
    pending ??= fetchKeySet()
      .then((fetched) => {
        current = { ...fetched, at: clock() };
        failure = undefined;
        return current;
      })
      .catch((error: unknown) => {
        failure = error;
        throw error;
      })
      .finally(() => {
        lastAttemptAt = clock();
        pending = undefined;
      });
    return pending;
  }

  async function fetchKeySet(): Promise<Omit<Fetched, 'at'>> {
    const metadata = await fetchIssuerMetadata(issuer, bounds);
    const url = metadataEndpoint(metadata, 'jwks_uri');
    const { status, body } = await fetchJson('issuer_keys', url, {}, bounds);
    if (status !== 200 || body === undefined) {
      throw new UnavailableError('issuer_keys', `${url} answered with status ${status}`);
    }
    const json = JSON.stringify(body);
    try {
      return { json, keys: current?.json === json ? current.keys : createKeySet(body) };
    } catch (cause) {
      throw new UnavailableError('issuer_keys', `${url} is not a JWK Set`, { cause });
    }
  }

  function mayFetch(): boolean {
    return hasPassed(cooldownSeconds, clock() - lastAttemptAt);
  }

  function unreachable(): UnavailableError {
    return new UnavailableError('issuer_keys', `the keys of ${issuer} could not be fetched`, {
      cause: failure,
      retryAfterSeconds: cooldownSeconds,
    });
  }

  function ageOfCurrent(): number {
    return current ? clock() - current.at : Number.POSITIVE_INFINITY;
  }

  function fresh(): Fetched | undefined {
    return hasPassed(cacheSeconds, ageOfCurrent()) ? undefined : current;
  }

  /** What to use when there is no fresh set: a new one, or the old one while the issuer cannot be reached. */
  async function refreshed(): Promise<Fetched> {
    const age = ageOfCurrent();
    const stale = current && age < cacheSeconds + staleIfErrorSeconds ? current : undefined;
    if (!mayFetch()) {
      if (stale) return stale;
      throw unreachable();
    }
    try {
      return await refresh();
    } catch (error) {
      if (stale) return stale;
      throw error;
    }
  }

  return {
    async find(selector: KeySelector): Promise<VerifyKey | undefined> {
      const fetched = fresh() ?? (await refreshed());
      const key = await fetched.keys.find(selector);
      if (key !== undefined) return key;
      if (mayFetch()) return (await refresh()).keys.find(selector);
      // After a failed fetch nobody knows whether the key exists; that is not the client's fault.
      if (failure !== undefined) throw unreachable();
      return undefined;
    },
  };
}

/** Whether a time is over. After the clock has gone back nobody knows, and it counts as over. */
function hasPassed(seconds: number, elapsed: number): boolean {
  return elapsed < 0 || elapsed >= seconds;
}
