import { AUTH_REASONS, type AuthReason, isJsonObject, type JsonObject } from '@keybound/core';

/** The error codes of a token endpoint (RFC 6749 §5.2, RFC 8707 §2). */
const OAUTH_ERRORS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
] as const;

/**
 * Why a request was refused: the name of the check where the sentence on the wire gives it away, the
 * OAuth error code where there is nothing finer.
 */
export type RefusalReason = AuthReason | (typeof OAUTH_ERRORS)[number];

/** What a refusal says; members are undefined where the server did not say it. */
export interface Refusal {
  readonly reason: RefusalReason | undefined;
  /** The sentence of the server, for people. */
  readonly sentence: string | undefined;
}

// The wire carries the sentence of a check, not its name; each sentence belongs to one check.
const REASON_OF_SENTENCE: ReadonlyMap<unknown, AuthReason> = new Map(
  Object.entries(AUTH_REASONS).map(([reason, row]) => [row.description, reason as AuthReason]),
);

/** Reads the body of a refusal; anything may stand there. */
export function readRefusal(body: string): Refusal {
  const { error, error_description: sentence } = parseObject(body);
  return {
    reason: REASON_OF_SENTENCE.get(sentence) ?? OAUTH_ERRORS.find((code) => code === error),
    sentence: typeof sentence === 'string' ? sentence : undefined,
  };
}

function parseObject(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
