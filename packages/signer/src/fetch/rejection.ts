import { isJsonObject } from '@keybound/core';
import { parseChallenges } from '../challenge/parse-challenges.ts';
import { REFUSAL_LIMIT_MS, readText } from './read-text.ts';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const MAX_ERROR_BYTES = 16_384;

/**
 * The `error` codes in the challenges of a 401 (RFC 6750 §3, RFC 9449 §7.1), of one scheme or of all.
 */
export function challengeErrors(response: Response, scheme?: string): readonly string[] {
  if (response.status !== 401) return [];
  return parseChallenges(response.headers.get('www-authenticate') ?? '')
    .filter((challenge) => !scheme || challenge.scheme.toLowerCase() === scheme.toLowerCase())
    .flatMap((challenge) => challenge.parameters.get('error') ?? []);
}

/**
 * The error codes with which a server refuses a proof: in a DPoP challenge of a 401 at a resource
 * (RFC 9449 §7.1), in the JSON body of a 400 at the token and PAR endpoints (RFC 9449 §5, §8). The
 * response stays readable for the caller.
 */
export async function proofErrors(response: Response): Promise<readonly string[]> {
  if (response.status !== 400) return challengeErrors(response, 'DPoP');
  if (!JSON_TYPE.test(response.headers.get('content-type') ?? '')) return [];
  const error = oauthErrorOf(
    parseJson(await readText(response.clone(), MAX_ERROR_BYTES, REFUSAL_LIMIT_MS)),
  );
  return error === undefined ? [] : [error];
}

/** The `error` member of an OAuth error response (RFC 6749 §5.2). */
export function oauthErrorOf(body: unknown): string | undefined {
  return isJsonObject(body) && typeof body.error === 'string' ? body.error : undefined;
}

/** A JSON value, or `undefined` for a text that is none. */
export function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lets go of a response that nobody will read, so that its connection is free. */
export async function discard(response: Response): Promise<void> {
  // A body that fails while being let go is of no interest.
  await response.body?.cancel().catch(() => undefined);
}
