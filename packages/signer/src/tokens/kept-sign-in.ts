import { type Clock, isJsonObject } from '@keybound/core';
import type { PendingAuthorization } from '../authorization/authorization-request.ts';
import type { Store } from '../store/store.ts';
import { renewAt } from './renewal.ts';
import type { TokenResponse } from './token-response.ts';

/** The tokens of a person, as a store keeps them. */
export interface KeptTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Undefined for a token that does not say how long it lives: not every store keeps Infinity. */
  readonly renewAt: number | undefined;
}

/** What a store keeps of one sign-in: its tokens, and the attempts that are under way. */
export interface KeptSignIn {
  tokens(): Promise<KeptTokens | undefined>;
  /**
   * Keeps what a token response brought.
   *
   * @param askedAt - when it was asked for
   * @param previous - the refresh token that goes on where no new one comes (RFC 6749 §6)
   */
  keepTokens(askedAt: number, response: TokenResponse, previous?: string): Promise<void>;
  forgetTokens(): Promise<void>;
  addPending(one: PendingAuthorization): Promise<void>;
  /** The attempt that an answer belongs to, taken out: it counts for one answer, also for a bad one. */
  takePending(answer: string | URL): Promise<PendingAuthorization | undefined>;
  forgetPending(): Promise<void>;
}

/** How many attempts may be under way at once; who begins more has given up the older ones. */
const MAX_PENDING = 8;
/** How long somebody may take to sign in. */
const MAX_PENDING_SECONDS = 3600;

/** The sign-in that a store keeps under a name. Whoever changes it has to be alone with it. */
export function openKeptSignIn(store: Store, name: string, clock: Clock): KeptSignIn {
  const tokensName = `${name} tokens`;
  const pendingName = `${name} pending`;

  async function pendingOnes(): Promise<readonly PendingAuthorization[]> {
    const kept = await store.get(pendingName);
    const oldest = clock() - MAX_PENDING_SECONDS;
    return Array.isArray(kept) ? kept.filter(({ begunAt }) => begunAt >= oldest) : [];
  }

  return {
    async tokens(): Promise<KeptTokens | undefined> {
      const kept = await store.get(tokensName);
      return isJsonObject(kept) && typeof kept.accessToken === 'string'
        ? (kept as unknown as KeptTokens)
        : undefined;
    },
    async keepTokens(askedAt, response, previous): Promise<void> {
      const { accessToken, expiresInSeconds, refreshToken = previous } = response;
      const renewal = renewAt(askedAt, expiresInSeconds);
      const kept: KeptTokens = {
        accessToken,
        refreshToken,
        renewAt: Number.isFinite(renewal) ? renewal : undefined,
      };
      await store.set(tokensName, kept);
    },
    forgetTokens: () => store.delete(tokensName),
    async addPending(one): Promise<void> {
      await store.set(pendingName, [...(await pendingOnes()), one].slice(-MAX_PENDING));
    },
    async takePending(answer): Promise<PendingAuthorization | undefined> {
      const state = URL.canParse(answer) ? new URL(answer).searchParams.get('state') : null;
      const all = await pendingOnes();
      await store.set(
        pendingName,
        all.filter((one) => one.state !== state),
      );
      return all.find((one) => one.state === state);
    },
    forgetPending: () => store.delete(pendingName),
  };
}
