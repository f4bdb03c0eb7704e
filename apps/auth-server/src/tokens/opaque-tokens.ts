import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@keybound/core';

/** What is known of an opaque token. */
export interface OpaqueTokenRecord {
  readonly claims: Readonly<Record<string, unknown>>;
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly expiresAt: number;
}

/** Issues opaque tokens and remembers what they stand for. */
export interface OpaqueTokens {
  issue(record: OpaqueTokenRecord): string;
  find(token: string): OpaqueTokenRecord | undefined;
}

// RFC 6749 §10.10 asks for a guess probability of 2^-160 at most.
const TOKEN_BYTES = 32;

/**
 * Opaque tokens in the memory of this process, under their hashes: what the memory shows cannot be
 * used as a token.
 */
export function createOpaqueTokens(clock: Clock): OpaqueTokens {
  const records = new Map<string, OpaqueTokenRecord>();

  function forgetExpired(): void {
    for (const [hash, { expiresAt }] of records) {
      // All tokens live equally long, so the first one that is good ends the expired ones.
      if (clock() < expiresAt) return;
      records.delete(hash);
    }
  }

  return {
    issue(record): string {
      forgetExpired();
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      records.set(hashOf(token), record);
      return token;
    },
    find(token): OpaqueTokenRecord | undefined {
      const record = records.get(hashOf(token));
      return record !== undefined && clock() < record.expiresAt ? record : undefined;
    },
  };
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
