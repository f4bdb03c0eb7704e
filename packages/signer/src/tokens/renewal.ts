// A token is renewed while a request that carries it can still arrive in time.
const RENEW_EARLY_SECONDS = 30;
const RENEW_EARLY_SHARE = 0.1;

/**
 * From when on a token is renewed: 30 s before its end, at most a tenth of its life; never for a token
 * that does not say how long it lives.
 *
 * @param askedAt - when it was asked for; its life counts from there, since it is made under way
 */
export function renewAt(askedAt: number, expiresInSeconds: number | undefined): number {
  if (expiresInSeconds === undefined) return Number.POSITIVE_INFINITY;
  const early = Math.min(RENEW_EARLY_SECONDS, expiresInSeconds * RENEW_EARLY_SHARE);
  return askedAt + expiresInSeconds - early;
}
