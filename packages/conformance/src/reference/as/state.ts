import { randomUUID } from 'node:crypto';
import type { AsState, CodeState } from '@keybound/dpop-vectors';
import type { JsonObject } from '../json.ts';

/** What a user, or a client for itself, has been granted; all tokens of it end together. */
export interface Grant {
  readonly client: string;
  readonly user: string;
  readonly scope: string;
  readonly resource: string | undefined;
  ended: boolean;
}

export interface Code extends CodeState {
  readonly grant: Grant;
  readonly expiresAt: number;
  used: boolean;
}

export interface RefreshToken {
  readonly grant: Grant;
  readonly jkt: string | null;
  /** Another one has taken its place. */
  superseded: boolean;
}

export interface AccessToken {
  readonly grant: Grant;
  readonly claims: JsonObject & { readonly exp: number };
  revoked: boolean;
}

/** What an authorization server remembers of codes and tokens. */
export interface Memory {
  readonly codes: Map<string, Code>;
  readonly refreshTokens: Map<string, RefreshToken>;
  readonly accessTokens: Map<string, AccessToken>;
}

/** Codes are short-lived (RFC 6749 §4.1.2). */
const CODE_LIFETIME_SECONDS = 60;

/** A memory with what exists at the beginning, and the texts that stand for its names. */
export function memoryOf(
  { codes = {}, refreshTokens = {} }: AsState,
  clock: number,
): {
  readonly memory: Memory;
  readonly values: Readonly<Record<string, string>>;
} {
  const memory: Memory = { codes: new Map(), refreshTokens: new Map(), accessTokens: new Map() };
  const values: Record<string, string> = {};
  for (const [name, state] of Object.entries(codes)) {
    const value = newSecret();
    const expiresAt = clock + CODE_LIFETIME_SECONDS;
    memory.codes.set(value, { ...state, grant: grantOf(state), expiresAt, used: false });
    values[name] = value;
  }
  for (const [name, state] of Object.entries(refreshTokens)) {
    const value = newSecret();
    const token = { grant: grantOf(state), jkt: state.jkt, superseded: false };
    memory.refreshTokens.set(value, token);
    values[name] = value;
  }
  return { memory, values };
}

function grantOf(state: {
  readonly client: string;
  readonly scope: string;
  readonly resource?: string;
}): Grant {
  const { client, scope, resource } = state;
  return { client, user: 'alice', scope, resource, ended: false };
}

export function newSecret(): string {
  return randomUUID();
}
