import type { AuthFacts, AuthReason, Clock, Scheme } from '@keybound/core';
import type { TickedCheck } from './checks.ts';
import type { DecodedJwt } from './decode.ts';

/** An issuer whose keys are at hand, and what its tokens must be meant for. */
export interface IssuerKeys {
  readonly issuer: string;
  readonly audience: string;
  /** Its JWK Set, as it was fetched. */
  readonly jwks: unknown;
}

/** A pasted request and how it is to be judged. */
export interface InspectOptions {
  readonly method: string;
  /** The absolute URL the request was sent to. */
  readonly url: string;
  /** The value of each `Authorization` field. */
  readonly authorization: readonly string[];
  /** The value of each `DPoP` field. */
  readonly dpop: readonly string[];
  /** `'when-made'` takes the `iat` of the proof for the time, where it has one that can be true. */
  readonly at: 'now' | 'when-made';
  readonly issuerKeys?: IssuerKeys | undefined;
  readonly clock: Clock;
}

/** Why a request was refused. */
export interface Fault {
  readonly reason: AuthReason;
  /** What was measured, such as seconds, or what was received and expected. */
  readonly facts: AuthFacts;
}

/** What a verifier says about a pasted request. */
export interface Inspection {
  /** Undefined when the request presents no access token that can be read. */
  readonly scheme: Scheme | undefined;
  /**
   * `'unreadable'` when there is not enough to judge. When {@link Inspection.issuerKnown} is false,
   * `'accepted'` says only that nothing is wrong with the proof, and with what the token says unverified.
   */
  readonly verdict: 'accepted' | 'refused' | 'unreadable';
  /** Whether the keys of the token's issuer were at hand, so that the token could be verified. */
  readonly issuerKnown: boolean;
  /** Why the request was refused. */
  readonly reason?: AuthReason;
  /** The sentence that goes on the wire for it. */
  readonly sentence?: string;
  readonly facts?: AuthFacts;
  /** The access token, when it is a JWT. */
  readonly token?: DecodedJwt;
  /** The first proof, when it can be decoded. */
  readonly proof?: DecodedJwt;
  /** The checks a request of this scheme meets, in their order; none where too little was pasted. */
  readonly checks: readonly TickedCheck[];
  /** Sentences about what could not be judged here. */
  readonly notes: readonly string[];
}
