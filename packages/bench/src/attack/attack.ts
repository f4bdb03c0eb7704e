import type { AuthReason } from '@keybound/core';

/** A request as Node hands it over: what the attacker writes, before anything looks at it. */
export interface WrittenRequest {
  readonly target: string;
  /** Names and values in turn, like `rawHeaders` of Node. */
  readonly rawHeaders: readonly string[];
}

/**
 * What the sender must have: nothing, a request of somebody else's, which has a token and the public key it is
 * bound to, or a good token bound to a key of his own, which every client of the authorization server gets.
 */
export type Needs = 'nothing' | 'seen request' | 'own token';

/**
 * A server as it is without options, one that demands nonces, one whose issuer publishes many keys, and one
 * with two origins behind proxies that write `Forwarded`.
 */
export type PlaceName = 'plain' | 'nonces' | 'many keys' | 'proxies';

/** One kind of request that somebody could send again and again. */
export interface Attack {
  readonly name: string;
  readonly needs: Needs;
  /** How it ends: the check that stops it. */
  readonly outcome: AuthReason | 'granted';
  /** The named limit, or the mechanism, because of which it costs no more. */
  readonly boundBy: string;
  /** Where it is sent. @defaultValue 'plain' */
  readonly place?: PlaceName;
  /** Whether the request is always the same one, which was sent before. @defaultValue it is a new one */
  readonly isRepeated?: true;
  /** Another one with every call, unless it is repeated: nothing in it but key and token was seen before. */
  write(): WrittenRequest;
}
