/**
 * What is learnt on the way of one request, for the event that tells the decision. The guard makes one where somebody
 * listens and hands it down; verifiers and authenticators write into it what they find, also when they
 * refuse. Nothing in it is a secret: no token, no proof, no nonce.
 */
export interface Observation {
  /** Seconds on a clock that only goes forward; what durations are measured with. */
  readonly stopwatch: () => number;
  /** The `client_id` of the token, once the token was found to be good. */
  clientId?: string | undefined;
  /** Whether the token was remembered from an earlier request, or an introspection answer was. */
  isTokenRemembered?: boolean;
  /** Whether the key of the proof was remembered from an earlier request. */
  isKeyRemembered?: boolean;
  /** How old the proof was by this server's clock when it was checked; negative when its clock is ahead. */
  proofAgeSeconds?: number;
  /** How long the token took: key source or introspection, signature, claims. */
  tokenSeconds?: number;
  /** How long the replay store took. */
  replaySeconds?: number;
}
