/** One used proof. */
export interface ReplayRecord {
  /**
   * The SHA-256 hash of the proof's key thumbprint and `jti` as 43 base64url characters. Never made
   * from the proof's text, which a third party can respell without the key.
   */
  readonly id: string;
  /** Seconds since 1970-01-01T00:00:00Z until which the record must not be forgotten. */
  readonly rememberUntil: number;
}

/**
 * The memory of used proofs. Implementations keep every record until its `rememberUntil` at least;
 * one that cannot (full, out of reach) throws instead of forgetting.
 */
export interface ReplayStore {
  /**
   * Adds a record unless it is there already, in one atomic step: of any number of parallel calls
   * with one `id`, in any number of processes that share the store, exactly one resolves to `true`.
   *
   * @returns whether the record is new
   * @throws UnavailableError `replay_store` when the record can be neither found nor added.
   */
  add(record: ReplayRecord): Promise<boolean>;
}
